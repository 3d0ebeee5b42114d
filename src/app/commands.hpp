// The command line: one file a command, each adding itself to the program. Exit codes are the contract's:
// 0 done, 1 refused or found wanting, 2 bad usage, 3 failure.
#pragma once

#include <CLI/CLI.hpp>

namespace tongdian::app {

/// What a command's run leaves behind; main returns it.
inline int exit_code = 0;

void add_decide(CLI::App& program);
void add_calendar(CLI::App& program);
void add_mine(CLI::App& program);
void add_grid(CLI::App& program);
void add_serve(CLI::App& program);
void add_demo(CLI::App& program);
void add_key(CLI::App& program);
void add_journal(CLI::App& program);
void add_move(CLI::App& program);
void add_replay(CLI::App& program);
void add_user(CLI::App& program);
void add_person(CLI::App& program);
void add_evidence(CLI::App& program);
void add_routes(CLI::App& program);
void add_bench(CLI::App& program);
void add_pack(CLI::App& program);
void add_backup(CLI::App& program);
void add_restore(CLI::App& program);
void add_doctor(CLI::App& program);
void add_whatif(CLI::App& program);
void add_grid_applications(CLI::App& grid);
void add_audit(CLI::App& program);
/// `tongdian bench detectors`.
void add_bench_detectors(CLI::App& bench);
void add_supply(CLI::App& program);

}  // namespace tongdian::app
