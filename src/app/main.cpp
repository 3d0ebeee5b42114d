#include <malloc.h>

#include <exception>
#include <iostream>

#include "app/commands.hpp"
#include "base/result.hpp"

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
  app::add_serve(program);
  app::add_journal(program);
  app::add_replay(program);
  app::add_user(program);
  app::add_routes(program);
  app::add_bench(program);
  app::add_pack(program);
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
