// What the types of Facts do not say: ranges, and what must be there in which case.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "policy/facts.hpp"

namespace tongdian::policy {

/// The first thing wrong with the facts; its path is a JSON pointer. `applied_at` is written where it can be read.
std::optional<Problem> check_facts(const Facts& facts, Instant& applied_at);

}  // namespace tongdian::policy
