// The made-up network under the made-up city: where its cases want their power, and what the network answers them. A small city's
// network reaches some districts only; elsewhere plans are words, as where a city has no network loaded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/foundation.hpp"
#include "base/random.hpp"
#include "supply/supply_grid.hpp"

namespace tongdian::app {

/// The network's answer to one case, as its event keeps it.
struct DemoPlan {
  json::Value draft;
  std::string connection_point;
  std::string whitelist;    ///< a kind of 三(三)1 where nothing fits, or empty
  std::string limit, cure;  ///< of its works: what the best candidate breaks, and what would mend that
};

class DemoNetwork {
 public:
  DemoNetwork(Foundation& foundation, supply::SupplyGrid& grid, std::uint64_t seed);

  /// Nothing where the network does not reach the case's district, and for plans before the computation was introduced.
  std::optional<DemoPlan> plan(const policy::Facts& facts, std::string_view boundary, const std::string& area,
                               Instant now);

 private:
  struct District {
    std::vector<grid::Row> low, middle;  ///< nodes that a customer may stand beside
  };
  [[nodiscard]] bool is_small() const;
  void count_promises(LocalDate today);
  supply::Question question(const policy::Facts& facts, std::string_view boundary, const District& district);
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_.engine());
  }

  Foundation& f_;
  supply::SupplyGrid& grid_;
  SeededRandom random_;
  std::map<std::string, District> districts_;  ///< by the area's code
  std::optional<LocalDate> counted_on_;
};

}  // namespace tongdian::app
