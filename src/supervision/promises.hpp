// How likely a promised date is, from the city's own history, and how well such figures have held.
//
// The history is, for each class, stage and limit, how many working days the stage took in cases that are over it. What is left of a
// running case is the convolution of the stages to come with what the running one still needs, given that it has lasted as long
// as it has. No stage is assumed to follow any law; times of different stages are taken as independent, which the calibration
// would show if it were badly wrong. Every submission is given a probability from the cases before it alone, and judged when the case
// ends: the calibration is of held-out cases throughout.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "supervision/trail.hpp"

namespace tongdian::supervision {

class Promises {
 public:
  static constexpr int longest = 64;           ///< working days; what takes longer counts as this
  static constexpr std::uint32_t fewest = 20;  ///< cases of a stage before it says anything

  /// After `take` of an event.
  void see(Trail& trail, const Moved& moved, LocalDate today, const Days& days);

  struct Forecast {
    double on_time = 0;                 ///< probability that the grid side keeps to its target
    std::array<int, 3> working_days{};  ///< from the end of `today`: by then with 50, 80 and 90 %
    std::uint32_t cases = 0;            ///< the fewest that a stage of it rests on
  };
  /// For a case as it is at the end of `today`, the customer taking no further time (A45). Nothing where a stage has too little
  /// history, or the case is over.
  [[nodiscard]] std::optional<Forecast> forecast(const Trail& trail, LocalDate today, const Days& days) const;

  struct Bin {
    std::uint32_t cases = 0, on_time = 0;
    double promised = 0;  ///< sum of the probabilities
  };
  struct Calibration {
    std::uint32_t cases = 0;
    double brier = 0, brier_of_base_rate = 0;  ///< mean squared error; of the constant that the whole shows
    std::array<Bin, 10> bins{};
  };
  [[nodiscard]] Calibration calibration() const;

 private:
  struct Times {
    std::uint32_t n = 0;
    std::array<std::uint32_t, longest + 1> days{};
  };
  [[nodiscard]] const Times* times_of(const Trail& trail, std::size_t stage) const;

  /// {class, stage, limit}: one class has other limits with works than without, and other times.
  std::map<std::tuple<Name, Name, int>, Times> times_;
  std::array<Bin, 10> bins_{};
  double squares_ = 0;
};

json::Object to_json(const Promises::Calibration& calibration);

}  // namespace tongdian::supervision
