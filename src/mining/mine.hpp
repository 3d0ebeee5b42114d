// Another system's log, read and counted.
#pragma once

#include <functional>
#include <optional>

#include "mining/bytes.hpp"
#include "mining/figures.hpp"
#include "mining/findings.hpp"
#include "mining/options.hpp"
#include "mining/times.hpp"

namespace tongdian::mining {

struct Mined {
  explicit Mined(const Options& options)
      : times(options.working_time), findings(options, labels.activities), limit(options.limit) {}

  Source source;
  Labels labels;
  Notes notes;
  Figures figures;
  Times times;
  Findings findings;
  std::optional<CaseLimit> limit;
  /// Why reading ended before the log did; what was read before that place has been counted.
  std::optional<Problem> broken;
};

/// XES or CSV, packed or not, whatever its name: the first character that is no blank decides. `name` is what problems call it.
std::unique_ptr<Mined> mine(std::unique_ptr<Bytes> bytes, const std::string& name, const Options& options = {});

/// The contract's JSON, one line.
std::string to_json(const Mined& mined);
/// The same, handed on piece by piece: a log of a million cases has findings to fill the memory.
void write_json(const Mined& mined, const std::function<void(std::string_view)>& to);

}  // namespace tongdian::mining
