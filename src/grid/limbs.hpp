// The inner loop of every search here: a backward/forward sweep over limbs, each a node with the branch to its parent. Limbs
// stand in any order in which parents come first.
#pragma once

#include <cmath>
#include <span>

#include "grid/circuit.hpp"

namespace tongdian::grid {

struct Limb {
  Row parent;    ///< its place among the limbs, `none` for a source, whose `v` is held
  Complex g, z;  ///< V = g·V_parent − z·I, and the parent carries conj(g)·I
  Complex power, current, shunt;
  Complex v;        ///< where the sweep begins, and its answer
  Complex own;      ///< answer: current that leaves the network at the node
  Complex through;  ///< answer: current in the branch to the parent, seen at the node
};

// std::complex's own product looks for NaNs (C99 annex G) and costs twice as much.
inline Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// std::abs calls hypot, which guards against overflow that quantities in p.u. never come near, and takes ten times as long.
inline double magnitude(Complex a) { return std::sqrt(std::norm(a)); }

/// Sets g and z of the limb that hangs by branch `b` with `node` at its lower end.
void hang(const Circuit& circuit, Row b, Row node, Limb& limb);

/// What a branch's admittances are at one of its nodes.
Complex shunt_at(const Circuit& circuit, Row b, Row node);

/// Until no voltage changes by more than `tolerance` (p.u., as a complex number); false where that does not happen.
bool sweep(std::span<Limb> limbs, bool with_current_loads, double tolerance, int* rounds = nullptr);

/// The same for the limbs from `first` to before `last` alone, whose parents are among them: with its trees one by one, a forest
/// comes out as each tree alone would.
bool sweep(std::span<Limb> limbs, std::size_t first, std::size_t last, bool with_current_loads, double tolerance,
           int* rounds = nullptr);

}  // namespace tongdian::grid
