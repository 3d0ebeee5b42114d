#include <malloc.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>

#include "app/commands.hpp"
#include "app/durations_command.hpp"
#include "base/result.hpp"

namespace {

/// `--help` behind a command that does not exist must not pass for help of one that does: the first word that should be a
/// command and is none, or nothing.
std::string unknown_command(const CLI::App& program, int argc, char** argv) {
  const CLI::App* at = &program;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const auto commands = at->get_subcommands(std::function<bool(const CLI::App*)>{});
    if (commands.empty()) return "";
    const auto next = std::ranges::find_if(commands, [&](const CLI::App* each) { return each->get_name() == argv[i]; });
    if (next == commands.end()) return argv[i];
    at = *next;
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  using namespace tongdian;
  // The writer's thread takes and gives back memory with every batch; the heap is not to shrink and grow with it.
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
  CLI::App program{"tongdian 通电: a city's getting-electricity plan, from the application to the light", "tongdian"};
  program.set_version_flag("--version", TONGDIAN_VERSION);
  program.require_subcommand(1);
  program.footer("Example: tongdian decide facts.jsonl");
  app::add_decide(program);
  app::add_calendar(program);
  app::add_mine(program);
  app::add_grid(program);
  app::add_supply(program);
  app::add_serve(program);
  app::add_demo(program);
  app::add_journal(program);
  app::add_move(program);
  app::add_replay(program);
  app::add_durations(program);
  app::add_user(program);
  app::add_person(program);
  app::add_evidence(program);
  app::add_key(program);
  app::add_routes(program);
  app::add_bench(program);
  app::add_pack(program);
  app::add_backup(program);
  app::add_restore(program);
  app::add_doctor(program);
  app::add_whatif(program);
  app::add_audit(program);
  if (const auto word = unknown_command(program, argc, argv); !word.empty()) {
    std::cerr << "tongdian: there is no command " << word << "; see tongdian --help\n";
    return 2;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return program.exit(asked_for_help);
  } catch (const CLI::ParseError& usage) {
    program.exit(usage);
    return 2;
  } catch (const ProblemError& e) {
    const auto& p = e.problem;
    std::cerr << "tongdian: " << p << '\n';
    if (!p.next.en.empty()) std::cerr << "  " << p.next.en << '\n';
    return p.kind == Problem::Kind::failure ? 3 : 1;
  } catch (const std::exception& e) {
    std::cerr << "tongdian: " << e.what() << '\n';
    return 3;
  }
  return app::exit_code;
}
