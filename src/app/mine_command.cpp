// tongdian mine: the log of another system, XES or CSV: what happened in it, how long it took, what stands out, and what it
// cannot show.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "app/commands.hpp"
#include "app/progress.hpp"
#include "base/files.hpp"
#include "mining/findings_json.hpp"
#include "mining/limits.hpp"
#include "mining/report.hpp"
#include "mining/words.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string log, map, html, pack, facts;
  bool json = false;
};

/// The pack whose calendar counts the working days, and whose decision for such facts is the limit.
struct Law {
  std::shared_ptr<const policy::Pack> pack;
  calendar::Calendar calendar;
};

Law read_law(const Options& options, mining::Options& into) {
  Law law{policy::load_pack(policy::find_pack(options.pack).value()).value(), {}};
  law.calendar = calendar::load_for(law.pack->calendar_files(), {}).value();
  if (options.facts.empty()) return law;
  const auto facts = json::read_text<policy::Facts>(read_file(options.facts).value()).value();
  policy::Decision decision;
  if (const auto problem = law.pack->decide(facts, law.calendar, decision)) throw ProblemError(*problem);
  mining::CaseLimit limit{decision.target_wd, {}};
  for (const auto clause : decision.clauses) limit.clauses += (limit.clauses.empty() ? "" : "; ") + std::string(clause);
  for (const auto& steps : into.stages) {
    const auto stage = std::ranges::find(decision.stages, steps.stage, &policy::StageLimit::id);
    if (stage == decision.stages.end())
      throw ProblemError(
          bad_input("mine.bad_map", "/stages/" + steps.stage,
                    {"按这份申请，政策包没有这个环节", "the pack has no such stage for this application"},
                    {"用 tongdian decide 查看各环节", "tongdian decide shows the stages"}));
    limit.stages.push_back({steps, law.pack->name_of(stage->id), stage->limit_wd});
  }
  into.limit = std::move(limit);
  return law;
}

std::unique_ptr<mining::Bytes> open_with_progress(const std::string& log, Progress& progress) {
  return mining::watched(mining::open_bytes(log), [&progress](std::uint64_t bytes) { progress.at(bytes); });
}

void print_summary(const mining::Mined& mined) {
  const auto& f = mined.figures;
  for (const auto& column : mined.source.columns)
    std::cout << column.role << " = " << column.name << (column.given ? " (given)" : "") << '\n';
  std::cout << f.cases << " cases, " << f.events << " events, "
            << std::ranges::count_if(f.activities, [](auto n) { return n > 0; }) << " activities, " << f.variants
            << " variants (" << f.variants_normalised << " with numbers masked)\n";
  if (f.durations)
    std::cout << "duration: median " << mining::how_long(f.durations->median).en << ", 95 % take at most "
              << mining::how_long(f.durations->p95).en << ", longest " << mining::how_long(f.durations->max).en << '\n';
  for (std::size_t k = 0; k < mining::kind_count; ++k) {
    const auto kind = static_cast<mining::Kind>(k);
    const auto& all = mined.findings.all();
    const auto cases = std::ranges::count(all, kind, &mining::Finding::kind);
    const auto strong =
        std::ranges::count_if(all, [&](const mining::Finding& x) { return x.kind == kind && x.strong; });
    if (cases > 0)
      std::cout << mining::text_of(kind).title.en << ": " << cases << " cases, " << strong << " of them strong\n";
  }
  for (const auto& limit : mining::limits_of(mined)) {
    std::cout << "- " << limit.text.en;
    if (limit.count) std::cout << ' ' << *limit.count;
    std::cout << '\n';
  }
}

void write_report(const mining::Mined& mined, const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.html, error);
  const auto page = std::filesystem::path(options.html) / "index.html";
  const auto name =
      options.log == "-" ? std::string("standard input") : std::filesystem::path(options.log).filename().string();
  write_file_atomically(page, mining::to_html(mined, name)).value();
  std::cerr << "report: " << page.string() << '\n';
}

void run(const Options& options) {
  mining::Options how;
  if (!options.map.empty()) mining::read_mapping(read_file(options.map).value(), how).value();
  if (!how.stages.empty() && options.facts.empty())
    throw ProblemError(
        bad_input("mine.bad_map", "/stages",
                  {"环节的时限要由 --facts 的申请来定", "the limits of stages are those of an application, --facts"},
                  {"加上 --facts FILE", "add --facts FILE"}));
  std::optional<Law> law;
  if (!options.html.empty() || !options.pack.empty() || !options.facts.empty()) {
    law = read_law(options, how);
    how.working_time = {&law->calendar, static_cast<int>(law->pack->zone().utc_offset.count())};
  }
  std::error_code error;
  const auto size = std::filesystem::file_size(options.log, error);
  Progress progress(options.log, error ? 0 : size);
  const auto mined = mining::mine(open_with_progress(options.log, progress), options.log, how);
  progress.done();
  if (!options.html.empty()) write_report(*mined, options);
  if (options.json) {
    mining::write_json(*mined, [](std::string_view text) { std::cout << text; });
    std::cout << '\n';
  } else if (options.html.empty()) {
    print_summary(*mined);
  }
  if (mined->broken) {
    std::cerr << "tongdian: " << *mined->broken << '\n';
    if (!mined->broken->next.en.empty()) std::cerr << "  " << mined->broken->next.en << '\n';
    exit_code = 1;
  }
}

}  // namespace

void add_mine(CLI::App& program) {
  auto* command =
      program.add_subcommand("mine", "Another system's event log: what happened, how long it took, what stands out");
  auto options = std::make_shared<Options>();
  command->add_option("LOG", options->log, "XES or CSV, plain or gzip; - is standard input")->required();
  command->add_flag("--json", options->json, "All figures and findings as JSON");
  command->add_option("--html", options->html, "Folder for the report, one page: DIR/index.html");
  command->add_option(
      "--map", options->map,
      "JSON file that names columns and sets thresholds: {\"case\": …, \"activity\": …, \"time\": …, \"resource\": …}");
  command->add_option("--pack", options->pack,
                      "Count working days by this pack's calendar (with --html: by default the only pack there is)");
  command->add_option(
      "--facts", options->facts,
      "JSON file of an application as `decide` takes it: cases beyond what the pack allows it are findings, and stages beyond "
      "theirs, where --map has {\"stages\": {\"plan_reply\": {\"begins\": ACTIVITY, \"ends\": ACTIVITY}}}");
  command->footer("Example: tongdian mine receipt.xes.gz --json");
  command->callback([options] { run(*options); });
}

}  // namespace tongdian::app
