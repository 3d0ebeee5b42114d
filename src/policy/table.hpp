// A decision table as its file says it: typed inputs, a hit policy, and rows that each cite their clauses.
//
//   table: permit
//   hit: first                      # unique: exactly one row fits; first: the first that fits; collect: all that fit
//   inputs: [works_needed, requested_kw]
//   outputs: [permit]
//   rows:
//     - when: {works_needed: true, requested_kw: above permit_exempt_max_kw}
//       then: {permit: ordinary}
//       clauses: [三(一)2]
//       notes: [A14]
//
// A condition is a value, a list of values, {not: …}, or for numbers at_most, below, at_least or above a parameter: a table
// holds no numbers of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "policy/inputs.hpp"
#include "policy/yaml_reader.hpp"

namespace tongdian::policy {

class Layers;
struct PackModel;

enum class Hit : std::uint8_t { unique, first, collect };
enum class Comparison : std::uint8_t { at_most, below, at_least, above };

struct Condition {
  std::size_t input = 0;   ///< position in the table's inputs
  std::uint64_t mask = 0;  ///< of the codes that fit, for what is no number
  int parameter = -1;      ///< for a number
  Comparison comparison = Comparison::at_most;
};

struct RowSource {
  std::string place;
  std::vector<Condition> when;
  std::vector<std::uint8_t> then;  ///< a code an output; of a list, the items in order
  std::vector<int> clauses, notes;
};

struct TableSource {
  std::string id, place;
  Sentence title;
  Hit hit = Hit::unique;
  std::vector<Slot> inputs, outputs;
  std::vector<RowSource> rows;
};

/// Reads `tables/*.yaml` in the order of their names, which is the order of deciding: a table may look at what an earlier one
/// decided.
void read_tables(PackModel& model, const Layers& layers, Problems& problems);

}  // namespace tongdian::policy
