#include "supply/edition.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "supply/edition_events.hpp"

namespace tongdian::supply {
Result<std::vector<engine::NewEvent>> Editions::decide(const engine::State& state, const engine::Command& command,
                                                       Instant) const {
  const auto& before = static_cast<const Published&>(state).edition;
  const auto& now = static_cast<const Publish&>(*command.body).edition;
  std::vector<engine::NewEvent> out;
  if (json::write(before) != json::write(now))
    out.push_back({std::string(events::capacity_published), json::write(now)});
  return out;
}

void Editions::evolve(engine::State& into, const engine::Event& event) const {
  auto& state = static_cast<Published&>(into);
  if (event.type != events::capacity_published) return;
  state.edition = json::read<Edition>(event.payload).value();
  state.version += 1;
  state.at = event.recorded_at;
}

engine::Command publish(Edition edition, std::int64_t version) {
  engine::Command out;
  out.id = "publish:" + edition.month + ":" + std::to_string(version + 1);
  out.stream = "edition/" + edition.month;
  out.creates = version == 0;
  if (version > 0) out.expected_sequence = static_cast<std::uint64_t>(version);
  out.actor = {"system", "publisher"};
  out.channel = "system";
  out.fingerprint = edition.list_digest.substr(0, 16);
  out.body = std::make_shared<Publish>(std::move(edition));
  return out;
}

std::string month_of(Instant now, Zone zone) { return format_date(zone.date_of(now)).substr(0, 7); }

}  // namespace tongdian::supply
