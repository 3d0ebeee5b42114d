// What of a case's page stays as it is until the case moves, kept as text: a page is looked at far more often than a case
// moves. No person's data are in it: those are read from the vault at each look, and an erasure leaves nothing here.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "calendar/calendar.hpp"
#include "connection/actions.hpp"

namespace tongdian::journeys {

class CasePages {
 public:
  /// Whoever looks: what connection::whole_case weighs.
  struct Key {
    std::int64_t stream = 0;
    connection::Side side = connection::Side::customer;
    bool may_act = false;
    auto operator<=>(const Key&) const = default;
  };
  /// Everything that the text was made of besides the pack, which stays as long as the process.
  struct Page {
    std::uint64_t last = 0;  ///< the case's last event
    LocalDate day{};
    std::shared_ptr<const calendar::Calendar> calendar;
    std::map<std::string, std::string> staff;  ///< account id → name as it is shown
    std::string json;                          ///< the object without its closing brace
  };
  /// Holds about `bytes` of text.
  explicit CasePages(std::size_t bytes = 64 << 20) : half_(bytes / 2) {}

  /// The page that was kept last, or nothing. Thread-safe.
  std::shared_ptr<const Page> find(const Key& key);
  void keep(const Key& key, std::shared_ptr<const Page> page);

 private:
  using Pages = std::map<Key, std::shared_ptr<const Page>>;
  // Two halves by age: what is still asked for moves to the young one, and the old one goes as a whole.
  void put(const Key& key, std::shared_ptr<const Page> page);

  const std::size_t half_;
  std::mutex mutex_;
  Pages young_, old_;
  std::size_t young_bytes_ = 0;
};

}  // namespace tongdian::journeys
