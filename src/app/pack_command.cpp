// tongdian pack: for whoever writes a city's pack. Everything that is wrong with it, at once, each with its place and mend.
#include <iostream>

#include "app/commands.hpp"
#include "base/json.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string pack;
  bool json = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

void print_json(const std::vector<Problem>& problems, int situations) {
  json::Array list;
  for (const auto& p : problems) {
    json::Array clauses(p.clauses.begin(), p.clauses.end());
    list.push_back(json::Object{{"code", p.code},
                                {"place", p.path},
                                {"detail", p.detail.en},
                                {"detail_zh", p.detail.zh},
                                {"mend", p.next.en},
                                {"mend_zh", p.next.zh},
                                {"clauses", std::move(clauses)}});
  }
  std::cout << json::text(json::Object{{"problems", std::move(list)}, {"situations", situations}}) << '\n';
}

void print_text(const std::vector<Problem>& problems, const std::filesystem::path& folder, int situations) {
  for (const auto& p : problems) {
    std::cout << p.path << ": " << p.code << ": " << p.detail.en;
    if (!p.clauses.empty()) std::cout << " (" << joined(p.clauses) << ")";
    std::cout << "\n  " << p.next.en << '\n';
  }
  if (problems.empty())
    std::cout << folder.string() << ": the pack loads, and its " << situations << " situations come out as they say\n";
  else
    std::cout << problems.size() << " problem" << (problems.size() == 1 ? "" : "s") << '\n';
}

void check(const Options& options) {
  const auto folder = policy::find_pack(options.pack).value();
  std::vector<Problem> problems;
  int situations = 0;
  if (const auto pack = policy::load_pack(folder, &problems)) {
    const auto calendar = calendar::load_for((*pack)->calendar_files(), {}).value();
    problems = policy::check_situations(**pack, folder, calendar, &situations);
  }
  if (options.json)
    print_json(problems, situations);
  else
    print_text(problems, folder, situations);
  if (!problems.empty()) exit_code = 1;
}

}  // namespace

void add_pack(CLI::App& program) {
  auto* command = program.add_subcommand("pack", "policy packs, for those who write them");
  command->require_subcommand(1);
  command->footer("Example: tongdian pack check packs/yantai-2021-168");
  auto options = std::make_shared<Options>();
  auto* checking = command->add_subcommand(
      "check", "load a pack and run its situations; print every problem with its place and mend");
  checking->add_option("PACK", options->pack, "a pack's folder or id (default: the only pack there is)");
  checking->add_flag("--json", options->json, "print the problems as JSON");
  checking->footer("Example: tongdian pack check packs/yantai-2021-168");
  checking->callback([options] { check(*options); });
}

}  // namespace tongdian::app
