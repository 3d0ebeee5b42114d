// tongdian decide: facts in, decisions out, a line each. The contract is that of the scripts and tests that pipe through it.
#include <chrono>
#include <fstream>
#include <iostream>

#include "app/commands.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string pack, file = "-";
  long long bench = -1;
};

struct Ready {
  std::shared_ptr<const policy::Pack> pack;
  calendar::Calendar calendar;
};

/// The pack and the calendar that it counts by.
Ready make_ready(const Options& options) {
  auto pack = policy::load_pack(policy::find_pack(options.pack).value()).value();
  auto calendar = calendar::load_for(pack->calendar_files(), {}).value();
  return {std::move(pack), std::move(calendar)};
}

/// The id of a line that is not valid facts, where it has a readable one. Asked leniently: a line that our own reader refuses
/// for a number out of range may still say which it is.
json::Value id_of(std::string_view line) {
  boost::json::error_code error;
  const auto value = boost::json::parse(line, error);
  const json::Value* id = !error && value.is_object() ? value.get_object().if_contains("id") : nullptr;
  return id && id->is_string() ? *id : json::Value(nullptr);
}

json::Object refused(json::Value id, const Problem& problem) {
  return {{"id", std::move(id)},
          {"error", json::Object{{"code", problem.code}, {"path", problem.path}, {"message", problem.detail.en}}}};
}

/// One line of output for one line of input.
json::Object answer(const Ready& ready, std::string_view line, policy::Decision& decision, bool& good) {
  good = false;
  const auto value = json::parse(line);
  if (!value) return refused(id_of(line), value.error());
  const auto facts = json::read<policy::Facts>(*value);
  if (!facts) return refused(id_of(line), facts.error());
  if (const auto problem = ready.pack->decide(*facts, ready.calendar, decision)) return refused(id_of(line), *problem);
  good = true;
  json::Object out{{"id", facts->id}};
  for (auto& [key, field] : to_json(*ready.pack, decision)) out.emplace(key, std::move(field));
  return out;
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

/// Reads and answers line by line, so that the input may be longer than the memory.
void decide_lines(const Ready& ready, std::istream& in) {
  std::ios::sync_with_stdio(false);
  policy::Decision decision;
  std::string line;
  while (std::getline(in, line)) {
    if (is_blank(line)) continue;
    bool good = false;
    std::cout << json::text(answer(ready, line, decision, good)) << '\n';
    if (!good) exit_code = 1;
  }
  std::cout.flush();
  if (in.bad() || !std::cout) throw ProblemError(failure("file.unreadable", {"读写失败", "reading or writing failed"}));
}

/// Everything is parsed before the clock starts; what is timed is deciding, into one reused result.
void bench(const Ready& ready, std::istream& in, long long count) {
  std::vector<policy::Facts> all;
  for (std::string line; std::getline(in, line);)
    if (!is_blank(line)) all.push_back(json::read_text<policy::Facts>(line).value());
  policy::Decision decision;
  std::size_t seen = 0;
  long long decisions = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (long long round = 0; round < count; ++round)
    for (const auto& facts : all) {
      if (const auto problem = ready.pack->decide(facts, ready.calendar, decision)) throw ProblemError(*problem);
      seen += decision.clauses.size() + decision.values.size();
      ++decisions;
    }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  if (decisions > 0 && seen == 0)
    throw ProblemError(failure("bench.empty", {"没有依据的决定", "decisions without a trace"}));
  const double seconds = took.count();
  std::cout << json::text(json::Object{{"decisions", decisions},
                                       {"seconds", seconds},
                                       {"per_second", seconds > 0 ? static_cast<double>(decisions) / seconds : 0.0}})
            << '\n';
}

void run(const Options& options) {
  const Ready ready = make_ready(options);
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file);
    if (!file)
      throw ProblemError(failure("file.unreadable", {"无法读取 " + options.file, "cannot read " + options.file}));
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  if (options.bench >= 0)
    bench(ready, in, options.bench);
  else
    decide_lines(ready, in);
}

}  // namespace

void add_decide(CLI::App& program) {
  auto* command = program.add_subcommand("decide", "decide facts by a policy pack: JSON lines in, JSON lines out");
  auto options = std::make_shared<Options>();
  command->add_option("--pack", options->pack, "a pack's id or folder (default: the only pack there is)");
  command->add_option("--bench", options->bench, "decide the input N times over and print the speed alone")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("FILE", options->file,
                   "facts, a JSON object a line (empty lines are passed over); - is standard input")
      ->capture_default_str();
  command->footer("Example: tongdian decide facts.jsonl > decisions.jsonl");
  command->callback([options] { run(*options); });
}

}  // namespace tongdian::app
