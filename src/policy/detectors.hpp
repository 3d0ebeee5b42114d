// The settings of the detectors 监测: which run, their thresholds, and what could explain a finding innocently. They stand in the
// pack's `detectors.yaml`, for a city answers for whom it suspects; the statistics are described in docs/supervision.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tongdian::policy {

struct Detector {
  std::string id;  ///< "recorded_late"
  Sentence name;
  Sentence innocent;  ///< what could explain it
  std::vector<std::string> clauses;
  std::map<std::string, double, std::less<>> limits;

  /// A threshold that the lint made sure of.
  [[nodiscard]] double limit(std::string_view key) const { return limits.find(key)->second; }
};

}  // namespace tongdian::policy
