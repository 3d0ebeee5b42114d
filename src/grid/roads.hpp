// Roads as a graph: how far it is along them from one place to others. A cable follows streets; the straight line between two places
// says little where a river or a block of houses lies between.
//
// Places stand on the plane in metres. A place reaches the network at its foot: the nearest point of the nearest road.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tongdian::grid {

class Roads {
 public:
  using Point = std::pair<double, double>;  ///< metres east, north
  /// Lines of at least two points; lines meet where they have a point in common, to a centimetre.
  explicit Roads(const std::vector<std::vector<Point>>& lines);
  ~Roads();
  Roads(Roads&&) noexcept;

  struct Foot {
    std::int32_t edge = -1;  ///< −1: there is no road
    double along = 0;        ///< metres from the edge's first end
    double away = 0;         ///< metres from the place to the road
  };
  [[nodiscard]] Foot foot(Point place) const;
  /// Whether some way leads from the one to the other, however long.
  [[nodiscard]] bool joined(const Foot& one, const Foot& other) const;

  /// Metres along roads from a foot to every crossing that is nearer than `most` (E. W. Dijkstra, Numer. Math. 1 (1959)); infinite to
  /// the others.
  class Distances {
   public:
    /// Metres from the one place to the other: to the road, along it, and from it. Infinite where no way is as short as `most`.
    [[nodiscard]] double to(const Foot& place) const;
    [[nodiscard]] const Foot& origin() const { return from_; }

   private:
    friend class Roads;
    const Roads* roads_ = nullptr;
    Foot from_;
    double most_ = 0;
    std::vector<std::pair<std::int32_t, double>> reached_;  // by crossing, in order of it
    [[nodiscard]] double at(std::int32_t crossing) const;
  };
  [[nodiscard]] Distances from(const Foot& place, double most) const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

}  // namespace tongdian::grid
