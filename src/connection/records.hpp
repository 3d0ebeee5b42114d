// Records about a case that move none of its clocks: evidence of times, firms, charges, the team, the answer to an order, a
// request that was refused. Pure, as decide.hpp, which asks for them.
#pragma once

#include "connection/case_state.hpp"
#include "connection/commands.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

using Recorded = Result<std::vector<engine::NewEvent>>;

/// `connection.unknown_kind`, `connection.bad_instant`, `connection.in_the_future`, `connection.bad_number`.
Recorded record_evidence(const RecordEvidence& c, Instant now, Zone zone);
/// `connection.unknown_kind`, `connection.bad_number`.
Recorded name_firm(const NameFirm& c);
/// `connection.bad_number`, `json.out_of_range`.
Recorded record_charge(const CaseState& state, const RecordCharge& c);
/// `connection.unknown_kind` where there is no such charge to be confirmed, `connection.four_eyes` for whoever noted it.
Recorded confirm_charge(const CaseState& state, const ConfirmCharge& c, std::string_view actor);
/// The same charge taken back by whoever noted it, or refused by somebody else; with what `unfit` says of the reason.
Recorded drop_charge(const CaseState& state, const DropCharge& c, const policy::Pack& pack);
/// `connection.unknown_role`, `connection.unknown_reason`, `connection.bad_day` where a cover has no day, or one that is over.
Recorded assign(const CaseState& state, const Assign& c, LocalDate today, const policy::Pack& pack);
Recorded answer_order(const AnswerOrder& c, LocalDate today, const policy::Pack& pack);
Recorded note_refusal(const NoteRefusal& c);

}  // namespace tongdian::connection
