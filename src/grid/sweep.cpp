#include "grid/sweep.hpp"

#include <algorithm>
#include <cmath>

#include "grid/lanes.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;

struct Arrays {  // plain pointers: the compiler must know that they do not overlap
  const Row* parent;
  const double *r, *x, *p, *q, *g, *b, *ip, *iq;
  double *v, *drop, *sum_p, *sum_q, *arriving_p, *arriving_q;
};

/// One pass over the rows [first, end) of a group; the largest |Δv|.
template <bool admittance, bool current>
[[gnu::always_inline]] inline double pass(const Arrays& a, Row first, Row end) {
  for (Row n = end; n-- > first;) {
    const double v = a.v[n];
    double p = a.sum_p[n] + a.p[n];
    double q = a.sum_q[n] + a.q[n];
    a.sum_p[n] = 0;
    a.sum_q[n] = 0;
    if constexpr (admittance) {
      p += a.g[n] * v;
      q -= a.b[n] * v;
    }
    if constexpr (current) {
      const double magnitude = std::sqrt(v);
      p += a.ip[n] * magnitude;
      q += a.iq[n] * magnitude;
    }
    const double r = a.r[n], x = a.x[n];
    const double l = (p * p + q * q) * (1 / v);
    a.arriving_p[n] = p;
    a.arriving_q[n] = q;
    a.drop[n] = 2 * (r * p + x * q) + (r * r + x * x) * l;
    const Row up = a.parent[n];
    a.sum_p[up] += p + r * l;
    a.sum_q[up] += q + x * l;
  }
  double most = 0;
  for (Row n = first; n < end; ++n) {
    const double v = a.v[a.parent[n]] - a.drop[n];
    const double moved = std::abs(v - a.v[n]);
    most = moved > most ? moved : most;
    a.v[n] = v;
  }
  return most;
}

TONGDIAN_LANES double pass_plain(const Arrays& a, Row first, Row end) { return pass<false, false>(a, first, end); }
TONGDIAN_LANES double pass_admittance(const Arrays& a, Row first, Row end) { return pass<true, false>(a, first, end); }
TONGDIAN_LANES double pass_current(const Arrays& a, Row first, Row end) { return pass<true, true>(a, first, end); }

/// Complex voltages from the top down, once: V = V_up − z·conj(S_up/V_up).
void write_voltages(const Feeders& f, const Arrays& a, const Feeders::Group& group, std::span<Complex> voltage) {
  const bool plain = f.ratio.empty();
  for (Row n = group.begin; n < group.first; ++n) voltage[f.bus[n]] = f.root_voltage[n];
  for (Row n = group.first; n < group.end; ++n) {
    const Row up = f.parent[n];
    Complex above = voltage[f.bus[up]];
    if (!plain) above *= f.ratio[up];
    const double p = a.arriving_p[n], q = a.arriving_q[n], r = f.r[n], x = f.x[n];
    const double l = (p * p + q * q) / a.v[n];
    const double send_p = p + r * l, send_q = q + x * l;
    const double scale = 1 / (above.real() * above.real() + above.imag() * above.imag());
    const double re = (send_p * above.real() + send_q * above.imag()) * scale;  // conj(S/V) = conj(S)·V/|V|²
    const double im = (send_p * above.imag() - send_q * above.real()) * scale;
    Complex v(above.real() - (r * re - x * im), above.imag() - (r * im + x * re));
    voltage[f.bus[n]] = plain ? v : v / f.ratio[n];
  }
}

/// The lowest |V|², or the first that is none at all: where a load has no solution, voltage gives way there.
Row lowest(std::span<const double> v, Row first, Row end) {
  Row worst = first;
  for (Row n = first; n < end; ++n) {
    if (!(v[n] > 0)) return n;
    if (v[n] < v[worst]) worst = n;
  }
  return worst;
}

}  // namespace

Sweep::Sweep(const Feeders& feeders) : feeders_(feeders) {
  for (auto* column : {&v_, &drop_, &sum_p_, &sum_q_, &arriving_p_, &arriving_q_}) column->resize(feeders.count());
  for (const auto& group : feeders.groups) {
    double least = 1;
    if (!feeders.ratio.empty())
      for (Row n = group.first; n < group.end; ++n) least = std::min(least, std::norm(feeders.ratio[n]));
    scale_.push_back(least);
  }
}

SweepEnd Sweep::solve(std::span<const double> p, std::span<const double> q, double tolerance,
                      std::span<Complex> voltage, int limit) {
  const Feeders& f = feeders_;
  const Arrays a{f.parent.data(), f.r.data(),    f.x.data(),    p.data(),           q.data(),
                 f.g.data(),      f.b.data(),    f.ip.data(),   f.iq.data(),        v_.data(),
                 drop_.data(),    sum_p_.data(), sum_q_.data(), arriving_p_.data(), arriving_q_.data()};
  const auto one_pass = !f.ip.empty() ? pass_current : f.with_admittance ? pass_admittance : pass_plain;
  SweepEnd end;
  for (std::size_t i = 0; i < f.groups.size(); ++i) {
    const auto& group = f.groups[i];
    for (Row n = group.begin; n < group.end; ++n) {
      v_[n] = n < group.first ? std::norm(f.root_voltage[n]) : v_[f.parent[n]];
      sum_p_[n] = sum_q_[n] = 0;
    }
    // |Δ|V|| is half of Δv at 1 p.u., and no more than Δv down to half of it. Rounding moves v by some 1e-15.
    const double enough = std::max(tolerance, 1e-14) * scale_[i];
    double change = 0;
    int iteration = 0;
    do {
      change = one_pass(a, group.first, group.end);
      ++iteration;
    } while (!(change <= enough) && std::isfinite(change) && iteration < limit);
    end.iterations = std::max(end.iterations, iteration);
    end.change = std::max(end.change, change / scale_[i]);
    // A maximum passes over NaN, so what seems to have come to rest is looked at once more.
    const Row low = lowest(v_, group.first, group.end);
    if (end.converged && !(change <= enough && v_[low] > 0)) {
      end.converged = false;
      end.worst = f.bus[low];
    }
    write_voltages(f, a, group, voltage);
  }
  return end;
}

}  // namespace tongdian::grid
