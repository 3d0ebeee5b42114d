// A case as JSON for its readers: the contract's PublicCase and Case.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "connection/actions.hpp"
#include "connection/case_state.hpp"
#include "connection/case_view.hpp"
#include "connection/clocks.hpp"
#include "connection/whitelist_view.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

/// What every page needs to know.
struct PageContext {
  const policy::Pack& pack;
  Days days;
  Instant now{};
  /// Name of a staff account, as others may see it.
  std::function<std::string(const std::string& account)> staff_name;
  std::function<Sentence(const std::string& enterprise)> enterprise_name;
  /// Of an agent (by their grant: who acts, and for whom) or of a program (by its key).
  std::function<std::string(const std::string& kind, const std::string& id)> other_name{};
};

/// A case folded, with the events that made it.
struct Folded {
  CaseState state;
  std::vector<engine::Event> events;
};

/// What a receipt shows: no personal data; duplicates only as far as whoever submits may know (their numbers masked).
json::Object public_case(const Folded& folded, const PageContext& context);
/// Everything that this reader may see but the person and the messages to them, which the vault and notify have. Made of the events, the
/// context's day, calendar and names, and of nothing else: pages are kept by these (journeys/case_pages.hpp).
json::Object whole_case(const Folded& folded, const PageContext& context, Side side, bool may_act);
/// An entry in the whitelist 白名单, for everybody who may see its case.
json::Object whitelist_json(const WhitelistEntry& entry, const PageContext& context, LocalDate today);
json::Object register_row(const RegisterRow& row, const PageContext& context);
json::Object inbox_row(const CaseRow& row, const PageContext& context, const std::string& masked_name);

}  // namespace tongdian::connection
