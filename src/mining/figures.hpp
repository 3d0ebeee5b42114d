// What is counted of a log: the contract's figures, and those of the report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "mining/event.hpp"

namespace tongdian::mining {

/// Directly-follows counts by (from << 32 | to).
using Arcs = std::unordered_map<std::uint64_t, std::uint64_t>;
inline std::uint64_t arc(std::uint32_t from, std::uint32_t to) { return static_cast<std::uint64_t>(from) << 32 | to; }

/// What depends on the order of a case's events.
struct OrderFigures {
  std::unordered_map<std::uint32_t, std::uint64_t> starts, ends;  ///< cases by their first and last activity
  Arcs arcs;
};

struct Durations {
  double mean = 0, median = 0, p95 = 0, min = 0, max = 0;  ///< seconds
};

struct Variant {
  std::vector<std::uint32_t> steps;
  std::uint64_t cases = 0;
};

struct Figures {
  std::uint64_t cases = 0, events = 0;
  std::vector<std::uint64_t> activities;  ///< events by their activity's number
  OrderFigures by_file, by_time;
  std::uint64_t variants = 0, variants_normalised = 0;
  std::vector<double> mean_place;      ///< by activity: behind how many different ones it first comes, over its cases
  std::vector<Variant> top_variants;   ///< the most frequent ones, the most frequent first
  std::optional<Durations> durations;  ///< of the cases that have an event with a time
};

/// What reading met with and cannot be seen in the figures.
struct Notes {
  std::uint64_t events_without_time = 0, unreadable_times = 0, events_without_activity = 0, events_outside_cases = 0;
  std::uint64_t cases_without_events = 0, cases_without_id = 0, cases_without_time = 0, repeated_case_ids = 0;
  std::uint64_t rows_without_case = 0, short_rows = 0, unknown_elements = 0, replaced_bytes = 0;
  std::uint64_t events_without_offset = 0, events_at_midnight = 0, events_with_start = 0, events_with_recorded = 0;
  std::uint64_t events_with_resource = 0, events_with_lifecycle = 0, cases_with_deadline = 0, cases_with_promise = 0;
  bool dates_ambiguous = false;
};

/// A column of the log and what it was taken for.
struct Column {
  std::string role, name;
  bool given = false;  ///< by --map; else guessed from its name
};

struct Source {
  std::string format;  ///< "xes" or "csv"
  std::string encoding, declared_encoding;
  std::string separator;  ///< of CSV
  std::string dates;      ///< "day_first", "month_first", "excel_serial" where that had to be decided
  std::vector<Column> columns;
};

}  // namespace tongdian::mining
