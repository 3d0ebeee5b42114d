#pragma once

#include <CLI/CLI.hpp>

namespace tongdian::app {

void add_durations(CLI::App& program);

}  // namespace tongdian::app
