// A case in a test: commands at times, read from lines that a lawyer can read. No database, no engine: decide and evolve.
//
//   2021-09-27 10:00 submit
//   2021-09-28 15:00 ask identity
//   2021-10-11 09:00 supply identity
#pragma once

#include <functional>
#include <map>
#include <sstream>
#include <string>

#include "base/time_text.hpp"
#include "connection/alarms.hpp"
#include "connection/decide.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

inline const policy::Pack& test_pack() {
  static const auto pack = policy::load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value();
  return *pack;
}
inline const calendar::Calendar& test_calendar() {
  static const auto calendar = calendar::load_for(test_pack().calendar_files(), {}).value();
  return calendar;
}

/// Facts of each class that the annex knows, with works unless it says otherwise.
inline policy::Facts facts_of(const std::string& kind) {
  policy::Facts f;
  f.sources = 1;
  f.new_installation = true;
  f.works_needed = kind != "lv_no_works";
  f.requested_kw = 50;
  if (f.works_needed) f.route = policy::Route{};
  if (kind == "resident" || kind == "lv_no_works") {
    f.customer = policy::Customer::resident;
    return f;
  }
  f.customer = policy::Customer::non_resident;
  policy::Enterprise e;
  e.business_licence = e.registered_address_is_supply_address = e.direct_supply = true;
  e.tariff = policy::Tariff::general_commercial;
  e.connected_kva_at_address = 50;
  f.enterprise = e;
  if (kind == "charger") f.supply_kind = policy::SupplyKind::ev_charger;
  if (kind == "micro" || kind == "charger") return f;
  f.requested_kw = 800;
  f.self_built = true;
  f.voltage = kind.starts_with("35") ? policy::Voltage::kv35_plus : policy::Voltage::kv10;
  if (kind == "10kv_dual" || kind == "10kv_important" || kind == "35kv_dual") f.sources = 2;
  f.important = kind == "10kv_important";
  return f;
}

class World {
 public:
  explicit World(std::string kind, const calendar::Calendar& calendar = test_calendar())
      : kind_(std::move(kind)), days{&calendar, test_pack().zone()} {}

  /// Runs the lines; between them the clock's alarms come at their times. The last answer's code, or "done".
  std::string run(const std::string& script) {
    std::istringstream lines(script);
    std::string answer = "done";
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string day, time, verb, rest;
      if (!(words >> day >> time >> verb)) continue;
      std::getline(words >> std::ws, rest);
      const Instant at = parse_instant(day + "T" + time + ":00+08:00").value();
      alarms_until(at);
      now = at;
      if (verb == "as")  // who does what follows
        actor = {"staff", rest};
      else
        answer = give(command(verb, rest));
    }
    return answer;
  }

  void alarms_until(Instant until) {
    for (;;) {
      std::optional<Instant> next = lead_opens_at(state, days);
      for (const auto& alarm : alarms_ahead(state, test_pack().supervision(), days))
        if (!next || alarm.at < *next) next = alarm.at;
      if (!next || *next > until) return;
      now = std::max(now, *next);
      give(Command(Tick{}));
    }
  }
  void alarms_until(const std::string& day) {
    alarms_until(days.zone.start_of(parse_date(day).value()) + std::chrono::hours(12));
  }

  std::string give(const Command& c) {
    auto events = decide(state, c, now, {test_pack(), days, actor});
    if (!events) {
      last_refusal = events.error();
      return events.error().code;
    }
    for (auto& fresh : *events) {
      engine::Event e;
      e.type = fresh.type;
      e.version = fresh.version;
      e.payload = std::move(fresh.payload);
      e.recorded_at = now;
      e.channel = channel;
      e.actor = actor;
      evolve(state, e);
      if (on_event) on_event(e);
      log += (log.empty() ? "" : " ") + e.type.substr(5);
    }
    return "done";
  }

  [[nodiscard]] std::string used_on(const std::string& day) const {
    const auto n = used(grid_spans(state, days), parse_date(day).value(), days);
    return n ? std::to_string(*n) : "-";
  }
  [[nodiscard]] std::string due_total() const { return text(clock_a(state, days.zone.date_of(now), 0.8, days).due_on); }
  [[nodiscard]] std::string due_stage() const {
    return state.stage() ? text(due(stage_spans(*state.stage(), days), state.stage()->limit_wd, days)) : "-";
  }
  [[nodiscard]] std::string status_on(const std::string& day) const {
    return std::string(name_of(clock_a(state, parse_date(day).value(), 0.8, days).status));
  }

  std::vector<std::string> held;  ///< documents that the city has of the applicant
  engine::Actor actor;            ///< of the lines to come
  std::string channel = "online";
  /// Hears each event, for tests of what reads a journal.
  std::function<void(engine::Event)> on_event;
  CaseState state;
  std::string log;  ///< event types in order, without "case."
  Problem last_refusal;
  Instant now{};

 private:
  static std::string text(const std::optional<LocalDate>& d) { return d ? format_date(*d) : "-"; }

  static json::Value promised(const std::string& rest) {
    std::istringstream words(rest);
    double kw = 0;
    words >> kw;
    json::Array chosen;
    for (std::string node; words >> node;) chosen.emplace_back(node);
    return json::Object{{"inputs", {{"question", {{"kw", kw}}}}}, {"chosen", std::move(chosen)}};
  }

  Command command(const std::string& verb, const std::string& rest) const {
    if (verb == "submit") {
      Opening o;
      o.number = "TD-TEST";
      o.area = test_pack().areas().front().code;
      o.township = test_pack().areas().front().townships.front().code;
      o.enterprise = "sgcc-yantai";
      o.held = held;
      o.facts = facts_of(kind_);
      return Command(Submit{o});
    }
    if (verb == "lead" || verb == "lead-ordinary") {
      RecordLead lead;
      lead.opening.area = test_pack().areas().front().code;
      lead.opening.township = test_pack().areas().front().townships.front().code;
      lead.opening.facts = facts_of(kind_);
      lead.opening.facts.simple_low_risk_project = verb == "lead";
      lead.opening.facts.lead = policy::Lead::approval_platform;
      lead.project_code = "P-1";
      lead.arrived_at = rest;
      return Command(std::move(lead));
    }
    std::vector<std::string> ids;
    std::istringstream words(rest);
    for (std::string id; words >> id;) ids.push_back(id);
    if (verb == "ask") return Command(AskDocuments{ids});
    if (verb == "supply") return Command(Supplement{ids});
    if (verb == "accept") return Command(Accept{rest, {}});
    // "plan-at 400 N1 N2", as the network answered.
    if (verb == "plan-at") return Command(ReplyPlan{"N1", "", promised(rest)});
    if (verb == "accept-at") return Command(Accept{"", promised(rest)});
    if (verb == "plan") return Command(ReplyPlan{"10kV line, pole 12", rest});
    if (verb == "plan-note") return Command(ReplyPlan{rest, ""});
    if (verb == "review") return Command(ReviewDesign{rest});
    if (verb == "midway") return Command(InspectMidway{rest});
    if (verb == "defects") return Command(RecordDefects{rest});
    if (verb == "back") return Command(TakeBack{ids});
    if (verb == "energise") return Command(Energise{rest.empty() ? "M-1" : rest});
    if (verb == "rate") return Command(Rate{std::stoi(rest)});
    if (verb == "withdraw") return Command(Withdraw{rest});
    if (verb == "erase") return Command(ErasePerson{rest, ""});
    if (verb == "erase-again") return Command(EraseAgain{now});
    if (verb == "correct") return Command(CorrectPerson{"d1", {rest}});
    if (verb == "open") return Command(Open{});
    std::istringstream again(rest);
    std::string first, second, third, fourth;
    again >> first >> second >> third >> fourth;
    if (verb == "file") return Command(AttachFile{first, second, "application/pdf", 100, "d"});
    if (verb == "evidence") return Command(RecordEvidence{first, second, third.empty() ? "E-1" : third});
    if (verb == "firm") return Command(NameFirm{first, second});
    if (verb == "charge") return Command(RecordCharge{first, std::stoll(second)});
    if (verb == "confirm-charge") return Command(ConfirmCharge{first});
    if (verb == "drop-charge") return Command(DropCharge{first, second});
    if (verb == "assign") return Command(Assign{first, second, third, fourth});
    if (verb == "answer") return Command(AnswerOrder{second, first});
    // "propose micro_beyond_capacity 2021-12-20", and by what the network answered: "propose KIND DAY FITS FOUND".
    if (verb == "propose") {
      json::Value draft;
      if (!third.empty()) draft = json::Object{{"fits", std::stoll(third)}, {"whitelist", fourth}};
      return Command(ProposeWhitelist{first, "10kV line, pole 12", "overload", "reinforce", "line 3, 400 m of cable",
                                      second, "A-1", draft});
    }
    if (verb == "add-works") return Command(AddWorks{"undervoltage", "regulate_voltage", first, second, "A-1"});
    if (verb == "confirm") return Command(ConfirmWhitelist{});
    if (verb == "drop") return Command(WithdrawWhitelist{rest});
    if (verb == "reschedule") return Command(RescheduleWorks{first, second, "late cable"});
    if (verb == "done") return Command(CompleteWorks{first, second});
    if (verb == "refused") return Command(NoteRefusal{"ask_documents", first, {}});
    throw std::logic_error("no such verb: " + verb);
  }

  std::string kind_;

 public:
  Days days;
};

}  // namespace tongdian::connection
