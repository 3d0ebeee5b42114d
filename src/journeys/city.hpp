// What every journey works with: the rooms of a running city, wired by `app`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "connection/connection.hpp"
#include "connection/page.hpp"
#include "engine/engine.hpp"
#include "identity/grants.hpp"
#include "identity/oidc.hpp"
#include "identity/rules.hpp"
#include "identity/sessions.hpp"
#include "identity/sign_in.hpp"
#include "identity/throttle.hpp"
#include "journal/vault.hpp"
#include "journeys/case_pages.hpp"
#include "journeys/durations.hpp"
#include "journeys/live.hpp"
#include "journeys/log_shelf.hpp"
#include "journeys/worker_pool.hpp"
#include "store/database.hpp"
#include "supply/supply_grid.hpp"
#include "wire/router.hpp"

namespace tongdian::supervision {
class Watch;
}

namespace tongdian::journeys {

struct City {
  store::Database& database;
  engine::Engine& engine;
  connection::Connection& connection;
  const journal::Vault& vault;
  identity::Sessions& sessions;
  const Clock& clock;
  Random& random;
  WorkerPool& workers;
  Live& live;
  supervision::Watch& watch;
  bool demo = false;
  bool secure_cookies = false;  ///< a proxy in front ends TLS
  std::vector<policy::SupplyEnterprise> enterprises;
  identity::Rules rules{};

  bool sends_codes = false;                  ///< somebody carries one-time codes to phones
  identity::Oidc* oidc = nullptr;            ///< the city's single sign-on, where it has one
  const supply::SupplyGrid* grid = nullptr;  ///< the city's network; none where it has not been loaded
  /// The calendar as it would be with this file beside the others of the city, or of a district: `name`, `bytes`, `area`.
  std::function<Result<calendar::Calendar>(const std::string&, std::string_view, const std::string&)> calendar_with{};

  identity::SecondFactor second_factor{vault, random};
  identity::Grants grants{vault, random};
  identity::SignIn sign_in{database, vault, random, clock, [this](auto work) { engine.write(std::move(work)); }};

  LogShelf logs{clock, random, [this] {
                  return LogDays{connection.calendar(), static_cast<int>(pack().zone().utc_offset.count())};
                }};

  DurationBoard durations{};
  CasePages case_pages{};

  // Guessing has to be slow for one account and one case; an address may be a whole hall behind one router.
  identity::Throttle sign_ins{10, std::chrono::minutes(5), clock};
  identity::Throttle sign_ins_from{100, std::chrono::minutes(5), clock};
  identity::Throttle lookups{20, std::chrono::minutes(5), clock};
  identity::Throttle lookups_from{200, std::chrono::minutes(5), clock};
  identity::Throttle codes{3, std::chrono::minutes(10), clock};
  identity::Throttle codes_a_day{10, std::chrono::hours(24), clock};  // each is a message that somebody is woken by
  identity::Throttle codes_from{60, std::chrono::minutes(10), clock};
  identity::Throttle submissions_from{200, std::chrono::minutes(10), clock};

  [[nodiscard]] const policy::Pack& pack() const { return connection.policy_pack(); }
};

/// The page context over one calendar, which it keeps alive, and one reader for staff names. Names of agents are as whole as
/// `reader` may see them: masked for one who is nobody.
struct Pages {
  /// Days are counted by the calendar of the district, or of the city where none is named.
  Pages(const City& city, store::Session& session, std::string_view area = {}, const wire::Principal& reader = {});
  Pages(const connection::Connection& connection, Instant now, store::Session& session, std::string_view area = {});
  std::shared_ptr<const calendar::Calendar> calendar;
  connection::PageContext context;
};

/// A case with its row, folded from its events; nothing where there is none of this number.
struct Found {
  connection::CaseRow row;
  connection::Folded folded;
};
std::optional<Found> find(store::Session& session, std::string_view number);
Found fold(store::Session& session, connection::CaseRow row);

connection::Side side_of(const wire::Principal& who);
/// Who works on cases sees their people whole.
bool handles_cases(const wire::Principal& who);
/// By its key's id, which it is called where there is no such key.
std::string program_name(store::Session& session, const std::string& id);
/// The person of the case; whole for the staff who handle it, masked for everyone else, nothing once they are erased.
json::Object person(const City& city, store::Session& session, std::int64_t stream, bool whole);
/// What this reader may see of the case, as the contract's Case.
json::Object case_for(const City& city, store::Session& session, const Found& found, const wire::Principal& who);
/// The same as text, most of it kept from an earlier look (case_pages.hpp).
std::string case_text(City& city, store::Session& session, const connection::CaseRow& row, const wire::Principal& who);

/// That a member of staff saw data of this case's person whole; noted after the answer, once a day: whoever looks again and again
/// shall not wait for the disk.
void note_seen(const City& city, store::Session& session, std::int64_t stream, const std::string& reader);

/// That somebody found these cases by a name, an address or a phone: masked in the list, but they knew whom they looked for. Once a day
/// each, after the answer.
void note_found(const City& city, store::Session& session, const std::vector<std::int64_t>& streams,
                const std::string& reader);
/// That these cases stood in somebody's list, one row of many. One entry for a reader and a case, written at most once a day.
void note_listed(const City& city, store::Session& session, const std::vector<std::int64_t>& streams,
                 const std::string& reader);

/// A case as a row of a list, the person's name masked; it says where the person is erased.
json::Object row_of(const City& city, store::Session& session, const connection::CaseRow& row, const Pages& pages);

/// By what right a reader has a case.
struct Reach {
  enum class By { own, grant, staff, program } by = By::own;
  std::string grant{};  ///< its id
};
/// Nothing where the case is not theirs: another customer's, another district's, another enterprise's.
std::optional<Reach> reach_of(const City& city, store::Session& session, const wire::Principal& who,
                              const connection::CaseRow& row);
/// Whether staff or a program work there, and for that enterprise.
bool within_district(const wire::Principal& who, const std::string& area, const std::string& enterprise);
/// A phone's keyed digest as sessions carry it.
std::optional<Hash> tag_of(std::string_view hex);
/// Who acts, as an event names them.
engine::Actor actor_of(const wire::Principal& who, const Reach& reach);
Problem not_found();

/// An answer of server-sent events; `follow` gets the position that the reader saw last, where they name one.
Result<wire::Response> live_response(const wire::Request& request,
                                     const std::function<Result<Live::Stream>(std::optional<std::uint64_t>)>& follow);

/// What the case's event keeps of a draft supply plan; `asked` is a supply::Question.
/// `finding`: with whether anything fits, and the kind of the whitelist.
Result<json::Object> draft_record(const City& city, const json::Value& asked, bool finding = false);
/// What the journal's cases were promised, for this network: now, or as it stood after the event at `through`.
supply::Approvals approvals(store::Session& session, const connection::Connection& connection,
                            const supply::SupplyGrid& grid, std::optional<std::uint64_t> through = {});

/// "王**", "138****0000", "山东路**": enough to recognise, too little to use.
std::string masked(std::string_view text, std::size_t head, std::size_t tail);

/// The events of a case with their paths to the latest signed head, as the contract's CaseProof.
std::optional<json::Object> case_proof(store::Session& session, std::string_view number);

/// A refusal of identity as an answer, with its wait where it has one.
void answer_no(const wire::Reply& reply, const wire::Later& no);
/// Where a session is opened from, for its owner to recognise.
identity::Sessions::From from_of(const wire::Request& request);

/// Carries out what was asked and granted; in the transaction that takes it from the outbox.
void carry_out_granted(City& city, store::Session& session, const std::string& payload);

/// Each adds its routes; together they are the interface of api/openapi.yaml.
void add_information(wire::Router& router, City& city);
void add_decisions(wire::Router& router, City& city);
void add_applications(wire::Router& router, City& city);
void add_cases(wire::Router& router, City& city);
void add_person(wire::Router& router, City& city);
void add_papers(wire::Router& router, City& city);
void add_inbox(wire::Router& router, City& city);
void add_team(wire::Router& router, City& city);
void add_whitelist(wire::Router& router, City& city);
void add_proofs(wire::Router& router, City& city);
void add_supply(wire::Router& router, City& city);
void add_sessions(wire::Router& router, City& city);
void add_what_if(wire::Router& router, City& city);
void add_logs(wire::Router& router, City& city);
void add_forecasts(wire::Router& router, City& city);
void add_supervision(wire::Router& router, City& city);
void add_account(wire::Router& router, City& city);
void add_phones(wire::Router& router, City& city);
void add_grants(wire::Router& router, City& city);
void add_oidc(wire::Router& router, City& city);
void add_requests(wire::Router& router, City& city);
void add_complaints(wire::Router& router, City& city);
void add_my_complaints(wire::Router& router, City& city);
void add_visits(wire::Router& router, City& city);
void add_accounts(wire::Router& router, City& city);
void add_calendars(wire::Router& router, City& city);
void add_all(wire::Router& router, City& city);

}  // namespace tongdian::journeys
