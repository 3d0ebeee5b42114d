// The compiled pack: every table is an array that its inputs' codes index directly, every cell an outcome whose items, clauses,
// notes and values were gathered at loading. Deciding is a dozen look-ups; nothing is searched and nothing is allocated.
//
// A program holds for the days on which no parameter changes; a pack has one program a such period.
#pragma once

#include <bit>

#include "policy/model.hpp"

namespace tongdian::policy {

/// A set of small numbers: clauses, notes or parameters. A decision's trace is the union over the cells that it met.
class Bits {
 public:
  static constexpr std::size_t capacity = 128;

  void set(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
  void operator|=(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  [[nodiscard]] std::size_t count() const {
    std::size_t sum = 0;
    for (const auto word : words_) sum += static_cast<std::size_t>(std::popcount(word));
    return sum;
  }
  template <class Use>
  void each(Use&& use) const {
    for (std::size_t w = 0; w < words_.size(); ++w)
      for (std::uint64_t left = words_[w]; left != 0; left &= left - 1)
        use(w * 64 + static_cast<std::size_t>(std::countr_zero(left)));
  }
  auto operator<=>(const Bits&) const = default;

 private:
  std::array<std::uint64_t, capacity / 64> words_{};
};

struct Trace {
  Bits clauses;  ///< by rank among the cited clauses, in the document's order
  Bits notes;    ///< by position among the resolutions
  Bits values;   ///< by position among the parameters

  void operator|=(const Trace& other) {
    clauses |= other.clauses;
    notes |= other.notes;
    values |= other.values;
  }
};

/// What a cell of a table comes to.
struct Outcome {
  std::vector<std::uint8_t> then;                           ///< a code an output; of a list, whether it has items
  std::vector<std::string_view> items;                      ///< of a list
  std::vector<StageDocuments> documents;                    ///< of the list of documents, by stage
  std::vector<std::vector<std::string_view>> document_ids;  ///< what `documents` points into
  Trace trace;

  Outcome() = default;
  Outcome(Outcome&&) = default;
  Outcome& operator=(Outcome&&) = default;  // a copy's `documents` would point into the original
};

struct CompiledTable {
  struct Term {
    std::size_t slot = 0, stride = 0;
  };
  std::vector<Term> terms;
  std::vector<Slot> outputs;
  std::vector<std::uint16_t> cells;  ///< outcome
  std::vector<Outcome> outcomes;
};

struct CompiledPlan {
  std::vector<StageLimit> stages;
  int target_wd = 0, ceiling_wd = 0;
  bool next_day = false;
  Trace trace;
};

struct Program {
  LocalDate from{};
  Thresholds thresholds;
  std::vector<CompiledTable> tables;
  std::vector<CompiledPlan> plans;
  std::vector<Trace> boundary_traces;
  std::vector<UsedValue> values;          ///< of each parameter in this period
  std::vector<std::string_view> clauses;  ///< by rank
  std::vector<std::string_view> notes;    ///< the resolutions' ids
  const PackModel* model = nullptr;       ///< outlives the program

  /// Everything of the decision but the days. `codes` holds the facts' codes; the fields' are filled in.
  void run(Codes& codes, Decision& out) const;
  /// Whether the plan decided last also promises the next calendar day.
  [[nodiscard]] bool next_day(const Codes& codes) const { return plans[codes[index_of(Slot::plan)]].next_day; }
};

/// Compiles for the period that begins on `from`. Gaps, overlaps and rows that never fit are problems, as is what only shows
/// in the cells: too many documents at once, a plan of another voltage level than its class.
Program compile(const PackModel& model, LocalDate from, Problems& problems);

}  // namespace tongdian::policy
