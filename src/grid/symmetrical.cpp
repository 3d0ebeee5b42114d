#include "grid/symmetrical.hpp"

namespace tongdian::grid {

using Complex = std::complex<double>;

Matrix3 symmetric(Complex y1, Complex y0) {
  const auto own = (y0 + 2.0 * y1) / 3.0;
  const auto mutual = (y0 - y1) / 3.0;
  return {own, mutual, mutual, mutual, own, mutual, mutual, mutual, own};
}

Matrix3 phases_of(Complex y0, Complex y1, Complex y2) {
  // Circulant: the element depends on row − column alone.
  const Complex back = std::conj(turn);
  const Complex by_distance[3] = {(y0 + y1 + y2) / 3.0, (y0 + back * y1 + turn * y2) / 3.0,
                                  (y0 + turn * y1 + back * y2) / 3.0};
  Matrix3 out;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) out[3 * r + c] = by_distance[(r - c + 3) % 3];
  return out;
}

Matrix3 inverse(const Matrix3& m) {
  const auto minor = [&](int r, int c) {
    const int r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
    return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
  };
  const Complex determinant = m[0] * minor(0, 0) + m[1] * minor(0, 1) + m[2] * minor(0, 2);
  Matrix3 out;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) out[3 * c + r] = minor(r, c) / determinant;
  return out;
}

Matrix3 product(const Matrix3& a, const Matrix3& b) {
  Matrix3 out{};
  for (int r = 0; r < 3; ++r)
    for (int k = 0; k < 3; ++k)
      for (int c = 0; c < 3; ++c) out[3 * r + c] += a[3 * r + k] * b[3 * k + c];
  return out;
}

Matrix3 sum(const Matrix3& a, const Matrix3& b, Complex times_b) {
  Matrix3 out;
  for (int i = 0; i < 9; ++i) out[i] = a[i] + times_b * b[i];
  return out;
}

Matrix3 scaled(const Matrix3& m, Complex by) {
  Matrix3 out;
  for (int i = 0; i < 9; ++i) out[i] = m[i] * by;
  return out;
}

Matrix3 transposed(const Matrix3& m) { return {m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}; }

Complex positive_sequence(const Matrix3& m) {
  const Complex own = (m[0] + m[4] + m[8]) / 3.0;
  return own - (m[1] + m[2] + m[3] + m[5] + m[6] + m[7]) / 6.0;
}

PhasePort line_port(const Matrix3& z, const Matrix3& y_half) {
  PhasePort out;
  const Matrix3 series = inverse(z);
  out.ff = out.tt = sum(series, y_half);
  out.ft = out.tf = scaled(series, -1.0);
  // y at the closed end, and behind z the other: y + y·(1 + z·y)⁻¹.
  Matrix3 through = product(z, y_half);
  for (int i = 0; i < 9; i += 4) through[i] += 1.0;
  out.ff_alone = out.tt_alone = sum(y_half, product(y_half, inverse(through)));
  return out;
}

}  // namespace tongdian::grid
