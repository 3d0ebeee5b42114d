// tongdian bench detectors: a made-up city with planted irregularities; how many of them are found, how much of what is found
// was planted, and how fast.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <map>
#include <set>

#include "app/commands.hpp"
#include "app/demo.hpp"
#include "base/temporary_folder.hpp"
#include "supervision/watch.hpp"

namespace tongdian::app {
namespace {

using Clock_ = std::chrono::steady_clock;

struct Options {
  std::string data;
  int cases = 10'000;
  double share = 0.03;
  bool json = false;
};

struct Score {
  std::size_t planted = 0, recalled = 0, found = 0, right = 0, strong = 0, strong_right = 0;
};

double ratio(std::size_t a, std::size_t b) { return b == 0 ? 1.0 : static_cast<double>(a) / static_cast<double>(b); }

/// A case that was irregular in one way may look so in another as well (a heap of steps is also too short), so what is found in
/// any planted case, or of any planted habit, counts as right. What is missed is counted by kind.
std::map<std::string, Score> score(const std::vector<Planted>& planted,
                                   const std::vector<supervision::Watch::Judged>& all) {
  std::set<std::string> cases, people;
  for (const auto& p : planted) (p.number.empty() ? people : cases).insert(p.number.empty() ? p.subject : p.number);
  const auto about = [](const supervision::Finding& f, const Planted& p) {
    return p.number.empty() ? f.subject.starts_with(p.subject) : f.number == p.number;
  };
  std::map<std::string, Score> out;
  for (const auto& p : planted) {
    if (!p.done) continue;
    auto& s = out[p.kind];
    ++s.planted;
    s.recalled +=
        std::ranges::any_of(all, [&](const auto& j) { return j.finding.kind == p.kind && about(j.finding, p); });
  }
  for (const auto& j : all) {
    const auto& f = j.finding;
    const std::string who = f.subject.substr(0, f.subject.find(' '));
    const bool right = cases.contains(f.number) || people.contains(who);
    const bool strong = f.strength == supervision::Strength::strong;
    auto& s = out[std::string(f.kind)];
    ++s.found;
    s.right += right;
    s.strong += strong;
    s.strong_right += strong && right;
  }
  return out;
}

json::Object measure(const std::filesystem::path& folder, const Options& o) {
  auto f = open_foundation(Place(folder), "", Opening::own);
  std::vector<Planted> planted;
  ensure_demo(*f, {.seed = 20211115, .cases = o.cases, .planted_share = o.share, .managers = 3}, &planted);
  auto reader = f->database->reader();
  supervision::Watch watch(*f->connection);
  const auto begun = Clock_::now();
  const auto cpu_begun = std::clock();
  const auto events = watch.catch_up(*reader);
  const auto all = watch.findings();
  const double seconds = std::chrono::duration<double>(Clock_::now() - begun).count();
  // On a shared machine only the processor's own time says what it costs.
  const double cpu = static_cast<double>(std::clock() - cpu_begun) / CLOCKS_PER_SEC;

  json::Array kinds;
  Score sum;
  for (const auto& [kind, s] : score(planted, all)) {
    kinds.push_back(json::Object{{"kind", kind},
                                 {"planted", s.planted},
                                 {"found", s.found},
                                 {"precision", ratio(s.right, s.found)},
                                 {"recall", ratio(s.recalled, s.planted)}});
    sum.planted += s.planted;
    sum.recalled += s.recalled;
    sum.found += s.found;
    sum.right += s.right;
    sum.strong += s.strong;
    sum.strong_right += s.strong_right;
  }
  return {{"cases", o.cases},
          {"events", events},
          {"seconds", seconds},
          {"cpu_seconds", cpu},
          {"us_an_event", cpu * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, events))},
          {"cpu_seconds_100000_cases", cpu * 100'000 / o.cases},
          {"planted", sum.planted},
          {"found", sum.found},
          {"precision", ratio(sum.right, sum.found)},
          {"recall", ratio(sum.recalled, sum.planted)},
          {"precision_strong", ratio(sum.strong_right, sum.strong)},
          {"kinds", std::move(kinds)}};
}

void run(const Options& o) {
  std::optional<TemporaryFolder> temporary;
  std::filesystem::path folder = o.data;
  if (folder.empty()) folder = temporary.emplace(std::filesystem::current_path()).path;
  const json::Object out = measure(folder, o);
  if (o.json) {
    std::cout << json::text(out) << '\n';
    return;
  }
  for (const auto& kind : out.at("kinds").as_array())
    std::cout << kind.at("kind").as_string().c_str() << ": precision " << kind.at("precision").as_double()
              << ", recall " << kind.at("recall").as_double() << '\n';
  std::cout << out.at("us_an_event").as_double() << " microseconds an event\n";
}

}  // namespace

void add_bench_detectors(CLI::App& bench) {
  auto o = std::make_shared<Options>();
  auto* command = bench.add_subcommand(
      "detectors", "Precision and recall of the detectors on planted irregularities, and their speed");
  command->add_option("--cases", o->cases, "Cases of the made-up city")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  command->add_option("--share", o->share, "Share of irregular cases")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--data", o->data, "An empty folder to make the city in");
  command->add_flag("--json", o->json, "As JSON");
  command->footer("Example: tongdian bench detectors --cases 10000 --json");
  command->callback([o] { run(*o); });
}

}  // namespace tongdian::app
