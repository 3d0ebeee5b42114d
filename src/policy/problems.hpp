// Everything that is wrong with a pack, gathered: who writes one mends all of it in one go.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace tongdian::policy {

class Problems {
 public:
  /// `place` is FILE:LINE:COLUMN; `mend` says what to write instead; `clauses` are those that forbid it.
  void add(std::string code, std::string place, Sentence detail, Sentence mend, std::vector<std::string> clauses = {}) {
    Problem problem = bad_input(std::move(code), std::move(place), std::move(detail), std::move(mend));
    problem.clauses = std::move(clauses);
    list_.push_back(std::move(problem));
  }
  void add(Problem problem) { list_.push_back(std::move(problem)); }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const std::vector<Problem>& list() const { return list_; }

 private:
  std::vector<Problem> list_;
};

}  // namespace tongdian::policy
