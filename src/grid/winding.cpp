#include "grid/winding.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
constexpr double base_va = 1e6;

double rest(double whole, double part) { return std::sqrt(std::max(0.0, whole * whole - part * part)); }

/// Magnetising admittance, p.u., of both halves together.
Complex magnetising(const Nameplate& plate, double i0, double p0) {
  const double to_pu = plate.u2_rated * plate.u2_rated / base_va / (plate.u2 * plate.u2);
  return Complex(p0, -rest(i0 * plate.sn, p0)) * to_pu;
}

Complex per_unit(Complex ohm, double rated) { return ohm * base_va / (rated * rated); }

/// Admittances of one sequence: ff, ft, tf, tt, and what stands when the other end is open.
struct Sequence {
  Complex ff, ft, tf, tt, ff_alone, tt_alone;
};

Sequence sequence_of(Complex z, Complex y_half, Complex ratio) {
  const Complex series = 1.0 / z;
  const double square = std::norm(ratio);
  const Complex alone = y_half + (y_half == 0.0 ? 0.0 : y_half / (1.0 + z * y_half));
  return {
      (series + y_half) / square, -series / std::conj(ratio), -series / ratio, series + y_half, alone / square, alone};
}

/// A winding alone: earthed through `earthing`, p.u. of its own side.
Complex to_earth(Complex y, Complex earthing) { return y == 0.0 ? 0.0 : 1.0 / (1.0 / y + 3.0 * earthing); }

bool leads_zero(Winding here, Winding there) {
  if (here == Winding::zigzag_n) return true;
  return here == Winding::wye_n && (there == Winding::wye_n || there == Winding::delta);
}

Sequence zero_sequence(const Nameplate& plate, const TransformerBranch& b) {
  const double k = std::abs(b.ratio);
  const Complex earthing_from = per_unit(plate.earthing_from, plate.u1_rated) / (k * k);
  const Complex earthing_to = per_unit(plate.earthing_to, plate.u2_rated);
  const Complex shunt = magnetising(plate, plate.i0_zero, plate.p0_zero);
  Sequence out{};
  if (plate.from == Winding::wye_n && plate.to == Winding::wye_n) {
    const int clock = ((plate.clock % 12) + 12) % 12;
    const double sign =
        clock == 2 || clock == 6 || clock == 10 ? -1 : 1;  // the winding is connected the other way round
    out = sequence_of(b.z + 3.0 * (earthing_to + earthing_from), shunt / 2.0, sign * k);
  } else if (plate.from == Winding::wye_n) {
    // A delta on the other side short-circuits the zero sequence.
    out.ff = to_earth(shunt + (plate.to == Winding::delta ? 1.0 / b.z : 0.0), earthing_from) / (k * k);
  } else if (plate.to == Winding::wye_n) {
    out.tt = to_earth(shunt + (plate.from == Winding::delta ? 1.0 / b.z : 0.0), earthing_to);
  }
  // A zigzag winding is its own short circuit, with a tenth of the impedance.
  if (plate.from == Winding::zigzag_n) out.ff = to_earth(10.0 / b.z, earthing_from) / (k * k);
  if (plate.to == Winding::zigzag_n) out.tt = to_earth(10.0 / b.z, earthing_to);
  const bool through = plate.from == Winding::wye_n && plate.to == Winding::wye_n;
  if (!through) {
    out.ff_alone = out.ff;
    out.tt_alone = out.tt;
  }
  const Complex hold(0, -1e-8 * plate.sn / base_va / plate.uk);
  if (!leads_zero(plate.from, plate.to)) {
    out.ff += hold;
    out.ff_alone += hold;
  }
  if (!leads_zero(plate.to, plate.from)) {
    out.tt += hold;
    out.tt_alone += hold;
  }
  return out;
}

}  // namespace

TransformerBranch branch_of(const Nameplate& plate) {
  const double ohm = plate.u2 * plate.u2 / plate.sn;
  const double z = std::abs(plate.uk) * ohm;
  const double r = plate.pk / plate.sn * ohm;
  const double x = std::copysign(rest(z, r), plate.uk);
  const double k = plate.u1 / plate.u2 * plate.u2_rated / plate.u1_rated;
  return {per_unit({r, x}, plate.u2_rated), magnetising(plate, plate.i0, plate.p0) / 2.0,
          std::polar(k, plate.clock * std::numbers::pi / 6)};
}

PhasePort phase_port_of(const Nameplate& plate) {
  const auto b = branch_of(plate);
  const Sequence positive = sequence_of(b.z, b.y, b.ratio);
  const Sequence negative = sequence_of(b.z, b.y, std::conj(b.ratio));
  const Sequence zero = zero_sequence(plate, b);
  const auto phases = [&](Complex Sequence::*part) { return phases_of(zero.*part, positive.*part, negative.*part); };
  return {phases(&Sequence::ff), phases(&Sequence::ft),       phases(&Sequence::tf),
          phases(&Sequence::tt), phases(&Sequence::ff_alone), phases(&Sequence::tt_alone)};
}

double at_tap(double pos, double min, double max, double nominal, double value, double value_min, double value_max) {
  const bool towards_max = pos <= std::max(nominal, max) && pos >= std::min(nominal, max);
  const double end = towards_max ? max : min;
  if (end == nominal) return value;
  return value + (pos - nominal) * ((towards_max ? value_max : value_min) - value) / (end - nominal);
}

}  // namespace tongdian::grid
