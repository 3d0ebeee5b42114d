// What one person asks and another answers, as a stream of its own in the journal: a human review of what the policy decided,
// and changes under four eyes. Nobody answers what they asked themselves.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.hpp"
#include "engine/behaviour.hpp"
#include "policy/pack.hpp"
#include "store/migrations.hpp"

namespace tongdian::requests {

/// Migration 10: request_view.
extern const store::Migration migration;
/// Migration 15: settled.
extern const store::Migration settled_migration;
/// Migration 22: alarm, due_on, earlier.
extern const store::Migration clock_migration;

enum class Kind {
  review,     ///< of a case's automatic decision; the subject is the case's number
  authority,  ///< what an account may do and where; the subject is the account's id, as for the next three
  enable,
  disable,    ///< takes away only: granted as soon as it is asked, and recorded the same way
  reset,      ///< a code for a new password
  calendar,   ///< a file of working days for the city or a district (`area`); the subject is `of_calendar`
  complaint,  ///< about how a case was handled; the subject is the case's number, or nothing where it is about no case; the words lie in the vault
};
enum class Status { open, granted, declined, withdrawn };
enum class Outcome { granted, declined };

/// What customers ask, and managers and supervisors answer; the others are changes of accounts.
constexpr bool from_customers(Kind kind) { return kind == Kind::review || kind == Kind::complaint; }

/// Changes of one account.
constexpr bool of_account(Kind kind) { return !from_customers(kind) && kind != Kind::calendar; }
inline constexpr std::string_view of_calendar = "calendar";

/// Whether the kind is done by whoever asks: what only takes rights away needs no second pair of eyes.
constexpr bool at_once(Kind kind) { return kind == Kind::disable; }

struct Make {
  Kind kind = Kind::review;
  std::string subject, area, enterprise;
  json::Value content;   ///< no personal data: ids, codes, words of a closed list
  std::string digest{};  ///< of what lies in the vault, salted; empty where nothing does
};
struct Answer {
  Outcome outcome = Outcome::granted;
  std::string words;
  bool involved = false;  ///< the one who answers had a hand in the case
};
struct Withdraw {};
/// Whether the answer settled the matter, as whoever complained says. If not, it is answered once more, by somebody else.
struct Settle {
  bool satisfied = false;
};
/// A deadline has come.
struct Tick {};

struct Command final : engine::Body {
  using Any = std::variant<Make, Answer, Withdraw, Settle, Tick>;
  explicit Command(Any a) : any(std::move(a)) {}
  Any any;
};

/// An answer that settled nothing.
struct Earlier {
  Status state = Status::declined;
  std::string words;
  engine::Actor by;
  Instant at{};
};

struct Request final : engine::State {
  std::string id;  ///< "R" and random letters
  Kind kind = Kind::review;
  Status state = Status::open;
  std::string subject, area, enterprise;
  json::Value content;
  engine::Actor asked_by, answered_by;
  std::string words;
  Instant asked_at{};
  std::optional<Instant> answered_at;
  std::optional<bool> settled;
  std::optional<Earlier> earlier;  ///< of a complaint that was answered, but not settled
  std::string due_on;     ///< of a complaint: the last day on which an answer is in time; "" beyond the calendar
  Instant waits_since{};  ///< asked, or asked again
  std::vector<std::string> alarms;     ///< what the clock has said since then, by `Alarm::key`; not in the table
  std::string alarm;                   ///< the last of them: warned, overdue, reminded, supervised, named
  std::optional<LocalDate> answer_by;  ///< of the order 督办 about it that is not answered; not in the table
  std::int64_t stream = 0;             ///< of a row of the table: the stream's row number
};

/// What complaints are timed by: the pack's days and ladder, and the calendar of a district as it is now.
struct Clocks {
  policy::Complaints complaints;
  Zone zone;
  std::function<std::shared_ptr<const calendar::Calendar>(std::string_view area)> calendar;
};

/// Something that the clock is to say of a complaint while nobody answers it.
struct Alarm {
  Instant at{};
  std::string key;  ///< "warned", "overdue", "escalated:1", "unanswered"
  engine::NewEvent event;
};
/// All that is still to be said, in no order; nothing of what is no open complaint.
std::vector<Alarm> alarms_ahead(const Request& request, const Clocks& clocks);
/// The last day on which an answer to what is asked now is in time; "" beyond the calendar.
std::string answer_due(const Clocks& clocks, std::string_view area, Instant now);

/// Topic of the outbox's row for a granted request; its payload is {"id","kind","subject","content"}.
inline constexpr std::string_view granted_topic = "request granted";

class Requests final : public engine::Behaviour {
 public:
  /// `pack` is what other events are decided under; a request names it, so that one knows what was reviewed.
  explicit Requests(std::string pack, Clocks clocks = {}) : pack_(std::move(pack)), clocks_(std::move(clocks)) {}

  std::string_view kind() const override { return "request"; }
  std::string pack() const override { return pack_; }
  std::unique_ptr<engine::State> initial() const override { return std::make_unique<Request>(); }
  /// `requests.answered`, `requests.own` (one's own request), `requests.not_yours` (withdrawing another's),
  /// `requests.involved` (a complaint about one's own work, or a second answer by who gave the first),
  /// `requests.not_answered` (settling too early, or twice).
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;
  std::optional<Instant> wake_at(const engine::State& state) const override;
  std::shared_ptr<const engine::Body> wake() const override { return std::make_shared<Command>(Tick{}); }
  void project(store::Session& session, std::int64_t id, const engine::State& state) const override;
  std::vector<std::string> view_tables() const override { return {"request_view"}; }
  std::vector<engine::Message> messages(const engine::Event& event, const engine::State& after) const override;

 private:
  std::string pack_;
  Clocks clocks_;
};

struct Query {
  std::optional<bool> from_customers;  ///< theirs alone, or changes of accounts alone; nothing: both
  std::string subject;
  std::optional<std::vector<std::int64_t>> streams;  ///< these alone, by their row numbers
  bool open_only = true;
  bool granted_only = false;
  std::vector<std::string> areas, enterprises;  ///< what the reader may see; empty is everything
};
/// The oldest first: who asked first is answered first. At most 200.
std::vector<Request> list(store::Session& session, const Query& query);
/// How many there are, listed or not.
std::int64_t count(store::Session& session, const Query& query);
/// Open complaints whose answer is late, and how many of them are under an order 督办.
struct LateComplaints {
  std::int64_t late = 0, supervised = 0;
};
LateComplaints late_complaints(store::Session& session, const std::vector<std::string>& areas,
                               const std::vector<std::string>& enterprises);
std::optional<Request> find(store::Session& session, std::string_view id);
/// Complaints that wait: what is armed anew when the calendar changes.
std::vector<std::int64_t> waiting_complaints(store::Session& session);
/// All of them: what came from before they had clocks is projected anew.
std::vector<std::int64_t> all_complaints(store::Session& session);

}  // namespace tongdian::requests

namespace tongdian {
template <>
struct EnumNames<requests::Kind> {
  static constexpr std::array<std::string_view, 7> values{"review", "authority", "enable",   "disable",
                                                          "reset",  "calendar",  "complaint"};
};
template <>
struct EnumNames<requests::Status> {
  static constexpr std::array<std::string_view, 4> values{"open", "granted", "declined", "withdrawn"};
};
template <>
struct EnumNames<requests::Outcome> {
  static constexpr std::array<std::string_view, 2> values{"granted", "declined"};
};
}  // namespace tongdian
