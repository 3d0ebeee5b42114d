// How much more a node may draw before a limit breaks: for every limb of a solved tree at once by the impedances that ways share,
// then exactly for one of them by solving with the load in place.
#pragma once

#include <span>
#include <vector>

#include "grid/limbs.hpp"
#include "grid/transfer.hpp"

namespace tongdian::grid {

/// Limits of a tree of limbs, by limb.
struct LimbLimits {
  std::vector<double> min_pu, max_pu, current;  ///< infinite where none is known
  /// The limb below which a voltage that is broken already counts: itself for one that hangs on a busbar. A low voltage at the
  /// end of one feeder does not close the others.
  std::vector<Row> feeder;
};

struct Room {
  double power = 0;                 ///< p.u. of active power that may be added; 0 where a limit is broken already
  Breach breach = Breach::nothing;  ///< what binds, at the limb `element`: nothing where nothing is known to
  Row element = none;
};

class Headroom {
 public:
  /// `angle`: reactive over active power of what is added. The limbs are solved already.
  Headroom(std::span<const Limb> limbs, const LimbLimits& limits, double angle);

  /// By linearisation, for every limb.
  [[nodiscard]] const std::vector<Room>& rooms() const { return rooms_; }

  /// With the load in place: from the estimate to within 0.1 % or `least` p.u., on the side where every limit holds. What is
  /// solved is the limb's feeder and the way above it; other feeders stay as the power that they draw there, and their
  /// voltages fall with that of the busbar.
  /// `at_most` is what is asked for at most, p.u. of power.
  Room exact(Row limb, bool with_current_loads, double at_most, double least);

  /// Solves with `power` more at the limb. Positive: the distance to the limit that is nearest; negative: broken; the limb and
  /// what it is stand in `binding`. Not converged counts as broken.
  double margin(Row limb, double power, bool with_current_loads, Room* binding = nullptr);

  /// After `margin`, at a limb of its feeder or the way above.
  [[nodiscard]] double voltage_at(Row limb) const { return std::abs(trial_[small_at_[limb]].v); }
  [[nodiscard]] double current_at(Row limb) const { return std::abs(trial_[small_at_[limb]].through); }

 private:
  void estimate();
  void focus(Row feeder);

  std::span<const Limb> limbs_;
  const LimbLimits& limits_;
  Complex per_power_;
  std::vector<Room> rooms_;
  std::vector<double> spare_;  // least voltage to spare at and below each limb, p.u.

  // The feeder in focus, and the way above it.
  Row focus_ = none;
  std::vector<Row> original_, small_at_;
  std::vector<Limb> small_, trial_;
  std::vector<double> small_min_;
  std::vector<char> on_way_;
};

}  // namespace tongdian::grid
