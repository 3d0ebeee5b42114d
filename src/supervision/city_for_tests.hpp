// A small journal in a test: cases by their scripts, read by a watch in the order of their times. No database.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "connection/connection.hpp"
#include "connection/world_for_tests.hpp"
#include "supervision/watch.hpp"

namespace tongdian::supervision {

class TestCity {
 public:
  TestCity()
      : connection(policy::load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value(),
                   std::make_shared<const calendar::Calendar>(connection::test_calendar())) {}

  /// A case of this kind; a line `2021-11-16 10:00 accept` is done by whoever `by` names, `@anna` before the verb names another,
  /// `-30h` before it says that it happened so long before.
  void add(const std::string& kind, const std::string& number, const std::string& script,
           const std::string& by = "anna", const std::string& channel = "online", Tags tags = {}) {
    connection::World world(kind);
    world.channel = channel;
    world.on_event = [&](engine::Event e) {
      e.stream = "case/" + number;
      if (e.payload.is_object())
        if (auto* opening = e.payload.get_object().if_contains("opening")) opening->get_object()["number"] = number;
      if (hours_ > 0) e.occurred_at = e.recorded_at - std::chrono::hours(hours_);
      if (e.actor.kind == "customer" && e.type != "case.submitted") e.actor = {"clock", "clock"};
      events_.push_back({std::move(e), tags});
    };
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string day, time, verb, rest, who = by;
      if (!(words >> day >> time >> verb)) continue;
      hours_ = 0;
      while (verb.starts_with("@") || verb.starts_with("-")) {
        if (verb.starts_with("@")) who = verb.substr(1);
        if (verb.starts_with("-")) hours_ = std::stoi(verb.substr(1));
        words >> verb;
      }
      std::getline(words, rest);
      const bool customers =
          verb == "submit" || verb == "supply" || verb == "back" || verb == "withdraw" || verb == "rate";
      // Alarms on the way are the clock's.
      world.actor = {"clock", "clock"};
      const auto hours = std::exchange(hours_, 0);
      world.alarms_until(*parse_instant(day + "T" + time + ":00+08:00"));
      hours_ = hours;
      world.actor = customers ? engine::Actor{"customer", "applicant"} : engine::Actor{"staff", who};
      const auto answer = world.run(day + " " + time + " " + verb + rest);
      if (answer != "done") throw std::logic_error(number + " " + line + ": " + answer);
    }
  }

  /// The findings over all cases.
  std::vector<Watch::Judged> findings() {
    read();
    return watch->findings();
  }

  void read() {
    std::ranges::stable_sort(events_, {}, [](const auto& each) { return each.first.recorded_at; });
    watch = std::make_unique<Watch>(connection);
    std::uint64_t position = 0;
    for (auto& [event, tags] : events_) {
      event.position = ++position;
      const Tags own = tags;
      watch->take(event, [own](std::uint64_t) { return own; });
    }
  }

  /// "kind number strength" of each, sorted.
  std::string told(std::string_view kind = {}) {
    std::vector<std::string> lines;
    for (const auto& j : findings())
      if (kind.empty() || j.finding.kind == kind)
        lines.push_back(std::string(j.finding.kind) + " " + j.finding.number + " " +
                        std::string(name_of(j.finding.strength)));
    std::ranges::sort(lines);
    std::string out;
    for (const auto& line : lines) out += (out.empty() ? "" : "; ") + line;
    return out;
  }

  connection::Connection connection;
  std::unique_ptr<Watch> watch;

 private:
  std::vector<std::pair<engine::Event, Tags>> events_;
  int hours_ = 0;
};

}  // namespace tongdian::supervision
