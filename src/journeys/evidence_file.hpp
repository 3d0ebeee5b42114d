// Times of works as other systems list them 佐证时间: a table of meters' first readings, changes in the network model, files,
// photos and contracts becomes one command a row. What a row may say is the engine's to judge; here it is only read.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "connection/commands.hpp"
#include "mining/bytes.hpp"

namespace tongdian::journeys {

/// The columns, in this order wherever they stand in the file.
enum class EvidenceColumn { number, kind, taken_at, reference };
inline constexpr std::size_t evidence_columns = 4;

struct EvidenceRow {
  std::uint64_t line = 0;
  std::string number;
  connection::RecordEvidence evidence;
};

/// What is wrong with one row, and in which of its columns.
struct WrongRow {
  std::uint64_t line = 0;
  EvidenceColumn column{};
  Problem problem;
};

struct EvidenceFile {
  std::array<std::string, evidence_columns> header;      ///< as the file calls them
  std::array<std::size_t, evidence_columns> position{};  ///< from 0
  std::vector<EvidenceRow> rows;
  std::vector<WrongRow> wrong;
};

/// CSV in any separator and encoding that `mine` reads. A time without an offset is `zone`'s. Throws `evidence.columns_unknown`,
/// `evidence.unclear_dates`, and what the reader of tables says (`mine.broken_csv`, `mine.not_a_log`, …).
EvidenceFile read_evidence(std::unique_ptr<mining::Bytes> from, Zone zone);

/// One row as a command. The same row has the same key, in whatever file and however often it comes.
engine::Command to_command(const EvidenceRow& row, const engine::Actor& actor);

/// The column that a refusal of the engine is about.
EvidenceColumn column_of(const Problem& problem);

}  // namespace tongdian::journeys
