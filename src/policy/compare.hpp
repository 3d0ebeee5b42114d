// What two packs say differently, in words that whoever drafts a change can check it by: numbers, clauses, rows of tables,
// stages, documents, reasons for a hand-over, settings of supervision.
#pragma once

#include <vector>

#include "policy/pack.hpp"

namespace tongdian::policy {

struct Difference {
  enum class Kind { text, parameter, row, stage, plan, document, hand_over, supervision } kind{};
  enum class Change { added, removed, changed } change{};
  std::string id;                    ///< of the clause, parameter, table …
  Sentence title;                    ///< what it is called
  Sentence before, after;            ///< empty where there was or is nothing
  std::vector<std::string> clauses;  ///< that it rests on, in the pack that still has it
};

/// From `before` to `after`: by kind, in the order of the packs. Empty where they say the same.
std::vector<Difference> compare(const Pack& before, const Pack& after);
json::Array to_json(const std::vector<Difference>& differences);

}  // namespace tongdian::policy

namespace tongdian {
template <>
struct EnumNames<policy::Difference::Kind> {
  static constexpr std::array<std::string_view, 8> values{"text", "parameter", "row",       "stage",
                                                          "plan", "document",  "hand_over", "supervision"};
};
template <>
struct EnumNames<policy::Difference::Change> {
  static constexpr std::array<std::string_view, 3> values{"added", "removed", "changed"};
};
}  // namespace tongdian
