// Another way to the same answer, for comparison alone: a full admittance matrix, powers as functions of magnitude and angle, and a
// Jacobian by differences. Nothing of it is shared with what it checks but the network.
#pragma once

#include <cassert>
#include <cmath>
#include <complex>
#include <vector>

#include "grid/network.hpp"

namespace tongdian::grid {

class DenseFlow {
 public:
  explicit DenseFlow(const Network& network) : n_(network.nodes.count()), network_(network), y_(n_ * n_), fixed_(n_) {
    const auto& b = network.branches;
    for (Row i = 0; i < b.count(); ++i) {
      if (!b.closed(i)) continue;
      const auto s = 1.0 / b.z[i];
      const auto a = b.ratio[i];
      y_[b.from[i] * n_ + b.from[i]] += (s + b.y[i]) / (a * std::conj(a));
      y_[b.from[i] * n_ + b.to[i]] -= s / std::conj(a);
      y_[b.to[i] * n_ + b.from[i]] -= s / a;
      y_[b.to[i] * n_ + b.to[i]] += s + b.y[i];
    }
    for (Row i = 0; i < network.shunts.count(); ++i)
      y_[network.shunts.node[i] * n_ + network.shunts.node[i]] += network.shunts.y[i];
    magnitude_.assign(n_, 1);
    angle_.assign(n_, 0);
    for (Row i = 0; i < network.sources.count(); ++i) {
      const Row node = network.sources.node[i];
      fixed_[node] = 2;
      for (Row k = 0; k < n_; ++k) angle_[k] = std::arg(network.sources.voltage[i]);
      magnitude_[node] = std::abs(network.sources.voltage[i]);
    }
    for (Row i = 0; i < network.regulating.count(); ++i) {
      fixed_[network.regulating.node[i]] = 1;
      magnitude_[network.regulating.node[i]] = network.regulating.v_pu[i];
    }
  }

  std::vector<std::complex<double>> solve() {
    follow_shifts();
    for (int iteration = 0; iteration < 30; ++iteration) {
      const auto f = mismatch();
      const std::size_t m = f.size();
      std::vector<double> jacobian(m * m);
      std::size_t column = 0;
      each_unknown([&](double& unknown) {
        const double kept = unknown, h = 1e-7;
        unknown = kept + h;
        const auto up = mismatch();
        unknown = kept - h;
        const auto down = mismatch();
        unknown = kept;
        for (std::size_t i = 0; i < m; ++i) jacobian[i * m + column] = (up[i] - down[i]) / (2 * h);
        ++column;
      });
      const auto step = eliminate(jacobian, f);
      column = 0;
      each_unknown([&](double& unknown) { unknown -= step[column++]; });
    }
    std::vector<std::complex<double>> out;
    for (Row i = 0; i < n_; ++i) out.push_back(std::polar(magnitude_[i], angle_[i]));
    return out;
  }

 private:
  /// Angles that start where the transformers' shifts put them, by going along the branches.
  void follow_shifts() {
    std::vector<bool> known(n_);
    for (Row i = 0; i < network_.sources.count(); ++i) known[network_.sources.node[i]] = true;
    const auto& b = network_.branches;
    for (Row round = 0; round < n_; ++round)
      for (Row i = 0; i < b.count(); ++i) {
        const Row from = b.from[i], to = b.to[i];
        if (known[from] == known[to]) continue;
        if (known[from])
          angle_[to] = angle_[from] - std::arg(b.ratio[i]);
        else
          angle_[from] = angle_[to] + std::arg(b.ratio[i]);
        known[from] = known[to] = true;
      }
  }

  template <class Use>
  void each_unknown(Use use) {
    for (Row i = 0; i < n_; ++i)
      if (fixed_[i] < 2) use(angle_[i]);
    for (Row i = 0; i < n_; ++i)
      if (fixed_[i] < 1) use(magnitude_[i]);
  }

  std::vector<double> mismatch() const {
    std::vector<std::complex<double>> s(n_);
    for (Row i = 0; i < network_.loads.count(); ++i) {
      const Row node = network_.loads.node[i];
      s[node] += network_.loads.s[i] * std::pow(magnitude_[node], static_cast<int>(network_.loads.kind[i]));
    }
    for (Row i = 0; i < network_.regulating.count(); ++i) s[network_.regulating.node[i]] -= network_.regulating.p[i];
    std::vector<double> f;
    std::vector<double> reactive;
    for (Row i = 0; i < n_; ++i) {
      if (fixed_[i] == 2) continue;
      std::complex<double> sum = s[i];
      for (Row k = 0; k < n_; ++k)
        sum += std::polar(magnitude_[i] * magnitude_[k], angle_[i] - angle_[k]) * std::conj(y_[i * n_ + k]);
      f.push_back(sum.real());
      if (fixed_[i] == 0) reactive.push_back(sum.imag());
    }
    f.insert(f.end(), reactive.begin(), reactive.end());
    return f;
  }

  static std::vector<double> eliminate(std::vector<double> a, std::vector<double> x) {
    const std::size_t m = x.size();
    for (std::size_t k = 0; k < m; ++k) {
      std::size_t pivot = k;
      for (std::size_t i = k + 1; i < m; ++i)
        if (std::abs(a[i * m + k]) > std::abs(a[pivot * m + k])) pivot = i;
      for (std::size_t c = 0; c < m; ++c) std::swap(a[k * m + c], a[pivot * m + c]);
      std::swap(x[k], x[pivot]);
      for (std::size_t i = k + 1; i < m; ++i) {
        const double f = a[i * m + k] / a[k * m + k];
        for (std::size_t c = k; c < m; ++c) a[i * m + c] -= f * a[k * m + c];
        x[i] -= f * x[k];
      }
    }
    for (std::size_t k = m; k-- > 0;) {
      for (std::size_t c = k + 1; c < m; ++c) x[k] -= a[k * m + c] * x[c];
      x[k] /= a[k * m + k];
    }
    return x;
  }

  Row n_;
  const Network& network_;
  std::vector<std::complex<double>> y_;
  std::vector<int> fixed_;  // 0 free, 1 its |V| is held, 2 known
  std::vector<double> magnitude_, angle_;
};

inline std::vector<std::complex<double>> dense_flow(const Network& network) { return DenseFlow(network).solve(); }

}  // namespace tongdian::grid
