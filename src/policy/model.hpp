// A pack as its files say it, before it is compiled: everything read, every reference resolved to an index.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/inputs.hpp"
#include "policy/pack.hpp"
#include "policy/pack_text.hpp"
#include "policy/parameter.hpp"
#include "policy/table.hpp"

namespace tongdian::policy {

/// Choices of a field or of a list, by position, with their names for pages.
struct Vocabulary {
  std::vector<std::string> ids;
  std::vector<Sentence> names;

  [[nodiscard]] int find(std::string_view id) const {
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (ids[i] == id) return static_cast<int>(i);
    return -1;
  }
  void add(std::string id, Sentence name) {
    ids.push_back(std::move(id));
    names.push_back(std::move(name));
  }
};

struct StageSource {
  Stage stage;
  bool customer_facing = true;
};

struct PlanStage {
  int stage = 0;
  int limit = -1;  ///< parameter, in working days
};

/// The stages of a class and what their limits rest on.
struct PlanSource {
  std::string id, level, place;
  std::vector<PlanStage> stages;
  int ceiling = -1;  ///< parameter; -1: the stages' total
  bool next_day = false;
  std::vector<int> clauses, notes;
};

struct DocumentSource {
  Document document;
  int stage = -1;
};

struct BoundarySource {
  std::optional<std::int64_t> user_cost_fen;
  std::vector<int> clauses;
};

struct PackModel {
  std::filesystem::path folder;
  std::string id, version;
  Sentence title;
  Sentence city;
  LocalDate in_force_from{};
  Zone zone;
  std::vector<std::filesystem::path> calendars;
  std::vector<Hotline> hotlines;
  std::vector<Area> areas;
  std::vector<SupplyEnterprise> enterprises;

  PackText text;
  Parameters parameters;
  Vocabulary resolutions;
  /// The choices of each field and list that a table may decide, by slot.
  std::array<Vocabulary, slot_count> choices;
  Vocabulary voltages;

  std::vector<StageSource> stages;
  std::map<std::string, std::string> class_level;  ///< class id to "lv" or "hv"
  std::vector<PlanSource> plans;                   ///< by position in choices[plan]
  std::vector<HandOver> hand_overs;
  Supervision supervision;
  Team team;
  std::vector<Detector> detectors;
  std::vector<std::string> banned_words, priced_services;
  std::vector<Reason> withdrawals;
  std::vector<Reason> erasures;
  Complaints complaints;
  Visits visits;
  std::vector<WhitelistKind> whitelist;
  std::map<std::string, std::vector<std::string>, std::less<>> citations;  ///< by code
  std::vector<DocumentSource> documents;                                   ///< by position in choices[documents]
  std::vector<int> most_documents;                                         ///< at once, by stage
  std::vector<int> documents_forbidden_by;
  std::vector<BoundarySource> boundaries;  ///< by position in choices[boundary]
  std::vector<TableSource> tables;         ///< in the order that they are decided

  /// The resolutions that a list in YAML names; each known.
  [[nodiscard]] std::vector<int> noted(const Yaml& list) const;
  [[nodiscard]] int stage_named(std::string_view wanted) const;
  /// How many codes a slot has; a number's depend on its thresholds.
  [[nodiscard]] std::vector<std::string> choices_of(Slot slot) const;
};

/// Reads a pack's files in the order of their references. What is wrong goes to `problems`; the model is whole only without.
PackModel read_pack(const std::filesystem::path& folder, Problems& problems);

// One part each, called by read_pack in this order.
void read_process(PackModel& model, const Yaml& file);
void read_documents(PackModel& model, const Yaml& file);
void read_permits(PackModel& model, const Yaml& file);
void read_fees(PackModel& model, const Yaml& file);
void read_detectors(PackModel& model, const Yaml& file);

}  // namespace tongdian::policy
