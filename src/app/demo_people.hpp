// Names, places and wishes that do not exist. Phone numbers are 1380000xxxx, addresses on 示例路 "Example Road".
#pragma once

#include "base/random.hpp"
#include "journeys/application.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {

class DemoPeople {
 public:
  DemoPeople(const policy::Pack& pack, SeededRandom& random) : pack_(pack), random_(random) {}
  /// An application of one of the city's kinds, in a natural mix; `opens` is left to the caller.
  journeys::Submission application();
  journeys::Submission low_risk_project();

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_.engine()); }
  bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_.engine()) < share; }
  void place(journeys::Submission& s);
  void resident(journeys::Submission& s);
  void firm(journeys::Submission& s);
  void high_voltage(policy::Facts& f);
  void route(policy::Facts& f);

  const policy::Pack& pack_;
  SeededRandom& random_;
};

}  // namespace tongdian::app
