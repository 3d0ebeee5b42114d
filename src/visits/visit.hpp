// Times at which a member of staff is to be met about a case: offered by them, booked by the customer. Each time of each person is a
// stream of its own, so that of two who book it at once the engine lets one in and tells the other, on every node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/behaviour.hpp"
#include "policy/pack.hpp"
#include "store/migrations.hpp"

namespace tongdian::visits {

/// Migration 16: visit_view.
extern const store::Migration migration;

enum class Status { none, offered, booked, withdrawn };

struct Offer {
  std::string account;
  Instant starts_at{};
  int minutes = 0;
};
struct Book {
  std::string number, area, enterprise;
};
struct Cancel {
  std::string number;        ///< of the case that the visit is booked for
  bool by_customer = false;  ///< who may no longer when it is near; the time is free again
};
struct Withdraw {};

struct Command final : engine::Body {
  using Any = std::variant<Offer, Book, Cancel, Withdraw>;
  explicit Command(Any a) : any(std::move(a)) {}
  Any any;
};

struct Visit final : engine::State {
  std::string id, account;
  Status state = Status::none;
  Instant starts_at{};
  int minutes = 0;
  std::string number, area, enterprise;  ///< of the case, while it is booked
};

class Visits final : public engine::Behaviour {
 public:
  Visits(std::string pack, policy::Visits settings) : pack_(std::move(pack)), settings_(settings) {}

  std::string_view kind() const override { return "visit"; }
  std::string pack() const override { return pack_; }
  std::unique_ptr<engine::State> initial() const override { return std::make_unique<Visit>(); }
  /// `visits.taken`, `visits.too_late`, `visits.not_open`. What is so already needs no event.
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;
  void project(store::Session& session, std::int64_t id, const engine::State& state) const override;
  std::vector<std::string> view_tables() const override { return {"visit_view"}; }

 private:
  std::string pack_;
  policy::Visits settings_;
};

/// One person's time is one id, whoever names it.
std::string id_of(std::string_view account, Instant starts_at);

struct Query {
  std::string account, number;
  std::optional<Status> state;
  Instant from{}, until{};
  std::string not_account{};                        ///< of everybody else
  std::vector<std::string> areas{}, enterprises{};  ///< of cases there; empty is everywhere
};
/// How many there are, listed or not.
std::int64_t count(store::Session& session, const Query& query);
/// By time. At most 1,000.
std::vector<Visit> list(store::Session& session, const Query& query);
std::optional<Visit> find(store::Session& session, std::string_view id);

}  // namespace tongdian::visits

namespace tongdian {
template <>
struct EnumNames<visits::Status> {
  static constexpr std::array<std::string_view, 4> values{"none", "offered", "booked", "withdrawn"};
};
}  // namespace tongdian
