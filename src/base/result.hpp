// The three kinds of "no": a refusal and a failure are values of this type; a bug is an assert.
#pragma once

#include <boost/system/result.hpp>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tongdian {

/// A sentence in both languages of the house; Chinese is what pages show first.
struct Sentence {
  std::string zh;
  std::string en;
  bool operator==(const Sentence&) const = default;
};

/// Why something was not done.
struct Problem {
  enum class Kind {
    bad_input,  ///< the bytes are not what the interface takes; `path` says where (HTTP 400/413/415/422)
    refusal,    ///< a rule of the domain says no, with its clauses and what to do next (HTTP 403/404/409/422)
    failure,    ///< disk, database or peer; `code` has a page in docs/errors (HTTP 5xx)
  };
  Kind kind = Kind::refusal;
  std::string code;                  ///< "room.what_is_wrong", stable
  Sentence detail;                   ///< what is wrong, for the reader
  std::vector<std::string> clauses;  ///< clause ids of the pack that the refusal rests on
  Sentence next;                     ///< what to do now
  std::string path;                  ///< JSON pointer or FILE:LINE:COLUMN of the offending value
};

inline std::ostream& operator<<(std::ostream& out, const Problem& p) {
  return out << p.code << (p.path.empty() ? "" : " at ") << p.path << ": " << p.detail.en;
}

inline Problem bad_input(std::string code, std::string path, Sentence detail, Sentence next = {}) {
  return {Problem::Kind::bad_input, std::move(code), std::move(detail), {}, std::move(next), std::move(path)};
}
inline Problem refusal(std::string code, Sentence detail, Sentence next = {}, std::vector<std::string> clauses = {}) {
  return {Problem::Kind::refusal, std::move(code), std::move(detail), std::move(clauses), std::move(next), {}};
}
inline Problem failure(std::string code, Sentence detail, Sentence next = {}) {
  return {Problem::Kind::failure, std::move(code), std::move(detail), {}, std::move(next), {}};
}

/// A problem on its way up through code that cannot go on; caught where a Result is made or a response is written.
struct ProblemError : std::runtime_error {
  explicit ProblemError(Problem p) : std::runtime_error(p.code + ": " + p.detail.en), problem(std::move(p)) {}
  Problem problem;
};

[[noreturn]] inline void throw_exception_from_error(const Problem& problem, const boost::source_location&) {
  throw ProblemError(problem);
}

/// Either a value or a Problem. `result.value()` of a Problem throws ProblemError.
template <class T>
using Result = boost::system::result<T, Problem>;

}  // namespace tongdian
