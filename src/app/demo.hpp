// The made-up city: Yantai's areas, people who do not exist, and some 2,000 cases made by the real engine from a seed.
#pragma once

#include <string>

#include "app/foundation.hpp"

namespace tongdian::supply {
class SupplyGrid;
}

namespace tongdian::app {

/// 2021-11-15 09:00 +08:00, where the demo's clock starts.
Instant demo_start();
Instant last_recorded(store::Session& session);
/// The city's time for a command that runs beside no server: a made-up city stands still at the end of its journal.
Instant city_time(const Foundation& f);

/// A made-up irregularity that was put into the made-up city: which detector should find it, and where.
struct Planted {
  std::string kind, number, subject;  ///< a case, or whose cases
  bool done = true;                   ///< false: the demo's day came before all of it had happened
};

struct DemoOptions {
  std::uint64_t seed = 20211115;
  int cases = 2000;
  /// Share of cases with a planted irregularity; the demo shows some, the bench counts which of many are found.
  double planted_share = 0.02;
  /// Managers a district. With one, nobody can be compared with anybody.
  int managers = 1;
};
/// Fills an empty data folder; leaves one alone that holds the demo; refuses one that holds a city (`demo.not_empty`).
/// `planted` hears what was put in.
/// With a network its cases have computed plans.
void ensure_demo(Foundation& foundation, const DemoOptions& options = {}, std::vector<Planted>* planted = nullptr,
                 supply::SupplyGrid* network = nullptr);
/// Who may sign in, and a case to follow, for the terminal.
std::string demo_sign_ins(store::Session& session);

}  // namespace tongdian::app
