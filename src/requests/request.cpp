#include "requests/request.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "requests/request_events.hpp"

namespace tongdian::requests {
namespace {

constexpr std::size_t longest_words = 600;

using Events = std::vector<engine::NewEvent>;

Problem answered() {
  return refusal("requests.answered", {"这项申请已经答复或撤回", "this request is answered or withdrawn already"},
                 {"请刷新页面", "reload the page"});
}

struct Decide {
  const Request& state;
  const engine::Command& command;
  const Clocks& clocks;
  Instant now;

  Result<Events> operator()(const Make& m) const {
    Events out{{std::string(events::made), json::Object{{"kind", name_of(m.kind)},
                                                        {"subject", m.subject},
                                                        {"area", m.area},
                                                        {"enterprise", m.enterprise},
                                                        {"content", m.content}}}};
    if (!m.digest.empty()) out.front().payload.as_object()["digest"] = m.digest;
    if (at_once(m.kind)) out.push_back({std::string(events::granted), json::Object{{"words", ""}}});
    return out;
  }
  Result<Events> operator()(const Answer& a) const {
    if (state.state != Status::open) return answered();
    // Neither what one asked, nor what is about oneself.
    if (command.actor == state.asked_by || (command.actor.kind == "staff" && command.actor.id == state.subject))
      return refusal("requests.own", {"自己提出的申请须由另一个人答复", "one's own request is another's to answer"},
                     {"请由另一位有权限的人员处理", "let somebody else who may do it answer"});
    if (a.involved && state.kind == Kind::complaint)
      return refusal(
          "requests.involved",
          {"您办理过这件，投诉须由别人答复", "you had a hand in this case; the complaint is another's to answer"},
          {"请由没有办理过本件的人员答复", "let somebody answer who had none"});
    if (state.earlier && command.actor == state.earlier->by)
      return refusal("requests.involved",
                     {"投诉人对您的答复不满意，须由别人再次答复",
                      "your answer did not settle it; the second one is another's to give"},
                     {"请由另一位人员答复", "let somebody else answer"});
    if (a.words.empty() && (from_customers(state.kind) || a.outcome == Outcome::declined))
      return bad_input("requests.words", "/words", {"请写明理由", "say why"},
                       {"申请人会看到这些话", "whoever asked reads these words"});
    if (a.words.size() > longest_words)
      return bad_input("requests.words", "/words", {"理由过长", "the reason is too long"},
                       {"请写短一些", "make it shorter"});
    const auto type = a.outcome == Outcome::granted ? events::granted : events::declined;
    return Events{{std::string(type), json::Object{{"words", a.words}}}};
  }
  Result<Events> operator()(const Withdraw&) const {
    if (state.state != Status::open) return answered();
    if (command.actor != state.asked_by)
      return refusal("requests.not_yours", {"只有提出的人可以撤回", "only whoever asked takes it back"},
                     {"不同意请答复“不予办理”", "to say no, decline it"});
    return Events{{std::string(events::withdrawn), json::Object{}}};
  }
  Result<Events> operator()(const Settle& s) const {
    const bool has_answer = state.state == Status::granted || state.state == Status::declined;
    if (state.kind != Kind::complaint || !has_answer || state.settled)
      return refusal("requests.not_answered",
                     {"还没有答复，或已经评价过", "it is not answered yet, or you have said so already"},
                     {"请刷新页面", "reload the page"});
    Events out{{std::string(events::settled), json::Object{{"satisfied", s.satisfied}}}};
    // Once more; who is not content with the second answer either is told of 12398.
    if (!s.satisfied && !state.earlier && clocks.calendar)
      out.push_back({std::string(events::reopened), json::Object{{"due_on", answer_due(clocks, state.area, now)}}});
    return out;
  }
  Result<Events> operator()(const Tick&) const {
    auto ahead = alarms_ahead(state, clocks);
    std::erase_if(ahead, [&](const auto& alarm) { return alarm.at > now; });
    std::ranges::stable_sort(ahead, {}, &Alarm::at);
    // One at a time, as the state it is told of is folded: the next is due at once.
    if (ahead.empty()) return Events{};
    return Events{std::move(ahead.front().event)};
  }
};

std::string text_in(const json::Value& payload, std::string_view key) {
  return std::string(payload.at(key).as_string());
}

void take_alarm(Request& r, const engine::Event& event) {
  if (event.type == events::warned || event.type == events::overdue) {
    r.alarm = event.type == events::warned ? "warned" : "overdue";
    r.alarms.push_back(r.alarm);
  } else if (event.type == events::escalated) {
    r.alarm = text_in(event.payload, "step");
    r.alarms.push_back("escalated:" + std::to_string(event.payload.at("level").to_number<int>()));
    if (const auto* by = event.payload.as_object().if_contains("answer_by")) r.answer_by = parse_date(by->as_string());
  } else if (event.type == events::order_unanswered) {
    r.alarms.emplace_back("unanswered");
  }
}

}  // namespace

Result<std::vector<engine::NewEvent>> Requests::decide(const engine::State& state, const engine::Command& command,
                                                       Instant now) const {
  const auto& body = static_cast<const Command&>(*command.body);
  return std::visit(Decide{static_cast<const Request&>(state), command, clocks_, now}, body.any);
}

void Requests::evolve(engine::State& into, const engine::Event& event) const {
  auto& r = static_cast<Request&>(into);
  const auto close = [&](Status state) {
    r.state = state;
    r.answered_by = event.actor;
    r.answered_at = event.recorded_at;
    r.answer_by.reset();
  };
  if (event.type == events::made) {
    r.id = event.stream.substr(event.stream.find('/') + 1);
    r.kind = enum_of<Kind>(text_in(event.payload, "kind")).value_or(Kind::review);
    r.subject = text_in(event.payload, "subject");
    r.area = text_in(event.payload, "area");
    r.enterprise = text_in(event.payload, "enterprise");
    r.content = event.payload.at("content");
    r.asked_by = event.actor;
    r.asked_at = r.waits_since = event.recorded_at;
    if (const auto* due = r.content.is_object() ? r.content.as_object().if_contains("due_on") : nullptr)
      r.due_on = due->as_string();
  } else if (event.type == events::granted || event.type == events::declined) {
    close(event.type == events::granted ? Status::granted : Status::declined);
    r.words = text_in(event.payload, "words");
  } else if (event.type == events::withdrawn) {
    close(Status::withdrawn);
  } else if (event.type == events::settled) {
    r.settled = event.payload.at("satisfied").as_bool();
  } else if (event.type == events::reopened) {
    r.earlier = Earlier{r.state, std::move(r.words), r.answered_by, r.answered_at.value_or(event.recorded_at)};
    r.state = Status::open;
    r.words.clear();
    r.answered_by = {};
    r.answered_at.reset();
    r.settled.reset();
    r.alarms.clear();
    r.alarm.clear();
    r.waits_since = event.recorded_at;
    r.due_on = text_in(event.payload, "due_on");
  } else {
    take_alarm(r, event);
  }
}

std::vector<engine::Message> Requests::messages(const engine::Event& event, const engine::State& after) const {
  if (event.type != events::granted) return {};
  const auto& r = static_cast<const Request&>(after);
  return {{std::string(granted_topic),
           json::Object{{"id", r.id}, {"kind", name_of(r.kind)}, {"subject", r.subject}, {"content", r.content}}}};
}

}  // namespace tongdian::requests
