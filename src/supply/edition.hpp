// The list of open capacity 可开放容量 as it is published, month by month (三(五)1): what could be connected at each place, and why not
// more. A month is a stream; a network that is corrected within it makes its next version. The event has the digests, the list
// itself lies beside the journal by its digest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "engine/behaviour.hpp"
#include "store/migrations.hpp"

namespace tongdian::supply {

/// Migration 18: edition_view, published_list.
extern const store::Migration edition_migration;
/// Migration 21: what approved cases were counted.
extern const store::Migration approved_edition_migration;

/// What was published for a month.
struct Edition {
  std::string month;    ///< "2021-11"
  std::string network;  ///< its name
  bool made_up = false;
  std::string network_digest, standards_digest;  ///< what it was computed from
  std::string list_digest;                       ///< SHA-256 of the CSV
  std::int64_t places = 0, limited = 0;          ///< of which nothing more can be connected
  std::optional<std::int64_t>
      approved_through;         ///< approved cases counted as the journal stood after this event; none: not counted
  std::string approved_digest;  ///< of those cases, their points and loads
};
BOOST_DESCRIBE_STRUCT(Edition, (),
                      (month, network, made_up, network_digest, standards_digest, list_digest, places, limited,
                       approved_through, approved_digest))

struct Publish final : engine::Body {
  explicit Publish(Edition e) : edition(std::move(e)) {}
  Edition edition;
};

struct Published final : engine::State {
  Edition edition;
  std::int64_t version = 0;  ///< 0: not yet
  Instant at{};
};

class Editions final : public engine::Behaviour {
 public:
  explicit Editions(std::string pack) : pack_(std::move(pack)) {}

  std::string_view kind() const override { return "edition"; }
  std::string pack() const override { return pack_; }
  std::unique_ptr<engine::State> initial() const override { return std::make_unique<Published>(); }
  /// The same figures from the same inputs need no event.
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;
  void project(store::Session& session, std::int64_t id, const engine::State& state) const override;
  std::vector<std::string> view_tables() const override { return {"edition_view"}; }

 private:
  std::string pack_;
};

/// The next version after `version` (0: the month's first); the same command on every node.
engine::Command publish(Edition edition, std::int64_t version);
/// "2021-11": the month in which an edition comes out.
std::string month_of(Instant now, Zone zone);

/// The latest version of each month, the newest first.
std::vector<Published> editions(store::Session& session);
/// Of one month; version 0 where nothing was published.
Published edition_of(store::Session& session, const std::string& month);

/// In the caller's transaction.
void keep_list(store::Session& writer, const std::string& digest, std::string_view csv);
std::optional<std::string> find_list(store::Session& session, const std::string& digest);

}  // namespace tongdian::supply
