#include "supervision/promises.hpp"

#include <algorithm>

namespace tongdian::supervision {
namespace {

using Distribution = std::array<double, Promises::longest + 1>;

/// Sums beyond the longest time stay at it.
Distribution convolved(const Distribution& a, const Distribution& b) {
  Distribution out{};
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    for (std::size_t j = 0; j < b.size(); ++j) out[std::min(i + j, out.size() - 1)] += a[i] * b[j];
  }
  return out;
}

}  // namespace

const Promises::Times* Promises::times_of(const Trail& t, std::size_t stage) const {
  const auto& s = t.stages[stage];
  const auto found = times_.find({t.klass, s.id, s.limit_wd});
  return found == times_.end() || found->second.n < fewest ? nullptr : &found->second;
}

std::optional<Promises::Forecast> Promises::forecast(const Trail& t, LocalDate today, const Days& days) const {
  if (!t.decided || t.ended_at || t.current >= t.stages.size()) return {};
  Distribution left{};
  left[0] = 1;
  std::uint32_t cases = ~0u;
  for (std::size_t i = t.current; i < t.stages.size(); ++i) {
    const auto* times = times_of(t, i);
    if (!times) return {};
    // Of the running stage: given that it has lasted so long, what is still to come.
    const auto lasted = i == t.current ? std::clamp(used_wd(t.stages[i], today, days).value_or(0), 0, longest) : 0;
    Distribution stage{};
    double all = 0;
    for (auto d = static_cast<std::size_t>(lasted); d < stage.size(); ++d) all += times->days[d];
    // Longer than any before it: it may end on any day, the next one is as good a guess as the history has.
    if (all == 0) stage[1] = 1;
    for (auto d = static_cast<std::size_t>(lasted); all > 0 && d < stage.size(); ++d)
      stage[d - static_cast<std::size_t>(lasted)] = times->days[d] / all;
    left = convolved(left, stage);
    cases = std::min(cases, times->n);
  }
  const auto used = used_wd(t, today, days);
  if (!used) return {};
  Forecast out;
  out.cases = cases;
  const int budget = t.target_wd - *used;
  double sum = 0;
  constexpr std::array shares{0.5, 0.8, 0.9};
  std::size_t next = 0;
  for (int d = 0; d <= longest; ++d) {
    sum += left[static_cast<std::size_t>(d)];
    if (d <= budget) out.on_time = sum;
    while (next < shares.size() && sum >= shares[next] - 1e-12) out.working_days[next++] = d;
  }
  out.on_time = std::clamp(out.on_time, 0.0, 1.0);
  return out;
}

void Promises::see(Trail& t, const Moved& moved, LocalDate today, const Days& days) {
  if (moved.opened)
    if (const auto f = forecast(t, today, days)) t.promised = f->on_time;
  if (moved.ended >= 0) {
    const auto& stage = t.stages[static_cast<std::size_t>(moved.ended)];
    if (const auto used = used_wd(stage, today, days)) {
      auto& times = times_[{t.klass, stage.id, stage.limit_wd}];
      ++times.n;
      ++times.days[static_cast<std::size_t>(std::clamp(*used, 0, longest))];
    }
  }
  if (!moved.finished || t.promised < 0) return;
  const auto used = used_wd(t, today, days);
  if (!used) return;
  const double kept = *used <= t.target_wd ? 1 : 0;
  auto& bin = bins_[std::min<std::size_t>(9, static_cast<std::size_t>(t.promised * 10))];
  ++bin.cases;
  bin.on_time += kept > 0;
  bin.promised += t.promised;
  squares_ += (t.promised - kept) * (t.promised - kept);
}

Promises::Calibration Promises::calibration() const {
  Calibration out;
  out.bins = bins_;
  std::uint32_t kept = 0;
  for (const auto& bin : bins_) out.cases += bin.cases, kept += bin.on_time;
  if (out.cases == 0) return out;
  const double rate = static_cast<double>(kept) / out.cases;
  out.brier = squares_ / out.cases;
  out.brier_of_base_rate = rate * (1 - rate);
  return out;
}

json::Object to_json(const Promises::Calibration& c) {
  json::Array bins;
  for (std::size_t i = 0; i < c.bins.size(); ++i) {
    const auto& b = c.bins[i];
    if (b.cases == 0) continue;
    bins.push_back(json::Object{{"from", static_cast<double>(i) / 10},
                                {"to", static_cast<double>(i + 1) / 10},
                                {"cases", b.cases},
                                {"promised", b.promised / b.cases},
                                {"kept", static_cast<double>(b.on_time) / b.cases}});
  }
  return {
      {"cases", c.cases}, {"brier", c.brier}, {"brier_of_base_rate", c.brier_of_base_rate}, {"bins", std::move(bins)}};
}

}  // namespace tongdian::supervision
