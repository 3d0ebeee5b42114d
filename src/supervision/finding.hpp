// A finding: a reason to look at a case or at somebody's cases. It is computed from the journal, never stored; what an auditor
// says of it is an event.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "supervision/names.hpp"

namespace tongdian::supervision {

enum class Strength { weak, strong };
enum class Verdict { open, confirmed, dismissed };

struct Evidence {
  std::uint64_t position = 0;  ///< of the event in the journal
  std::string value;           ///< what it shows: "minutes=3"
};

struct Finding {
  std::string id;         ///< the same whenever the same journal is read: 16 hex digits
  std::string_view kind;  ///< of the pack's detectors
  std::string number;     ///< of the case; of a finding about somebody's cases the latest
  Name area = 0, enterprise = 0;
  std::string subject;  ///< account, firm or channel that it is about; empty where it is the case alone
  Strength strength = Strength::weak;
  std::vector<Evidence> evidence;  ///< the first ones, where there are very many
  std::uint64_t evidence_count = 0;
  Instant at{};  ///< of the event that raised it last
};

/// By kind and key: raised again, a finding grows.
class Findings {
 public:
  static constexpr std::size_t most_evidence = 50;

  Finding& raise(std::string_view kind, std::string_view key);
  static void add(Finding& finding, Evidence evidence);

  [[nodiscard]] const std::deque<Finding>& all() const { return all_; }

 private:
  std::deque<Finding> all_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace tongdian::supervision

namespace tongdian {
template <>
struct EnumNames<supervision::Strength> {
  static constexpr std::array<std::string_view, 2> values{"weak", "strong"};
};
template <>
struct EnumNames<supervision::Verdict> {
  static constexpr std::array<std::string_view, 3> values{"open", "confirmed", "dismissed"};
};
}  // namespace tongdian
