// power-grid-model's update datasets: what the scenarios of a batch change of one input.
#pragma once

#include <cstddef>

#include "base/json.hpp"

namespace tongdian::grid {

class PgmBatch {
 public:
  /// `grid.bad_value` where the second is no update dataset. An update that is no batch is one scenario.
  static Result<PgmBatch> of(json::Value input, json::Value update);

  [[nodiscard]] std::size_t count() const;
  /// The whole input dataset of a scenario. Each begins at the input, not at the one before. What is null in a change stays; rows
  /// without ids are those of the input in their order, where they are as many.
  [[nodiscard]] Result<json::Value> scenario(std::size_t number) const;

 private:
  json::Value input_, update_;
};

}  // namespace tongdian::grid
