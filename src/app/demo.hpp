// The made-up city: Yantai's areas, people who do not exist, and some 2,000 cases made by the real engine from a seed.
#pragma once

#include <string>

#include "app/foundation.hpp"

namespace tongdian::app {

/// 2021-11-15 09:00 +08:00, where the demo's clock starts.
Instant demo_start();
Instant last_recorded(store::Session& session);

struct DemoOptions {
  std::uint64_t seed = 20211115;
  int cases = 2000;
};
/// Fills an empty data folder; leaves one alone that holds the demo; refuses one that holds a city (`demo.not_empty`).
void ensure_demo(Foundation& foundation, const DemoOptions& options = {});
/// Who may sign in, and a case to follow, for the terminal.
std::string demo_sign_ins(store::Session& session);

}  // namespace tongdian::app
