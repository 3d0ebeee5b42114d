// What else the made-up city records about its cases: meters' first readings, firms that build, and, planted, the irregularities
// that the detectors look for. Everything here is made up; no firm and no person exists.
#include <algorithm>

#include "app/demo_city.hpp"
#include "base/time_text.hpp"

namespace tongdian::app {
namespace {

/// What is planted into single cases. A stage cannot be re-opened through the engine, so that kind is not among them.
constexpr std::array<std::string_view, 9> kinds{
    "recorded_late", "burst",    "works_before_acceptance", "contract_before_plan", "opened_again",
    "too_short",     "at_night", "document_beyond_list",    "charge_without_item"};

constexpr int firms_a_district = 8;

}  // namespace

/// In a city with several managers a district every second, third and fourth one has a habit that the statistics should show.
std::string_view DemoCity::habit_of(std::string_view manager) const {
  const auto found = std::ranges::find(managers_, manager);
  if (found == managers_.end() || !manager.ends_with("-1")) return "";
  const auto district =
      static_cast<std::size_t>(found - managers_.begin()) / static_cast<std::size_t>(options_.managers);
  constexpr std::array<std::string_view, 4> habits{"", "three_designated", "last_day_hand_over", "too_regular"};
  return habits[district % habits.size()];
}

std::string_view DemoCity::manager_of(const Life& life) {
  if (managers_.empty()) return "manager";
  const auto& areas = f_.pack->areas();
  const auto district = static_cast<std::size_t>(
      std::ranges::find(areas, life.submission.site.area, &policy::Area::code) - areas.begin());
  const auto n = static_cast<std::size_t>(options_.managers);
  return managers_[district * n + static_cast<std::size_t>(one_of(options_.managers))];
}

Instant DemoCity::when(const Step& step) {
  if (step.minutes >= 0) return clock_.now() + std::chrono::minutes(step.minutes);
  const Instant at = later(clock_.now(), step.working_days);
  if (step.at_hour < 0) return at;
  return f_.pack->zone().start_of(f_.pack->zone().date_of(at)) + std::chrono::hours(step.at_hour);
}

connection::Command::Any DemoCity::made_of(const Note& note, const Life& life) const {
  const Zone zone = f_.pack->zone();
  const auto hours = std::chrono::hours(note.value);
  switch (note.kind) {
    case Note::Kind::meter_now:
      return connection::RecordEvidence{"meter", format_instant(clock_.now() - hours, zone), "DEMO-M"};
    case Note::Kind::meter_early:
      return connection::RecordEvidence{"meter", format_instant(life.opens - hours, zone), "DEMO-M"};
    case Note::Kind::contract_early:
      return connection::RecordEvidence{"contract", format_instant(life.opens - hours, zone), "DEMO-C"};
    case Note::Kind::firm: return connection::NameFirm{"builder", "DEMO-FIRM-" + std::to_string(note.value)};
    case Note::Kind::charge: return connection::RecordCharge{"DEMO-EXTRA", 50'000};
    case Note::Kind::refusal: return connection::NoteRefusal{"ask_documents", "connection.document_not_on_list", {}};
    case Note::Kind::whitelist: return connection::ConfirmWhitelist{};
    case Note::Kind::works_done: return connection::CompleteWorks{"1", ""};
  }
  return connection::Tick{};
}

/// The reply of the plan, or at low voltage the acceptance, as the network computes it; where nothing fits and the text has a kind for
/// it (三(三)1), the proposal for the whitelist, with what follows of it. Nothing where the step is none, or the network is not asked.
std::optional<connection::Command::Any> DemoCity::planned(Life& life, const Step& step) {
  const auto* accept = std::get_if<connection::Accept>(&step.command);
  const auto* reply = std::get_if<connection::ReplyPlan>(&step.command);
  // What was planted is to be found by its times alone.
  if (!network_ || (!accept && !reply) || !life.planted.empty() || life.again > 0) return {};
  const auto decision = decision_of(life);
  const bool planned_later =
      std::ranges::find(decision.stages, "plan_reply", &policy::StageLimit::id) != decision.stages.end();
  if (accept && planned_later) return {};
  auto plan = network_->plan(life.submission.facts, decision.boundary, life.submission.site.area, clock_.now());
  if (!plan) return {};
  life.computed = true;
  if (plan->whitelist.empty()) {
    if (accept) return connection::Accept{accept->hand_over, std::move(plan->draft)};
    return connection::ReplyPlan{std::move(plan->connection_point), reply->hand_over, std::move(plan->draft)};
  }
  // The entry is the reply; the customer's own works wait for the grid's, so nothing is handed over.
  auto at = life.steps.begin() + static_cast<std::ptrdiff_t>(life.next);
  if (at != life.steps.end() && std::holds_alternative<connection::TakeBack>(at->command)) at = life.steps.erase(at);
  const int works_days = 3 + one_of(25);
  at = life.steps.insert(at, {Note{Note::Kind::whitelist, 0}, "staff", "manager", "desk", 1});
  life.steps.insert(at + 1, {Note{Note::Kind::works_done, 0}, "staff", "clerk", "desk", works_days});
  const auto expected = f_.pack->zone().date_of(clock_.now()) + std::chrono::days(works_days * 7 / 5);
  return connection::ProposeWhitelist{plan->whitelist, plan->connection_point, plan->limit,
                                      plan->cure,      "配套电网工程（虚构）", format_date(expected),
                                      "manager",       std::move(plan->draft)};
}

void DemoCity::add_records(Life& life) {
  if (life.lead) return;
  const auto& facts = life.submission.facts;
  std::vector<Step> steps;
  for (auto& step : life.steps) {
    const bool energises = std::holds_alternative<connection::Energise>(step.command);
    const bool plans = std::holds_alternative<connection::ReplyPlan>(step.command);
    const auto actor = step.actor;
    steps.push_back(std::move(step));
    // The meter's first reading is some hours older than its entry; a few clocks of meters are wrong.
    if (energises && maybe(0.5)) steps.push_back({Note{Note::Kind::meter_now, 1}, "staff", actor, "desk", 0});
    // Firms are chosen by customers, some more often than others.
    if (plans && facts.self_built) {
      const int firm =
          habit_of(actor) == "three_designated" && maybe(0.85) ? firms_a_district : std::min(one_of(8), one_of(8));
      steps.push_back({Note{Note::Kind::firm, static_cast<std::int16_t>(firm)}, "staff", actor, "desk", 0});
    }
  }
  life.steps = std::move(steps);
  plant_habits(life);
}

/// Of managers with a habit: hand over on the last day, or take exactly two hours for everything.
void DemoCity::plant_habits(Life& life) {
  for (auto& step : life.steps) {
    const auto habit = habit_of(step.actor);
    auto* plan = std::get_if<connection::ReplyPlan>(&step.command);
    if (plan && habit == "last_day_hand_over" && !plan->hand_over.empty()) step.working_days = plan_limit(life);
    if (habit != "too_regular") continue;
    // From the stage's start: what is noted in between takes no time.
    if (plan || std::holds_alternative<connection::Energise>(step.command)) step.minutes = 120;
    if (std::holds_alternative<Note>(step.command)) step.minutes = 0;
  }
}

/// Working days of the plan reply in the life's class.
int DemoCity::plan_limit(const Life& life) const {
  for (const auto& stage : decision_of(life).stages)
    if (stage.id == "plan_reply") return stage.limit_wd;
  return 0;
}

/// Everything that the office does, by one person in a few minutes, and nobody waits for the customer.
void DemoCity::gather(Life& life) {
  std::erase_if(life.steps, [](const Step& s) {
    return std::holds_alternative<connection::TakeBack>(s.command) ||
           std::holds_alternative<connection::AskDocuments>(s.command) ||
           std::holds_alternative<connection::Supplement>(s.command);
  });
  for (std::size_t i = 0; i < life.steps.size(); ++i) {
    Step& step = life.steps[i];
    if (auto* c = std::get_if<connection::Accept>(&step.command)) c->hand_over.clear();
    if (auto* c = std::get_if<connection::ReplyPlan>(&step.command)) c->hand_over.clear();
    if (auto* c = std::get_if<connection::ReviewDesign>(&step.command)) c->hand_over.clear();
    if (auto* c = std::get_if<connection::InspectMidway>(&step.command)) c->hand_over.clear();
    if (step.actor_kind != "staff" || step.actor.empty()) continue;
    step.actor = "clerk";
    if (i > 0 && !std::holds_alternative<connection::Accept>(step.command)) step.minutes = 2;
  }
}

void DemoCity::plant_steps(Life& life) {
  const auto accept = std::ranges::find_if(
      life.steps, [](const Step& s) { return std::holds_alternative<connection::Accept>(s.command); });
  const auto plan = std::ranges::find_if(
      life.steps, [](const Step& s) { return std::holds_alternative<connection::ReplyPlan>(s.command); });
  if (accept == life.steps.end()) return void(life.planted = {});
  const auto after_accept = [&](Note note) { life.steps.insert(accept + 1, {note, "staff", "clerk", "desk", 0}); };
  const auto kind = life.planted;
  if (kind == "recorded_late") {
    accept->late_hours = static_cast<std::int16_t>(30 + one_of(90));
    accept->working_days += 5;
  } else if (kind == "at_night") {
    accept->at_hour = static_cast<std::int16_t>(one_of(2) ? 23 : 2);
    accept->working_days += 1;
  } else if (kind == "works_before_acceptance") {
    after_accept({Note::Kind::meter_early, static_cast<std::int16_t>(20 + one_of(200))});
  } else if (kind == "contract_before_plan") {
    after_accept({Note::Kind::contract_early, static_cast<std::int16_t>(20 + one_of(200))});
  } else if (kind == "document_beyond_list") {
    life.steps.insert(accept, {Note{Note::Kind::refusal, 0}, "staff", "clerk", "desk", 0});
  } else if (kind == "charge_without_item") {
    after_accept({Note::Kind::charge, 0});
  } else if (kind == "too_short" && plan != life.steps.end()) {
    plan->minutes = 3;
  } else if (kind == "burst" && plan != life.steps.end()) {
    gather(life);
  } else {
    life.planted = {};
  }
}

void DemoCity::plant(std::size_t index) {
  Life& life = lives_[index];
  // The life that comes after a withdrawal has been planned already.
  if (life.lead || life.again > 0 || !maybe(options_.planted_share)) return;
  life.planted = kinds[static_cast<std::size_t>(one_of(static_cast<int>(kinds.size())))];
  if (life.planted != "opened_again") return plant_steps(life);
  life.planted = {};
  // The second one must still come before the demo's day, or there would be a case fewer than was asked for.
  constexpr auto long_enough = std::chrono::days(40);
  if (static_cast<int>(lives_.size()) >= options_.cases || life.opens + long_enough > demo_start()) return;
  const auto accept = std::ranges::find_if(
      life.steps, [](const Step& s) { return std::holds_alternative<connection::Accept>(s.command); });
  if (accept == life.steps.end()) return;
  life.steps.erase(accept + 1, life.steps.end());
  if (auto* c = std::get_if<connection::Accept>(&life.steps.back().command)) c->hand_over.clear();
  life.steps.push_back({connection::Withdraw{"other"}, "customer", "applicant", "online", 1});
  Life second;
  second.submission = life.submission;
  second.phone = life.phone;
  second.klass = life.klass;
  second.planted = "opened_again";
  second.opens = life.opens;
  life.again = lives_.size();
  lives_.push_back(std::move(second));
}

std::vector<Planted> DemoCity::planted() const {
  std::vector<Planted> out;
  for (const auto& life : lives_)
    if (!life.planted.empty() && !life.number.empty())
      out.push_back({std::string(life.planted), life.number, "", life.next >= life.steps.size()});
  for (const auto& manager : managers_)
    if (const auto habit = habit_of(manager); !habit.empty()) out.push_back({std::string(habit), "", manager});
  return out;
}

}  // namespace tongdian::app
