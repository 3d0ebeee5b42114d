// Loss-minimum reconfiguration: which branches to open, so that every node is fed on one way from one source and the branches
// lose least. Only the loss counts; a configuration whose flow does not converge is none.
//
// The search is iterated local search over branch exchanges. With the nodes' currents frozen, an exchange in the loop of a tie
// changes the loss by R·|I|² − 2·Re(I*·Σr·J): the sum over the loop of r, of r times the current, and the current I of the
// branch that opens (S. Civanlar et al., IEEE Trans. Power Deliv. 3 (1988)). So a loop is judged in one walk around it. What
// looks good is solved exactly (RadialFlow), and the currents are frozen anew at the best configuration found.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "grid/circuit.hpp"

namespace tongdian::grid {

struct Reconfiguration {
  std::optional<double>
      initial_loss;            ///< p.u.; nothing where the network as it stands is not radial or does not converge
  std::optional<double> loss;  ///< p.u., of a converged flow; nothing where no configuration converges
  std::vector<Row> open;       ///< rows of the open branches, in order
};

struct ReconfigureOptions {
  std::uint64_t seed = 1;
  /// Kicks without a gain after which the search ends; 0: by the number of ties.
  std::int64_t patience = 0;
  /// Asked now and then; the search ends where it says no. The caller has the clock.
  std::function<bool()> go_on = [] { return true; };
};

/// nullopt where no configuration reaches every node from a source (some_unreachable() names one).
std::optional<Reconfiguration> reconfigure(const Circuit& circuit, const ReconfigureOptions& options = {});

/// A node that no source reaches with every branch closed, or `none`.
Row some_unreachable(const Circuit& circuit);

}  // namespace tongdian::grid
