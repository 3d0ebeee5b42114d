// The types of a case's events and their payloads' keys: what is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::connection::events {

inline constexpr std::string_view lead_recorded = "case.lead_recorded";          // opening, project_code, arrived_at
inline constexpr std::string_view submitted = "case.submitted";                  // opening, decision
inline constexpr std::string_view documents_asked = "case.documents_asked";      // documents
inline constexpr std::string_view supplemented = "case.supplemented";            // documents
inline constexpr std::string_view accepted = "case.accepted";                    // draft?, hand_over?
inline constexpr std::string_view plan_replied = "case.plan_replied";            // connection_point, draft?, hand_over?
inline constexpr std::string_view design_reviewed = "case.design_reviewed";      // hand_over?
inline constexpr std::string_view midway_inspected = "case.midway_inspected";    // hand_over?
inline constexpr std::string_view defects_recorded = "case.defects_recorded";    // stage, defects
inline constexpr std::string_view taken_back = "case.taken_back";                // documents
inline constexpr std::string_view energised = "case.energised";                  // meter
inline constexpr std::string_view rated = "case.rated";                          // score
inline constexpr std::string_view withdrawn = "case.withdrawn";                  // reason
inline constexpr std::string_view warned = "case.warned";                        // scope, due_on
inline constexpr std::string_view overdue = "case.overdue";                      // scope, due_on
inline constexpr std::string_view breached = "case.breached";                    // ceiling_on
inline constexpr std::string_view escalated = "case.escalated";                  // level, due_on, step?, answer_by?
inline constexpr std::string_view request_refused = "case.request_refused";      // action, code, documents?
inline constexpr std::string_view evidence_recorded = "case.evidence_recorded";  // kind, taken_at, reference
inline constexpr std::string_view firm_named = "case.firm_named";                // role, firm
inline constexpr std::string_view charged = "case.charged";                      // item, fen, charge? (version 2)
// Version 1 had no second person: such a charge counts as confirmed.
inline constexpr std::string_view charge_confirmed = "case.charge_confirmed";  // charge
inline constexpr std::string_view charge_dropped = "case.charge_dropped";      // charge, reason
inline constexpr std::string_view team_changed = "case.team_changed";          // role, account, reason, from?, until?
inline constexpr std::string_view order_answered = "case.order_answered";      // measure, done_by
inline constexpr std::string_view order_unanswered = "case.order_unanswered";  // answer_by
inline constexpr std::string_view whitelist_proposed =
    "case.whitelist_proposed";  // kind, connection_point, work, draft?
inline constexpr std::string_view whitelist_work_added = "case.whitelist_work_added";  // work
inline constexpr std::string_view whitelisted = "case.whitelisted";
inline constexpr std::string_view whitelist_withdrawn = "case.whitelist_withdrawn";  // reason
inline constexpr std::string_view works_rescheduled = "case.works_rescheduled";      // work, expected_on, reason
inline constexpr std::string_view works_completed = "case.works_completed";          // works, hand_over?
inline constexpr std::string_view person_erased = "case.person_erased";              // ground, requested_by, first_at?
inline constexpr std::string_view file_attached = "case.file_attached";        // document, file, type, size, digest
inline constexpr std::string_view person_corrected = "case.person_corrected";  // applicant_digest, fields

}  // namespace tongdian::connection::events
