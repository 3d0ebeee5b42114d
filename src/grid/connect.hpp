// Connection points 接入点: for a place and a load, where it may be connected, ranked safe, economic, practical (三(三)1), public
// lines first; what each rejected candidate would break; and where nothing fits, what would cure it.
#pragma once

#include <memory>
#include <optional>

#include "grid/capacity.hpp"
#include "grid/levels.hpp"
#include "grid/standards.hpp"

namespace tongdian::grid {

enum class Boundary : std::uint8_t { meter, red_line, ownership_point };

struct ConnectQuestion {
  double longitude = 0, latitude = 0;
  double kw = 0;
  Level level = Level::middle;
  int sources = 1;
  bool important = false;  ///< then two sources come from two substations
  Boundary boundary = Boundary::ownership_point;
  double to_red_line_m = 0;  ///< from the place to its red line
  bool look_up = true;       ///< N-1 and firm capacity, where the open capacity is known
};

struct Candidate {
  Row node = none;
  bool public_line = true;  ///< false: a line of its own from a substation's busbar
  double straight_m = 0, route_m = 0;
  bool by_road = false;  ///< the route is along roads; else straight with a factor
  bool fits = false;
  Limit broken = Limit::asked;                          ///< the limit that it breaks, where it does not fit
  Row element = none;                                   ///< as in NodeCapacity
  double value = 0, limit = 0;                          ///< p.u., where a flow was solved
  double lowest_pu = 0;                                 ///< at the place, in the worst hour
  double left_kw = 0;                                   ///< what the node could still take afterwards
  double cost_utility = 0, cost_user = 0;               ///< yuan
  Row feeder = none, busbar = none, substation = none;  ///< head branch, node, row
};

struct Cure {
  enum class Kind : std::uint8_t { reinforce, regulate, enlarge_substation, new_line, tie };
  Kind kind;
  Row element;
  double need_mva;  ///< for a reinforcement: what it must carry
};

struct ConnectAnswer {
  std::vector<Candidate> candidates;  ///< those that fit first, in rank; then the rejected ones, the nearest first
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  ///< of candidates that fit, for two sources, best first
  std::vector<Cure> cures;                                 ///< where nothing fits
  bool micro_beyond_capacity = false, outside_planned_grid = false;  ///< the two kinds of the whitelist 白名单 (R33)
};

/// A feeder through the year: of every element the worst of the hours that bind its part.
struct FeederState {
  struct Element {
    Row node, parent;      ///< the parent as a place in `elements`; `none` for the busbar or source that feeds it
    Row via;               ///< the branch to the parent
    double lowest_pu = 0;  ///< of |V|
    double share = 0;      ///< highest current over its limit; 0 where no limit is known
    double kw = 0;         ///< drawn at the node itself, at most
  };
  bool solved = true;             ///< false: with this load some hour has no solution
  std::vector<Element> elements;  ///< parents first
};

/// A city made ready for questions. All arguments must outlive it.
class ConnectPoints {
 public:
  ConnectPoints(const Network& network, const Surroundings& around, const Standards& standards);
  /// The same network with other loads approved: what `before` has worked out of the rest is taken over. `around` must outlive it.
  ConnectPoints(const ConnectPoints& before, const Surroundings& around);
  ~ConnectPoints();
  ConnectPoints(ConnectPoints&&) noexcept;

  /// False where the network is not radial or has no places.
  [[nodiscard]] bool ok() const;
  /// The list that is published; with it N-1 and firm capacity are looked up, without it they are not checked. Solves every part in
  /// the hours that bind it, which a question would otherwise do for the parts that it reaches.
  void use(const Capacity& capacity);
  [[nodiscard]] const Limits& limits() const;
  /// Whether there is any node at which that level is supplied.
  [[nodiscard]] bool has(Level level) const;
  [[nodiscard]] ConnectAnswer ask(const ConnectQuestion& question) const;
  /// Branches by which feeders hang on their busbars.
  [[nodiscard]] std::vector<Row> feeders() const;
  /// The one of them that the node hangs on, or `none`: a busbar, or what nothing feeds.
  [[nodiscard]] Row feeder_of(Row node) const;
  /// The feeder behind one of them, with `kw` more at a node of it (`none`: as it is). nullopt where the branch is none.
  [[nodiscard]] std::optional<FeederState> feeder(Row head, Row node, double kw) const;

 private:
  struct City;
  std::unique_ptr<City> city_;
};

}  // namespace tongdian::grid
