// What may be done to a case now, and by whom. `decide` refuses by the same rules by which pages offer.
#pragma once

#include <optional>
#include <vector>

#include "connection/case_state.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

enum class Action {
  ask_documents,
  supplement,
  accept,
  reply_plan,
  take_back,
  review_design,
  inspect_midway,
  record_defects,
  energise,
  rate,
  withdraw,
  open,
  correct_person,
  erase_person,
  record_evidence,
  name_firm,
  record_charge,
  assign,
  answer_order,
  propose_whitelist,
  add_works,
  confirm_whitelist,
  complete_works,
  reschedule_works,
  withdraw_whitelist,
  confirm_charge,
  drop_charge
};

/// Who asks: staff who handle cases, those of them who answer for it, or the customer of the case.
enum class Side { staff, manager, customer };

/// A refusal where the case is not where the action belongs, with the next step; nothing where it may be done.
std::optional<Problem> objection(const CaseState& state, Action action, const policy::Pack& pack);
/// Whether the side may do it at all: a clerk acts for the customer at the counter, a customer never for the grid; what
/// cannot be undone is a manager's or the customer's.
bool belongs_to(Side side, Action action);

/// Documents that the stage may be asked for, by the decision of the case (三(二)1): no others exist for it.
std::vector<std::string> documents_of(const CaseState& state, std::string_view stage);
/// Those of the decision's list that the city already has of this applicant, and that are not asked for again (A39).
std::vector<std::string> held_of(const CaseState& state, std::string_view stage);
/// Documents of acceptance that were there: once it is over, all that it lists; before, what has come.
std::vector<std::string> seen_at_acceptance(const CaseState& state);
/// Reasons for which the customer may take the case when the running stage, or the works before the next, have ended.
std::vector<const policy::HandOver*> hand_overs_after(const CaseState& state, const policy::Pack& pack);

/// A question to the network: what a case says of it already, as JSON; whoever asks adds the place. `boundary` as decided.
json::Object supply_question(const policy::Facts& facts, std::string_view boundary);

/// "过载": what limits, and what would cure it; of works_limits and works_cures.
Sentence works_limit_name(std::string_view limit);
Sentence works_cure_name(std::string_view cure);

/// The actions that this side may take now, with the fields of their forms, as the contract's JSON.
json::Array available(const CaseState& state, Side side, const policy::Pack& pack);

}  // namespace tongdian::connection

namespace tongdian {
template <>
struct EnumNames<connection::Action> {
  static constexpr std::array<std::string_view, 27> values{"ask_documents",
                                                           "supplement",
                                                           "accept",
                                                           "reply_plan",
                                                           "take_back",
                                                           "review_design",
                                                           "inspect_midway",
                                                           "record_defects",
                                                           "energise",
                                                           "rate",
                                                           "withdraw",
                                                           "open",
                                                           "correct_person",
                                                           "erase_person",
                                                           "record_evidence",
                                                           "name_firm",
                                                           "record_charge",
                                                           "assign",
                                                           "answer_order",
                                                           "propose_whitelist",
                                                           "add_works",
                                                           "confirm_whitelist",
                                                           "complete_works",
                                                           "reschedule_works",
                                                           "withdraw_whitelist",
                                                           "confirm_charge",
                                                           "drop_charge"};
};
}  // namespace tongdian
