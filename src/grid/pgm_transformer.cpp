#include "grid/pgm_transformer.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace tongdian::grid {
namespace {

double positive(const Record& r, std::string_view key) {
  const double value = r.number(key);
  if (!(value > 0)) bad_value(r.place(key), "应为正数", "a positive number belongs here");
  return value;
}

Winding winding(const Record& r, std::string_view key) {
  const auto code = r.integer(key);
  if (code < 0 || code > 4)
    bad_value(
        r.place(key), "未知的绕组接法", "unknown winding",
        {"0 星形，1 星形接地，2 三角形，3 曲折形，4 曲折形接地", "0 wye, 1 wye_n, 2 delta, 3 zigzag, 4 zigzag_n"});
  return static_cast<Winding>(code);
}

/// Odd clocks turn a star into a delta or zigzag, even ones do not.
int clock(const Record& r, std::string_view key, Winding one, Winding other) {
  const auto hours = r.integer(key);
  const auto is_star = [](Winding w) { return w == Winding::wye || w == Winding::wye_n; };
  if (hours < -12 || hours > 12 || (hours % 2 == 0) != (is_star(one) == is_star(other)))
    bad_value(r.place(key), "该绕组接法没有这个钟点数", "these windings have no such clock number",
              {"两侧同为星形或同不为星形时为偶数，否则为奇数", "even between two stars or two others, else odd"});
  return static_cast<int>(hours);
}

struct Tap {
  double pos, min, max, nominal, size, direction;

  explicit Tap(const Record& r)
      : min(static_cast<double>(r.integer_or("tap_min", 0))),
        max(static_cast<double>(r.integer_or("tap_max", 0))),
        nominal(static_cast<double>(r.integer_or("tap_nom", 0))),
        size(r.number_or("tap_size", 0)),
        direction(max > min ? 1 : -1) {
    const auto given = static_cast<double>(r.integer_or("tap_pos", r.integer_or("tap_nom", 0)));
    pos = std::clamp(given, std::min(min, max), std::max(min, max));
  }
  [[nodiscard]] double volts() const { return direction * (pos - nominal) * size; }
  /// uk, pk and their like, between their values at the ends.
  [[nodiscard]] double adjust(const Record& r, const std::string& key) const {
    const double value = r.number(key);
    return at_tap(pos, min, max, nominal, value, r.number_or(key + "_min", value), r.number_or(key + "_max", value));
  }
};

void set_zero(Nameplate& plate, const Record& r) {
  plate.i0_zero = r.number_or("i0_zero_sequence", plate.i0);
  plate.p0_zero =
      r.number_or("p0_zero_sequence", plate.p0 + plate.pk * (plate.i0_zero * plate.i0_zero - plate.i0 * plate.i0));
}

std::complex<double> earthing(const Record& r, const std::string& side) {
  return {r.number_or("r_grounding_" + side, 0), r.number_or("x_grounding_" + side, 0)};
}

}  // namespace

std::vector<std::string_view> pgm_transformer_attributes() {
  return {"u1",
          "u2",
          "sn",
          "uk",
          "pk",
          "i0",
          "p0",
          "i0_zero_sequence",
          "winding_from",
          "clock",
          "tap_side",
          "tap_pos",
          "tap_min",
          "tap_max",
          "tap_nom",
          "p0_zero_sequence",
          "winding_to",
          "tap_size",
          "uk_min",
          "uk_max",
          "pk_min",
          "pk_max",
          "r_grounding_from",
          "x_grounding_from",
          "r_grounding_to",
          "x_grounding_to"};
}

std::vector<std::string_view> pgm_three_winding_attributes() {
  return {"u1",
          "u2",
          "u3",
          "sn_1",
          "sn_2",
          "sn_3",
          "uk_12",
          "uk_13",
          "uk_23",
          "pk_12",
          "pk_13",
          "pk_23",
          "i0",
          "p0",
          "winding_1",
          "winding_2",
          "winding_3",
          "clock_12",
          "clock_13",
          "tap_side",
          "tap_pos",
          "tap_min",
          "tap_max",
          "tap_nom",
          "tap_size",
          "uk_12_min",
          "uk_12_max",
          "uk_13_min",
          "uk_13_max",
          "uk_23_min",
          "uk_23_max",
          "pk_12_min",
          "pk_12_max",
          "pk_13_min",
          "pk_13_max",
          "pk_23_min",
          "pk_23_max",
          "r_grounding_1",
          "x_grounding_1",
          "r_grounding_2",
          "x_grounding_2",
          "r_grounding_3",
          "x_grounding_3"};
}

Nameplate pgm_nameplate(const Record& r, double u1_rated, double u2_rated) {
  const Tap tap(r);
  Nameplate out;
  out.u1 = positive(r, "u1");
  out.u2 = positive(r, "u2");
  (r.integer_or("tap_side", 0) == 0 ? out.u1 : out.u2) += tap.volts();
  out.u1_rated = u1_rated;
  out.u2_rated = u2_rated;
  out.sn = positive(r, "sn");
  out.uk = tap.adjust(r, "uk");
  out.pk = tap.adjust(r, "pk");
  out.i0 = r.number_or("i0", 0);
  out.p0 = r.number_or("p0", 0);
  set_zero(out, r);
  out.from = winding(r, "winding_from");
  out.to = winding(r, "winding_to");
  out.clock = clock(r, "clock", out.from, out.to);
  out.earthing_from = earthing(r, "from");
  out.earthing_to = earthing(r, "to");
  if (!(out.u1 > 0) || !(out.u2 > 0))
    bad_value(r.place("tap_pos"), "该分接头使电压不为正", "the tap leaves no positive voltage");
  if (out.uk == 0 && out.pk == 0) bad_value(r.place("uk"), "短路阻抗为零", "the transformer has no impedance");
  return out;
}

std::array<Nameplate, 3> pgm_star(const Record& r, const std::array<double, 3>& rated) {
  const Tap tap(r);
  std::array<double, 3> u{positive(r, "u1"), positive(r, "u2"), positive(r, "u3")};
  const auto side = r.integer_or("tap_side", 0);
  if (side < 0 || side > 2) bad_value(r.place("tap_side"), "应为 0、1 或 2", "0, 1 or 2 belongs here");
  u[side] += tap.volts();
  const std::array<double, 3> sn{positive(r, "sn_1"), positive(r, "sn_2"), positive(r, "sn_3")};
  const Winding windings[3] = {winding(r, "winding_1"), winding(r, "winding_2"), winding(r, "winding_3")};
  const int clocks[3] = {0, clock(r, "clock_12", windings[0], windings[1]),
                         clock(r, "clock_13", windings[0], windings[2])};

  // Measured between two sides on the smaller of their powers; referred to side 1's, taken apart into a star, and each leg referred
  // back to its own side.
  struct Pair {
    const char* name;
    int one, two;
  };
  constexpr Pair pairs[3] = {{"12", 0, 1}, {"13", 0, 2}, {"23", 1, 2}};
  double uk[3], pk[3];
  for (int i = 0; i < 3; ++i) {
    const double scale = sn[0] / std::min(sn[pairs[i].one], sn[pairs[i].two]);
    uk[i] = tap.adjust(r, std::string("uk_") + pairs[i].name) * scale;
    pk[i] = tap.adjust(r, std::string("pk_") + pairs[i].name) * scale * scale;
  }
  const auto legs = [](const double(&v)[3]) {
    return std::array<double, 3>{(v[0] + v[1] - v[2]) / 2, (v[0] + v[2] - v[1]) / 2, (v[1] + v[2] - v[0]) / 2};
  };
  const auto uk_legs = legs(uk), pk_legs = legs(pk);

  std::array<Nameplate, 3> out;
  for (int i = 0; i < 3; ++i) {
    const double share = sn[i] / sn[0];
    Nameplate& leg = out[i];
    leg.u1 = u[i];
    leg.u2 = u[0];
    leg.u1_rated = rated[i];
    leg.u2_rated = rated[0];
    leg.sn = sn[i];
    leg.uk = uk_legs[i] * share;
    leg.pk = pk_legs[i] * share * share;
    if (leg.uk == 0 && leg.pk == 0) leg.uk = 1e-12;  // a leg without impedance has no admittance
    leg.from = windings[i];
    leg.to = windings[0];
    leg.clock = -clocks[i];
    leg.earthing_from = earthing(r, std::to_string(i + 1));
  }
  out[0].from = out[0].to = Winding::wye_n;  // the first leg turns nothing and lets the zero sequence through
  out[0].i0 = out[0].i0_zero = r.number_or("i0", 0);
  out[0].p0 = out[0].p0_zero = r.number_or("p0", 0);
  return out;
}

}  // namespace tongdian::grid
