// One CSV table (RFC 4180): a header of column names, and rows that are asked by column.
#pragma once

#include <complex>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tongdian::grid {

class CsvTable {
 public:
  /// `grid.bad_value` at FILE:LINE where a row has another number of cells than the header, or a quote does not end.
  CsvTable(std::string file, std::string_view bytes);

  class Cells {
   public:
    Cells(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
    /// Empty where the column or the cell is not there.
    [[nodiscard]] std::string_view text(std::string_view column) const;
    [[nodiscard]] std::string_view required(std::string_view column) const;
    /// `grid.bad_value` where the cell is no finite number.
    [[nodiscard]] double number(std::string_view column) const;
    [[nodiscard]] double number_or(std::string_view column, double otherwise) const;
    [[nodiscard]] double positive(std::string_view column) const;
    [[nodiscard]] bool flag_or(std::string_view column, bool otherwise) const;
    [[nodiscard]] bool has(std::string_view column) const { return !text(column).empty(); }
    [[nodiscard]] std::string place(std::string_view column) const;

   private:
    const CsvTable& table_;
    std::size_t row_;
  };

  [[nodiscard]] std::size_t rows() const { return lines_.size(); }
  [[nodiscard]] Cells row(std::size_t i) const { return {*this, i}; }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<std::string> columns_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<std::string> cells_;
  std::vector<std::size_t> lines_;  ///< where each row begins in the file, from 1
};

/// A table that CsvTable reads again: as many digits as a number needs, nothing for one that is not finite.
class CsvWriter {
 public:
  explicit CsvWriter(std::string_view header) : out_(header) { out_ += '\n'; }
  CsvWriter& cell(std::string_view text);
  CsvWriter& cell(double value);
  CsvWriter& cell(std::complex<double> value) { return cell(value.real()).cell(value.imag()); }
  CsvWriter& flag(bool value) { return cell(value ? "1" : "0"); }
  void end() {
    out_ += '\n';
    begins_ = true;
  }
  std::string text() { return std::move(out_); }

 private:
  std::string out_;
  bool begins_ = true;  ///< a row
};

}  // namespace tongdian::grid
