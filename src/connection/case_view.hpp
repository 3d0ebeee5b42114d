// The table of cases and the queries over it: what an inbox shows without folding a single event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connection/clocks.hpp"
#include "store/database.hpp"

namespace tongdian::connection {

struct CaseRow {
  std::int64_t stream = 0;
  std::string number, phase, klass, stage, area, township, enterprise, holder, alarm;
  double requested_kw = 0;
  std::optional<LocalDate> due_on, ceiling_on;
  bool beyond_calendar = false;
  Instant opened_at{};
};

enum class InboxState { open, customer, late, done, all };

struct InboxQuery {
  InboxState state = InboxState::open;
  std::string area, stage, number_prefix;
  std::string member;                                ///< an account: cases in which it has a role, or covers one today
  std::vector<std::string> areas, enterprises;       ///< what the reader may see; empty is everything
  std::optional<Hash> phone_tag;                     ///< cases of this phone
  std::optional<std::vector<std::int64_t>> streams;  ///< these alone
  std::string after;                                 ///< `next` of the page before
  std::int64_t limit = 50;
  LocalDate today{};
};

struct InboxPage {
  std::vector<CaseRow> rows;
  std::string next;  ///< empty on the last page
  std::int64_t total = 0;
};

void write_case_view(store::Session& session, std::int64_t id, const CaseState& state, const Days& days);
/// Cases that the rest of the query admits and whose person has all of these digests (journal/person_search.hpp), the newest first: who
/// is really meant their data say.
std::vector<std::int64_t> candidates(store::Session& session, const InboxQuery& query,
                                     const std::vector<std::int64_t>& tokens, std::int64_t limit);
/// Cases that the rest of the query admits and whose number ends so, in four characters or more; the newest first.
std::vector<std::int64_t> ending_in(store::Session& session, const InboxQuery& query, std::string_view end,
                                    std::int64_t limit);
/// By due date, undated ones last.
InboxPage inbox(store::Session& session, const InboxQuery& query);
std::optional<CaseRow> find_case(store::Session& session, std::string_view number);
/// Those of these streams that are there, the newest first.
std::vector<CaseRow> cases_of(store::Session& session, const std::vector<std::int64_t>& streams);
/// Open cases of the same phone and place.
std::vector<std::string> likely_duplicates(store::Session& session, const Hash& phone_tag, const Hash& site_tag);
/// Cases that are not over, by their row numbers: what a changed calendar is to be counted anew for.
std::vector<std::int64_t> open_cases(store::Session& session);
/// Cases whose date lies beyond the calendar.
std::vector<std::int64_t> waiting_for_calendar(store::Session& session);

}  // namespace tongdian::connection

namespace tongdian {
template <>
struct EnumNames<connection::InboxState> {
  static constexpr std::array<std::string_view, 5> values{"open", "customer", "late", "done", "all"};
};
}  // namespace tongdian
