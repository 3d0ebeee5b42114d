// The durations of a city, folded from its journal; what a page shows and what `tongdian durations` prints are the same rows.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_set>

#include "connection/durations.hpp"
#include "policy/pack.hpp"
#include "store/database.hpp"
#include "wire/router.hpp"

namespace tongdian::journeys {

struct City;
/// GET /api/v1/durations.
void add_durations(wire::Router& router, City& city);

/// Takes in the ended cases that it has not seen; a city of a million cases is folded once, then only what is new.
class DurationBoard {
 public:
  /// {"cases", "rows"}: the rows of connection::Durations with the names of class and area. Thread-safe.
  json::Object show(store::Session& session, const policy::Pack& pack, const connection::Days& days);

 private:
  void take_in(store::Session& session, const connection::Days& days);

  std::mutex mutex_;
  connection::Durations durations_;
  std::unordered_set<std::int64_t> seen_;
};

}  // namespace tongdian::journeys
