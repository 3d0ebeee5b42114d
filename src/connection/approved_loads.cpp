#include "connection/approved_loads.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "connection/events.hpp"
#include "journal/event.hpp"
#include "journal/journal.hpp"

namespace tongdian::connection {

const store::Migration approved_migration{20, "approved loads", R"(
-- A row a source of a case whose plan names its points, until the case is withdrawn; lit_at is null until it is lit.
CREATE TABLE approved_load (stream BIGINT NOT NULL, node TEXT NOT NULL, watts BIGINT NOT NULL, lit_at BIGINT, PRIMARY KEY (stream, node));
CREATE INDEX approved_load_lit ON approved_load (lit_at);
)"};

namespace {

std::int64_t watts(double kw) { return std::llround(kw * 1000); }
double kilowatts(std::int64_t watts) { return static_cast<double>(watts) / 1000; }

std::optional<Instant> lit_at(const CaseState& s) { return s.open() ? std::nullopt : s.ended_at; }

void sort(std::vector<ApprovedLoad>& loads) {
  std::ranges::sort(loads, {}, [](const ApprovedLoad& each) { return std::tie(each.number, each.node); });
}

}  // namespace

void write_approved_loads(store::Session& session, std::int64_t id, const CaseState& s) {
  if (s.supply_points.empty()) return;
  session.run("DELETE FROM approved_load WHERE stream = $1", {id});
  if (s.phase == Phase::withdrawn) return;
  const auto lit = lit_at(s);
  for (const auto& each : s.supply_points)
    session.run(
        "INSERT INTO approved_load (stream, node, watts, lit_at) VALUES ($1, $2, $3, $4)",
        {id, std::string_view(each.node), watts(each.kw), lit ? store::Param{to_ms(*lit)} : store::Param{store::null}});
}

ApprovedLoads approved_loads(store::Session& session, std::optional<Instant> lit_since) {
  ApprovedLoads out;
  out.through = static_cast<std::uint64_t>(session.integer("SELECT max(position) FROM event").value_or(0));
  constexpr auto never = std::numeric_limits<std::int64_t>::max();
  session.query(
      "SELECT c.number, a.node, a.watts FROM approved_load a JOIN case_view c ON c.stream = a.stream WHERE a.lit_at IS NULL OR a.lit_at >= $1",
      {lit_since ? to_ms(*lit_since) : never}, [&](const store::Row& row) {
        out.loads.push_back({std::string(row.text(0)), std::string(row.text(1)), kilowatts(row.integer(2))});
      });
  sort(out.loads);  // by bytes: databases collate as they like
  return out;
}

ApprovedLoads approved_loads_at(store::Session& session, std::uint64_t through, std::optional<Instant> lit_since,
                                const engine::Behaviour& behaviour) {
  // Two passes, each a page at a time: only cases that were promised something are kept in memory.
  std::map<std::string, std::unique_ptr<engine::State>> promised;
  const auto each = [&](const auto& on_event) {
    journal::read_all(session, 1, [&](std::uint64_t position, std::string_view bytes) {
      if (position <= through) on_event(bytes);
    });
  };
  each([&](std::string_view bytes) {
    if (bytes.find("\"chosen\"") == std::string_view::npos) return;
    const auto event = journal::decode(bytes).value();
    if (event.type == events::plan_replied || event.type == events::accepted)
      promised.try_emplace(event.stream, behaviour.initial());
  });
  if (!promised.empty())
    each([&](std::string_view bytes) {
      const auto event = journal::decode(bytes).value();
      if (const auto found = promised.find(event.stream); found != promised.end())
        behaviour.evolve(*found->second, event);
    });
  ApprovedLoads out{through, {}};
  for (const auto& [stream, state] : promised) {
    const auto& s = static_cast<const CaseState&>(*state);
    if (s.phase == Phase::withdrawn) continue;
    if (const auto lit = lit_at(s); lit && !(lit_since && *lit >= *lit_since)) continue;
    for (const auto& point : s.supply_points) out.loads.push_back({s.number, point.node, kilowatts(watts(point.kw))});
  }
  sort(out.loads);
  return out;
}

}  // namespace tongdian::connection
