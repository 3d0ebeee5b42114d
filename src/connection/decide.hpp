// What a command makes of a case: events, or a refusal. Pure.
#pragma once

#include "connection/case_state.hpp"
#include "connection/clocks.hpp"
#include "connection/commands.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

struct Rules {
  const policy::Pack& pack;
  Days days;
  engine::Actor actor{};  ///< who asks, where that matters: who proposed something does not confirm it
};

Result<std::vector<engine::NewEvent>> decide(const CaseState& state, const Command& command, Instant now,
                                             const Rules& rules);

}  // namespace tongdian::connection
