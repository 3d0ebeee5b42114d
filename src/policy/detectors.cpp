// Reads detectors.yaml. A detector that the pack does not name does not run; a threshold that it needs must be there, within
// bounds in which it means something.
#include "policy/detectors.hpp"

#include <algorithm>
#include <array>

#include "policy/model.hpp"

namespace tongdian::policy {
namespace {

struct Threshold {
  std::string_view detector, key;
  double low, high;
};
constexpr double share = 1, hours = 24 * 366, count = 1'000'000;
/// Bounds of sanity, not of law.
constexpr std::array thresholds{
    Threshold{"recorded_late", "hours", 0, hours},
    Threshold{"recorded_late", "strong_hours", 0, hours},
    Threshold{"burst", "steps", 2, 100},
    Threshold{"burst", "minutes", 0, 24 * 60},
    Threshold{"burst", "strong_steps", 2, 100},
    Threshold{"works_before_acceptance", "tolerance_hours", 0, hours},
    Threshold{"works_before_acceptance", "strong_hours", 0, hours},
    Threshold{"contract_before_plan", "tolerance_hours", 0, hours},
    Threshold{"contract_before_plan", "strong_hours", 0, hours},
    Threshold{"opened_again", "days", 1, 366},
    Threshold{"stage_reopened", "times", 1, 100},
    Threshold{"last_day_hand_over", "min_limit_wd", 2, 100},
    Threshold{"last_day_hand_over", "min_cases", 2, count},
    Threshold{"last_day_hand_over", "alpha", 0, share},
    Threshold{"too_regular", "min_cases", 3, count},
    Threshold{"too_regular", "max_variation", 0, share},
    Threshold{"too_short", "minutes", 0, 24 * 60},
    Threshold{"too_short", "min_limit_wd", 1, 100},
    Threshold{"at_night", "from_hour", 0, 24},
    Threshold{"at_night", "to_hour", 0, 24},
    Threshold{"at_night", "strong_steps", 1, 100},
    Threshold{"three_designated", "min_cases", 2, count},
    Threshold{"three_designated", "alpha", 0, share},
    Threshold{"document_beyond_list", "strong_times", 1, 100},
    Threshold{"charge_without_item", "strong_fen", 0, 1e12},
    Threshold{"channel_difference", "min_cases", 2, count},
    Threshold{"channel_difference", "alpha", 0, share},
    Threshold{"channel_difference", "from_hour", 0, 24},
    Threshold{"channel_difference", "to_hour", 0, 24},
};

void read_limits(const Yaml& at, Detector& out) {
  std::vector<std::string_view> known;
  for (const auto& t : thresholds) {
    if (t.detector != out.id) continue;
    known.push_back(t.key);
    const Yaml value = at.need(t.key);
    const double number = value ? value.number() : 0;
    if (value && (number < t.low || number > t.high))
      value.complain("pack.wrong_value", {"阈值超出合理范围", "the threshold is outside its bounds"},
                     {"写 " + std::to_string(t.low) + " 至 " + std::to_string(t.high),
                      "write " + std::to_string(t.low) + " to " + std::to_string(t.high)});
    out.limits.emplace(t.key, number);
  }
  for (const auto& [key, value] : at.entries())
    if (std::ranges::find(known, key.raw()) == known.end())
      key.complain("pack.unknown_key", {"该监测项没有阈值 " + key.raw(), "the detector has no threshold " + key.raw()},
                   {"删去，或改正名称", "leave it out, or mend its name"});
}

}  // namespace

void read_detectors(PackModel& model, const Yaml& file) {
  file.only({"detectors"});
  for (const auto& [key, value] : file.need("detectors").entries()) {
    value.only({"name", "innocent", "clauses", "limits"});
    const std::string id = key.raw();
    if (std::ranges::none_of(thresholds, [&](const Threshold& t) { return t.detector == id; })) {
      key.complain("pack.unknown_key", {"没有监测项 " + id, "there is no detector " + id},
                   {"见 docs/supervision.md 的清单", "see the list in docs/supervision.md"});
      continue;
    }
    Detector out{id,
                 value.need("name").sentence(),
                 value.need("innocent").sentence(),
                 model.text.ids(model.text.cited(value.need("clauses"))),
                 {}};
    read_limits(value.need("limits"), out);
    model.detectors.push_back(std::move(out));
  }
}

}  // namespace tongdian::policy
