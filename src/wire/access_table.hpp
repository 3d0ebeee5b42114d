// The table of routes as people read it: who may call what, and how far. docs/access.md holds it.
#pragma once

#include <string>

#include "wire/router.hpp"

namespace tongdian::wire {

/// Markdown, a row a route, in the order of paths.
std::string access_table(const Router& router);

}  // namespace tongdian::wire
