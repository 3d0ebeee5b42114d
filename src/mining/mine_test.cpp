#include "mining/mine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/json.hpp"
#include "mining/case_store.hpp"
#include "mining/log_for_tests.hpp"
#include "mining/tally.hpp"

using namespace tongdian;
using namespace tongdian::mining;

TEST_CASE("by time, events of one instant stay as in the file, and one without a time stays behind the one before it") {
  struct Row {
    const char* why;
    std::vector<std::string> events;
    const char *by_file, *by_time;
  };
  const Row rows[] = {
      {"in order", {"a 2021-06-01T08:00:00Z", "b 2021-06-01T09:00:00Z"}, "a>b 1", "a>b 1"},
      {"out of order", {"b 2021-06-01T09:00:00Z", "a 2021-06-01T08:00:00Z"}, "b>a 1", "a>b 1"},
      {"one instant", {"b 2021-06-01T08:00:00Z", "a 2021-06-01T16:00:00+08:00"}, "b>a 1", "b>a 1"},
      {"offsets count", {"a 2021-06-01T09:00:00+02:00", "b 2021-06-01T08:00:00+00:00"}, "a>b 1", "a>b 1"},
      {"one without a time", {"c 2021-06-03T08:00:00Z", "x", "a 2021-06-01T08:00:00Z"}, "c>x 1, x>a 1", "a>c 1, c>x 1"},
      {"no times at all", {"b", "a"}, "b>a 1", "b>a 1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    const auto mined = mine_text("<log>" + xes_trace("1", row.events) + "</log>");
    CHECK(arcs_of(*mined, mined->figures.by_file.arcs) == row.by_file);
    CHECK(arcs_of(*mined, mined->figures.by_time.arcs) == row.by_time);
  }
}

TEST_CASE("durations: a case of one event lasts 0, the median of an even count is between, p95 is the nearest rank") {
  std::string log = "<log>";
  for (int i = 0; i < 20; ++i) {
    const auto day = std::to_string(10 + i);
    log += xes_trace(std::to_string(i), {"a 2021-06-10T00:00:00Z", "b 2021-06-" + day + "T00:00:00Z"});
  }
  const auto mined = mine_text(log + "</log>");
  const auto& d = mined->figures.durations.value();
  CHECK(d.min == 0);
  CHECK(d.median == 9.5 * 86400);
  CHECK(d.mean == 9.5 * 86400);
  CHECK(d.p95 == 18 * 86400.0);
  CHECK(d.max == 19 * 86400.0);
  CHECK(mine_text("<log>" + xes_trace("1", {"a 2021-06-10T00:00:00Z"}) + "</log>")->figures.durations->max == 0);
}

TEST_CASE("numbers and dates in labels are masked") {
  const std::pair<const char*, const char*> rows[] = {
      {"受理", "受理"},
      {"T05 Print", "T# Print"},
      {"第12次催办", "第#次催办"},
      {"改期至2021-06-01", "改期至#"},
      {"改期至2021年6月1日 8:30", "改期至#日 #"},
      {"1.5 kW", "# kW"},
      {"end.", "end."},
  };
  for (const auto& [label, mask] : rows) CHECK(masked(label) == mask);
  const auto mined = mine_text("case,activity,time\n1,visit 1,\n1,visit 2,\n2,visit 3,\n2,visit 14,\n");
  CHECK(mined->figures.variants == 2);
  CHECK(mined->figures.variants_normalised == 1);
}

TEST_CASE("whatever the order of rows, cases and files, what does not depend on it stays") {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    struct Line {
      int case_number, activity, minute;
    };
    std::vector<Line> lines;
    for (int i = 0; i < 40; ++i) lines.push_back({static_cast<int>(random() % 5), static_cast<int>(random() % 4), i});
    const auto table = [&] {
      std::string text = "case,activity,time\n";
      for (const auto& l : lines)
        text += std::to_string(l.case_number) + "," + std::string(1, static_cast<char>('a' + l.activity)) +
                ",2021-06-01 08:" + (l.minute < 10 ? "0" : "") + std::to_string(l.minute) + ":00\n";
      return mine_text(text);
    };
    const auto in_order = table();
    std::ranges::shuffle(lines, random);
    const auto shuffled = table();
    CHECK(activities_of(*in_order) == activities_of(*shuffled));
    CHECK(in_order->figures.cases == shuffled->figures.cases);
    CHECK(arcs_of(*in_order, in_order->figures.by_time.arcs) == arcs_of(*shuffled, shuffled->figures.by_time.arcs));
    CHECK(arcs_of(*in_order, in_order->figures.by_file.arcs) == arcs_of(*in_order, in_order->figures.by_time.arcs));
    CHECK(in_order->figures.variants == shuffled->figures.variants);
    CHECK(in_order->figures.durations->mean == shuffled->figures.durations->mean);
    CHECK(in_order->figures.durations->p95 == shuffled->figures.durations->p95);
    std::uint64_t followed = 0;
    for (const auto& [arc, count] : shuffled->figures.by_file.arcs) followed += count;
    CHECK(followed == shuffled->figures.events - shuffled->figures.cases);
  }
}

TEST_CASE("cases are put together alike in memory and through files") {
  std::mt19937 random(7);
  std::vector<Event> events(5000);
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    events[i].case_number = static_cast<std::uint32_t>(random() % 300);
    events[i].activity = i;
  }
  const auto grouped = [&](std::size_t in_memory) {
    CaseStore store(in_memory);
    for (const auto& event : events) store.add(event);
    std::map<std::uint32_t, std::vector<std::uint32_t>> out;
    store.each([&](std::uint32_t number, std::span<Event> some) {
      CHECK(out.count(number) == 0);
      for (const auto& event : some) out[number].push_back(event.activity);
    });
    return out;
  };
  const auto whole = grouped(1 << 20);
  CHECK(whole.size() == 300);
  CHECK(whole == grouped(700));
  CHECK(whole == grouped(1));
  for (const auto& [number, some] : whole) CHECK(std::ranges::is_sorted(some));
}

TEST_CASE("the JSON is the contract's") {
  const auto mined = mine_text("case,activity,time\n1,a,2021-06-01\n1,b,2021-06-02\n2,a,2021-06-01\n");
  const auto json = json::parse(to_json(*mined)).value();
  CHECK(json.at("cases") == 2);
  CHECK(json.at("events") == 3);
  CHECK(json.at("activities").at("a") == 2);
  CHECK(json.at("directly_follows") == json::Array{json::Array{"a", "b", 1}});
  CHECK(json.at("start_activities").at("a") == 2);
  CHECK(json.at("end_activities").at("b") == 1);
  CHECK(json.at("variants") == 2);
  CHECK(json.at("case_duration_s").at("max") == 86400);
  const auto empty = json::parse(to_json(*mine_text("<log/>"))).value();
  CHECK(empty.at("cases") == 0);
  CHECK(empty.at("case_duration_s").at("mean").is_null());
}
