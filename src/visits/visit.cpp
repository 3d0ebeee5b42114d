#include "visits/visit.hpp"

#include "base/time_text.hpp"
#include "visits/visit_events.hpp"

namespace tongdian::visits {
namespace {

using Events = std::vector<engine::NewEvent>;

Events one(std::string_view type, json::Object payload) {
  Events out;
  out.push_back({std::string(type), std::move(payload)});
  return out;
}

Problem taken() {
  return refusal("visits.taken", {"这个时间已被预约或不再开放", "this time is taken, or no longer offered"},
                 {"请另选时间", "choose another time"});
}

Problem too_late() {
  return refusal("visits.too_late", {"时间已过或太近，不能再改", "the time has passed, or is too near to be changed"},
                 {"请拨打 95598", "call 95598"});
}

struct Decide {
  const Visit& visit;
  Instant now;
  const policy::Visits& settings;

  Result<Events> operator()(const Offer& o) const {
    if (o.starts_at <= now) return too_late();
    if (visit.state == Status::offered) return Events{};
    if (visit.state == Status::booked) return taken();
    return one(events::offered,
               {{"account", o.account}, {"starts_at", format_utc(o.starts_at)}, {"minutes", o.minutes}});
  }
  Result<Events> operator()(const Book& b) const {
    if (visit.state == Status::booked && visit.number == b.number) return Events{};
    if (visit.state != Status::offered) return taken();
    if (visit.starts_at <= now) return too_late();
    return one(events::booked, {{"number", b.number}, {"area", b.area}, {"enterprise", b.enterprise}});
  }
  Result<Events> operator()(const Cancel& c) const {
    if (visit.state != Status::booked || visit.number != c.number) return Events{};
    if (visit.starts_at <= now || (c.by_customer && visit.starts_at - now < std::chrono::hours(settings.cancel_hours)))
      return too_late();
    auto out = one(events::cancelled, {{"number", c.number}, {"by", c.by_customer ? "customer" : "staff"}});
    // Who cannot come at that time is not to be booked for it again.
    if (!c.by_customer) out.push_back({std::string(events::withdrawn), json::Object{}});
    return out;
  }
  Result<Events> operator()(const Withdraw&) const {
    if (visit.state == Status::booked)
      return refusal("visits.not_open", {"这个时间已有客户预约", "a customer has booked this time"},
                     {"请先取消预约并通知客户", "cancel the visit first, and tell the customer"});
    if (visit.state != Status::offered) return Events{};
    return one(events::withdrawn, {});
  }
};

std::string text_in(const json::Value& payload, std::string_view key) {
  return std::string(payload.at(key).as_string());
}

}  // namespace

std::string id_of(std::string_view account, Instant starts_at) {
  return std::string(account) + "-" + std::to_string(to_ms(starts_at) / 60'000);
}

Result<std::vector<engine::NewEvent>> Visits::decide(const engine::State& state, const engine::Command& command,
                                                     Instant now) const {
  const auto& body = static_cast<const Command&>(*command.body);
  return std::visit(Decide{static_cast<const Visit&>(state), now, settings_}, body.any);
}

void Visits::evolve(engine::State& into, const engine::Event& event) const {
  auto& v = static_cast<Visit&>(into);
  if (event.type == events::offered) {
    v.id = event.stream.substr(event.stream.find('/') + 1);
    v.account = text_in(event.payload, "account");
    v.starts_at = parse_instant(text_in(event.payload, "starts_at")).value_or(Instant{});
    v.minutes = event.payload.at("minutes").to_number<int>();
    v.state = Status::offered;
  } else if (event.type == events::booked) {
    v.state = Status::booked;
    v.number = text_in(event.payload, "number");
    v.area = text_in(event.payload, "area");
    v.enterprise = text_in(event.payload, "enterprise");
  } else if (event.type == events::cancelled || event.type == events::withdrawn) {
    v.state = event.type == events::cancelled ? Status::offered : Status::withdrawn;
    v.number.clear();
    v.area.clear();
    v.enterprise.clear();
  }
}

}  // namespace tongdian::visits
