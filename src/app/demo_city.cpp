#include "app/demo_city.hpp"

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"

namespace tongdian::app {
namespace {

/// Commands of one half hour go into one batch.
constexpr auto slot = std::chrono::minutes(30);
constexpr int days_back = 150;

}  // namespace

Instant DemoCity::first_day() { return demo_start() - std::chrono::days(days_back + 1); }

DemoCity::DemoCity(Foundation& foundation, const DemoOptions& options, const Clock& clock, DemoNetwork* network)
    : f_(foundation),
      options_(options),
      clock_(clock),
      network_(network),
      random_(options.seed),
      extra_(options.seed + 1),
      people_(*foundation.pack, random_),
      calendar_(foundation.connection->calendar()) {
  for (const auto& area : foundation.pack->areas())
    for (int k = 1; k <= options.managers && options.managers > 1; ++k)
      managers_.push_back("manager-" + area.code + "-" + std::to_string(k));
  // Planning one may add another, which counts as one of them.
  while (static_cast<int>(lives_.size()) < options.cases) {
    lives_.emplace_back();
    plan(lives_.size() - 1);
  }
}

/// More of the applications are recent, so that every stage is full on the demo's day.
Instant DemoCity::opening_time(bool counter) {
  const Zone zone = f_.pack->zone();
  for (;;) {
    const double back = -28.0 * std::log(1.0 - std::uniform_real_distribution<double>(0, 0.99)(random_.engine()));
    if (back > days_back) continue;
    const LocalDate day = zone.date_of(demo_start()) - std::chrono::days(static_cast<int>(back));
    if (counter && !calendar_->is_working_day(day)) continue;
    const int minutes = counter ? 9 * 60 + below(8 * 60) : 7 * 60 + below(15 * 60);
    const Instant at = zone.start_of(day) + std::chrono::minutes(minutes);
    if (at < demo_start() - std::chrono::hours(1)) return at;
  }
}

Instant DemoCity::later(Instant from, int working_days) {
  const Zone zone = f_.pack->zone();
  if (working_days == 0) {
    const Instant soon = from + std::chrono::minutes(30 + below(150));
    // The office closes: what came in the evening is done the next morning.
    const auto of_day = soon - zone.start_of(zone.date_of(soon));
    if (of_day >= std::chrono::hours(7) && of_day < std::chrono::hours(20) &&
        calendar_->is_working_day(zone.date_of(soon)))
      return soon;
    working_days = 1;
  }
  const auto day = calendar_->add(zone.date_of(from), working_days);
  return zone.start_of(day.value()) + std::chrono::minutes(9 * 60 + below(8 * 60));
}

void DemoCity::schedule(std::size_t life, Instant at) {
  const Instant rounded = std::chrono::ceil<std::chrono::minutes>(at) -
                          std::chrono::ceil<std::chrono::minutes>(at).time_since_epoch() % slot + slot;
  // What would come after the demo's day is still to be done on it.
  if (rounded < demo_start()) agenda_[rounded].push_back(life);
}

int DemoCity::days_within(int limit) {
  if (chance(0.05)) return limit + 1 + below(4);
  return limit == 0 ? 0
                    : static_cast<int>(std::lround(
                          limit * std::sqrt(std::uniform_real_distribution<double>(0, 1)(random_.engine()))));
}

std::string DemoCity::hand_over_after(const std::string& stage, const std::string& next, bool self_built) {
  for (const auto& h : f_.pack->hand_overs())
    if (h.after == stage && std::ranges::find(h.before, next) != h.before.end() && (self_built || chance(0.3)))
      return h.reason;
  return "";
}

void DemoCity::plan_acceptance(Life& life, const policy::Decision& decision, int days) {
  if (decision.documents.empty() || !chance(0.08)) return;
  std::vector<std::string> documents;
  for (const auto& d : decision.documents.front().documents) documents.emplace_back(d);
  if (documents.empty()) return;
  life.steps.push_back({connection::AskDocuments{documents}, "staff", "clerk", "desk", days});
  life.steps.push_back({connection::Supplement{documents}, "customer", "applicant", "online", 1 + below(6)});
}

void DemoCity::plan_stages(Life& life, const policy::Decision& decision) {
  const auto& stages = decision.stages;
  int meter = below(1'000'000);
  const auto manager = manager_of(life);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::string id(stages[i].id);
    const std::string next = i + 1 < stages.size() ? std::string(stages[i + 1].id) : std::string();
    const std::string hand_over =
        hand_over_after(id, next, life.submission.facts.self_built && life.submission.facts.works_needed);
    if (id == "acceptance") plan_acceptance(life, decision, 0);
    Step step{connection::Tick{}, "staff", id == "acceptance" ? "clerk" : manager, "desk",
              days_within(stages[i].limit_wd)};
    if (id == "acceptance") step.command = connection::Accept{hand_over};
    if (id == "plan_reply")
      step.command = connection::ReplyPlan{"10kV 示例线 " + std::to_string(1 + below(80)) + " 号杆", hand_over};
    if (id == "design_review") step.command = connection::ReviewDesign{hand_over};
    if (id == "mid_inspection") step.command = connection::InspectMidway{hand_over};
    if (id == "energisation") step.command = connection::Energise{"DEMO-" + std::to_string(++meter)};
    life.steps.push_back(std::move(step));
    if (!hand_over.empty())
      life.steps.push_back({connection::TakeBack{}, "customer", "applicant", "online", 4 + below(18)});
  }
  if (chance(0.03)) {
    // Some change their minds before the light; a lead must have been opened first.
    const int first = life.lead ? 1 : 0;
    const int energise = static_cast<int>(life.steps.size()) - 1;
    life.steps.resize(static_cast<std::size_t>(first + below(std::max(1, energise - first + 1))));
    life.steps.push_back(
        {connection::Withdraw{f_.pack->withdrawals().front().id}, "customer", "applicant", "online", below(3)});
  } else if (chance(0.6)) {
    life.steps.push_back(
        {connection::Rate{chance(0.8) ? 5 : 1 + below(4)}, "customer", "applicant", "online", below(3)});
  }
}

policy::Decision DemoCity::decision_of(const Life& life) const {
  policy::Facts facts = life.submission.facts;
  facts.applied_at = format_instant(life.opens, f_.pack->zone());
  policy::Decision decision;
  if (auto problem = f_.pack->decide(facts, *calendar_, decision)) throw ProblemError(*std::move(problem));
  return decision;
}

void DemoCity::plan(std::size_t index) {
  Life& life = lives_[index];
  life.lead = chance(0.02);
  life.submission = life.lead ? people_.low_risk_project() : people_.application();
  life.phone = life.submission.applicant.phone;
  life.opens = opening_time(life.submission.channel != "online");
  const auto decision = decision_of(life);
  life.klass = decision.klass;
  if (life.lead) {
    life.lead_arrived = format_instant(life.opens - std::chrono::minutes(5), f_.pack->zone());
    // Where nobody opens it, the clock does (A43).
    if (chance(0.7)) life.steps.push_back({connection::Open{}, "staff", "manager", "desk", 0});
  }
  const bool by_the_clock = life.lead && life.steps.empty();
  plan_stages(life, decision);
  // The clock opens it on the next working day; work on it begins the day after.
  if (by_the_clock && !life.steps.empty()) life.steps.front().working_days += 2;
  add_records(life);
  plant(index);
  schedule(index, life.opens);
}

engine::Command DemoCity::opening_command(Life& life) {
  const LocalDate today = f_.pack->zone().date_of(clock_.now());
  const std::string key = "demo-" + std::to_string(++opened_);
  if (life.lead) {
    journeys::Lead lead;
    lead.project_code = "DEMO-" + std::to_string(opened_);
    lead.area = life.submission.site.area;
    lead.township = life.submission.site.township;
    lead.enterprise = life.submission.enterprise;
    lead.requested_kw = life.submission.facts.requested_kw;
    lead.arrived_at = life.lead_arrived;
    lead.facts = life.submission.facts;
    lead.applicant = life.submission.applicant;
    lead.address = life.submission.site.address;
    return journeys::to_command(lead, key, {"staff", "manager"}, *f_.vault, f_.database->writer(), random_, today);
  }
  const engine::Actor actor =
      life.submission.channel == "counter" ? engine::Actor{"staff", "clerk"} : engine::Actor{"customer", "applicant"};
  return journeys::to_command(life.submission, key, actor, *f_.vault, f_.database->writer(), random_, today);
}

engine::Command DemoCity::step_command(Life& life) {
  const Step step = life.steps[life.next++];  // a copy: a plan may add steps
  engine::Command c;
  c.id = "demo-step-" + std::to_string(life.next);
  c.stream = life.stream;
  c.actor = {std::string(step.actor_kind), std::string(step.actor)};
  c.channel = step.channel;
  if (step.late_hours > 0) c.occurred_at = clock_.now() - std::chrono::hours(step.late_hours);
  if (auto computed = planned(life, step)) {
    if (std::holds_alternative<connection::ProposeWhitelist>(*computed)) c.actor.id = "clerk";
    c.body = std::make_shared<connection::Command>(*std::move(computed));
    return c;
  }
  c.body = std::visit(
      [&](const auto& command) {
        if constexpr (std::is_same_v<std::decay_t<decltype(command)>, Note>)
          return std::make_shared<connection::Command>(made_of(command, life));
        else
          return std::make_shared<connection::Command>(connection::Command::Any(command));
      },
      step.command);
  return c;
}

std::vector<engine::Pending> DemoCity::take(Instant at) {
  std::vector<engine::Pending> out;
  auto now = agenda_.extract(at);
  for (const std::size_t index : now.mapped()) {
    Life& life = lives_[index];
    auto c = life.stream.empty() ? opening_command(life) : step_command(life);
    out.push_back({std::move(c), [this, index](const engine::Answer& answer) {
                     if (answer)
                       done_.push_back({index, answer->stream});
                     else if (answer.error().code == "engine.stream_exists")
                       again_.push_back(index);
                     else if (answer.error().code == "connection.already_held") {
                       // In a large city two people share a phone and a name, and what one brought is not asked of the other:
                       // nothing is asked then, and nothing brought.
                       Life& theirs = lives_[index];
                       ++theirs.next;
                       done_.push_back({index, theirs.stream});
                     } else
                       failed_.push_back(answer.error().code + ": " + answer.error().detail.en);
                   }});
  }
  commands_ += out.size();
  return out;
}

void DemoCity::answered() {
  if (!failed_.empty())
    throw ProblemError(failure("demo.refused", {"演示数据未能生成：" + failed_.front(),
                                                "the engine refused a command of the demo: " + failed_.front()}));
  for (const auto& [index, stream] : done_) {
    Life& life = lives_[index];
    if (life.stream.empty()) {
      life.stream = stream;
      life.number = stream.substr(stream.find('/') + 1);
    }
    if (life.next < life.steps.size()) {
      const Step& step = life.steps[life.next];
      // What comes so many minutes later comes exactly then; everything else in the half hour's batch.
      if (const Instant at = when(step); step.minutes < 0)
        schedule(index, at);
      else if (at < demo_start())
        agenda_[at].push_back(index);
    } else if (life.again > 0) {
      schedule(life.again, later(clock_.now(), 2));
    }
  }
  done_.clear();
  // Numbers are drawn at random within a day; among a million cases two draw the same one, and the second submits again.
  for (const std::size_t index : again_) schedule(index, clock_.now());
  again_.clear();
  if (progress_) progress_(opened_);
}

std::string DemoCity::showcase() const {
  // A high-voltage case with a middle behind it and an end before it; with a computed plan, if there is one.
  const Life* best = nullptr;
  for (const auto& life : lives_)
    if (!life.stream.empty() && life.klass.starts_with("10kv_dual") && life.next >= 3 &&
        life.next + 1 < life.steps.size() && (!best || life.computed >= best->computed))
      best = &life;
  if (!best) best = &lives_.front();
  return best->number + ", phone " + best->phone;
}

}  // namespace tongdian::app
