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
};

Result<std::vector<engine::NewEvent>> decide(const CaseState& state, const Command& command, Instant now, const Rules& rules);

/// The decision as the event keeps it: the contract's JSON with notes by their ids.
json::Object recorded(const policy::Pack& pack, const policy::Decision& decision);

}  // namespace tongdian::connection
