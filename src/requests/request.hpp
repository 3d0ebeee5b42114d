// What one person asks and another answers, as a stream of its own in the journal: a human review of what the policy decided,
// and changes under four eyes. Nobody answers what they asked themselves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/behaviour.hpp"
#include "store/migrations.hpp"

namespace tongdian::requests {

/// Migration 10: request_view.
extern const store::Migration migration;
/// Migration 15: settled.
extern const store::Migration settled_migration;

enum class Kind {
  review,     ///< of a case's automatic decision; the subject is the case's number
  authority,  ///< what an account may do and where; the subject is the account's id, as for the next three
  enable,
  disable,    ///< takes away only: granted as soon as it is asked, and recorded the same way
  reset,      ///< a code for a new password
  complaint,  ///< about how a case was handled; the subject is the case's number, or nothing where it is about no case; the words lie in the vault
};
enum class Status { open, granted, declined, withdrawn };
enum class Outcome { granted, declined };

/// What customers ask, and managers and supervisors answer; the others are changes of accounts.
constexpr bool from_customers(Kind kind) { return kind == Kind::review || kind == Kind::complaint; }

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
/// Whether the answer settled the matter, as whoever complained says, once.
struct Settle {
  bool satisfied = false;
};

struct Command final : engine::Body {
  using Any = std::variant<Make, Answer, Withdraw, Settle>;
  explicit Command(Any a) : any(std::move(a)) {}
  Any any;
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
  std::int64_t stream = 0;  ///< of a row of the table: the stream's row number
};

/// Topic of the outbox's row for a granted request; its payload is {"id","kind","subject","content"}.
inline constexpr std::string_view granted_topic = "request granted";

class Requests final : public engine::Behaviour {
 public:
  /// `pack` is what other events are decided under; a request names it, so that one knows what was reviewed.
  explicit Requests(std::string pack) : pack_(std::move(pack)) {}

  std::string_view kind() const override { return "request"; }
  std::string pack() const override { return pack_; }
  std::unique_ptr<engine::State> initial() const override { return std::make_unique<Request>(); }
  /// `requests.answered`, `requests.own` (one's own request), `requests.not_yours` (withdrawing another's),
  /// `requests.involved` (a complaint about one's own work), `requests.not_answered` (settling too early, or twice).
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;
  std::optional<Instant> wake_at(const engine::State&) const override { return {}; }
  std::shared_ptr<const engine::Body> wake() const override { return {}; }
  void project(store::Session& session, std::int64_t id, const engine::State& state) const override;
  std::vector<std::string> view_tables() const override { return {"request_view"}; }
  std::vector<engine::Message> messages(const engine::Event& event, const engine::State& after) const override;

 private:
  std::string pack_;
};

struct Query {
  std::optional<bool> from_customers;  ///< theirs alone, or changes of accounts alone; nothing: both
  std::string subject;
  std::optional<std::vector<std::int64_t>> streams;  ///< these alone, by their row numbers
  bool open_only = true;
  std::vector<std::string> areas, enterprises;  ///< what the reader may see; empty is everything
};
/// The oldest first: who asked first is answered first. At most 200.
std::vector<Request> list(store::Session& session, const Query& query);
std::optional<Request> find(store::Session& session, std::string_view id);

}  // namespace tongdian::requests

namespace tongdian {
template <>
struct EnumNames<requests::Kind> {
  static constexpr std::array<std::string_view, 6> values{"review",  "authority", "enable",
                                                          "disable", "reset",     "complaint"};
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
