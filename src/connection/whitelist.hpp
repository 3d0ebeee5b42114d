// The whitelist 白名单 (三(三)1, #35): where nothing fits and the case is of one of the text's two kinds, it is filed with the
// grid works that would cure it. The works are in no stage (A11): the stage that ran ends with the entry, the next one begins
// when the last of the works is done. One proposes, another confirms, for a clock stands meanwhile.
#pragma once

#include "connection/decide.hpp"

namespace tongdian::connection {

using WhitelistEvents = Result<std::vector<engine::NewEvent>>;

WhitelistEvents propose_whitelist(const CaseState& state, const ProposeWhitelist& command, Instant now,
                                  const Rules& rules);
WhitelistEvents add_works(const CaseState& state, const AddWorks& command, Instant now, const Rules& rules);
WhitelistEvents confirm_whitelist(const CaseState& state, const Rules& rules);
WhitelistEvents withdraw_whitelist(const WithdrawWhitelist& command, const Rules& rules);
WhitelistEvents reschedule_works(const CaseState& state, const RescheduleWorks& command, Instant now,
                                 const Rules& rules);
WhitelistEvents complete_works(const CaseState& state, const CompleteWorks& command, const Rules& rules);

/// The last of the days on which works that are not done are expected; nothing where all are.
std::optional<LocalDate> works_expected_on(const WhitelistEntry& entry);
/// Works under way that should have been done before today.
bool works_overdue(const WhitelistEntry& entry, LocalDate today);
/// When the works' own clock stopped; nothing while it runs.
std::optional<Instant> works_ended_at(const WhitelistEntry& entry);

}  // namespace tongdian::connection
