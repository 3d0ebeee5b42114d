// Everything recomputed from the events' bytes, whether they come from the database or from an exported file.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "journal/event.hpp"
#include "journal/heads.hpp"
#include "journal/merkle.hpp"

namespace tongdian::journal {

/// What `journal verify` found.
struct Verification {
  std::string log;
  Suite suite = Suite::standard;
  std::uint64_t events = 0;
  std::uint64_t heads = 0;
  std::uint64_t keys = 0;
  Hash root{};
  std::vector<Problem> wrong;  ///< `journal.altered`, `journal.bad_head`, `journal.bad_key` …, `path` is the position
};

/// One pass over the events in order, each head after the event that it ends with. Holds the tree's frontier and the last
/// sequence of each stream, nothing else that grows.
class Auditor {
 public:
  Auditor(Suite suite, std::string log, std::vector<KeyRecord> keys, std::optional<Head> expected);
  void event(std::uint64_t position, std::string_view bytes);
  void head(const Head& head);
  void note(std::uint64_t position, std::string en, std::string zh);
  void note(Problem problem);
  [[nodiscard]] std::uint64_t events() const { return found_.events; }
  [[nodiscard]] Verification finish();

 private:
  void remember_root();

  std::vector<KeyRecord> keys_;
  std::optional<Head> expected_;
  Verification found_;
  Frontier tree_;
  std::set<std::uint64_t> wanted_;       ///< sizes at which somebody asks for the root
  std::map<std::uint64_t, Hash> roots_;  ///< and what it was
  std::uint64_t last_head_ = 0;
  std::unordered_map<std::string, std::uint64_t> sequences_;
  Instant last_{};
};

using OnProgress = std::function<void(std::uint64_t events)>;

/// The database: positions dense, sequences dense in each stream, recorded times not going back, every tile, every head's
/// root and signature, the chain of keys. `expected` is a head kept outside: the journal must extend it.
Verification verify(store::Session& session, const std::optional<Head>& expected = {}, const OnProgress& progress = {});

}  // namespace tongdian::journal
