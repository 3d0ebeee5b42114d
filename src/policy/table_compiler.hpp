// One decision table from rows to cells: the finite partition that its inputs' choices and thresholds induce, cell by cell.
#pragma once

#include <map>

#include "policy/program.hpp"

namespace tongdian::policy {

class TableCompiler {
 public:
  /// `ranks` maps a clause's place in the document to its bit.
  TableCompiler(const PackModel& model, const TableSource& source, const Thresholds& thresholds, LocalDate from,
                const std::vector<int>& ranks, Problems& problems);
  CompiledTable compile();

 private:
  struct Row {
    std::vector<std::uint64_t> masks;       ///< an input's codes that fit
    std::vector<std::uint64_t> free_masks;  ///< the same without the conditions that compare with a parameter
    std::vector<int> parameters;
    bool reached = false;
  };
  using Key = std::pair<std::vector<std::size_t>, Bits>;  ///< the rows that fit and the parameters that were consulted

  void lay_out();
  void compile_rows();
  void visit_cell(std::size_t cell);
  [[nodiscard]] bool fits(const std::vector<std::uint64_t>& masks) const;
  std::uint16_t outcome_of(Key key);
  Outcome make_outcome(const Key& key) const;
  void add_documents(Outcome& out, const Key& key) const;
  void check_level(std::uint16_t outcome);
  void report_gaps() const;
  void report_unreached() const;
  [[nodiscard]] std::string describe_cell() const;
  [[nodiscard]] std::string describe_code(std::size_t input) const;

  const PackModel& model_;
  const TableSource& source_;
  const Thresholds& thresholds_;
  LocalDate from_;
  const std::vector<int>& ranks_;
  Problems& problems_;
  std::vector<std::size_t> sizes_;
  std::vector<std::size_t> codes_;  ///< of the cell that is being visited
  std::vector<Row> rows_;
  std::map<Key, std::uint16_t> known_;
  std::size_t gaps_ = 0;
  std::string first_gap_;
  bool overlap_reported_ = false;
  bool level_reported_ = false;
  CompiledTable out_;
};

}  // namespace tongdian::policy
