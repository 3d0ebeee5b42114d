// Symmetrical components (Fortescue 1918): from the sequences zero, positive, negative to the phases a, b, c.
#pragma once

#include "grid/phases.hpp"

namespace tongdian::grid {

/// 120 degrees.
inline const std::complex<double> turn{-0.5, 0.86602540378443864676};

/// A·diag(y0, y1, y2)·A⁻¹ with A = [1 1 1; 1 a² a; 1 a a²].
Matrix3 phases_of(std::complex<double> y0, std::complex<double> y1, std::complex<double> y2);

Matrix3 inverse(const Matrix3& m);
Matrix3 product(const Matrix3& a, const Matrix3& b);
Matrix3 sum(const Matrix3& a, const Matrix3& b, std::complex<double> times_b = 1.0);
Matrix3 scaled(const Matrix3& m, std::complex<double> by);
Matrix3 transposed(const Matrix3& m);

/// Positive sequence of a phase matrix: mean of the diagonal less the mean beside it.
std::complex<double> positive_sequence(const Matrix3& m);

/// A branch of series z and y/2 at each end, by phase, with what it is to an end when the other is open.
PhasePort line_port(const Matrix3& z, const Matrix3& y_half);

}  // namespace tongdian::grid
