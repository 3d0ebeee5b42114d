// The network of a city with what is published of it: open capacity by place, and draft supply plans. Every answer names the
// digest of what it was computed from, so that anyone with the same inputs gets the same answer.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/json.hpp"
#include "base/time_text.hpp"
#include "grid/connect.hpp"
#include "grid/findings.hpp"
#include "grid/weak_spots.hpp"
#include "supply/approvals.hpp"
#include "supply/edition.hpp"

namespace tongdian::supply {

/// Beyond it a question is a mistake in its unit.
inline constexpr double most_kw = 100'000;

/// What a draft was asked. JSON: the body of POST /api/v1/supply/drafts, and part of the event of a plan's reply.
struct Question {
  double longitude = 0, latitude = 0, kw = 0;
  std::string voltage;  ///< lv, 10kv, 35kv
  std::int64_t sources = 1;
  bool important = false;
  std::string boundary;  ///< meter, red_line, ownership_point
  double to_red_line_m = 0;
};
BOOST_DESCRIBE_STRUCT(Question, (), (longitude, latitude, kw, voltage, sources, important, boundary, to_red_line_m))

/// What is wrong with a question, with its place in the body.
std::optional<Problem> defect(const Question& question);
/// `supply.no_such_voltage`: of a question that the network has no node for.
Problem no_such_voltage();

class SupplyGrid {
 public:
  struct Origin {
    std::string name;    ///< what a command line calls the network ("made-up", "made-up-full"), or its own name
    std::string digest;  ///< of all that it was made from
    bool made_up = false;
  };
  SupplyGrid(Origin origin, grid::CityNetwork city, grid::Standards standards, std::string standards_bytes);
  ~SupplyGrid();

  /// False where the network is not radial or has no places: then nothing else may be asked.
  [[nodiscard]] bool ok() const;
  [[nodiscard]] const grid::Network& network() const { return city_.network; }
  [[nodiscard]] const grid::Surroundings& surroundings() const { return city_.around; }

  /// Counts these approved cases from now on; their open capacity is not worked out yet. Questions may be asked by other threads
  /// meanwhile, as beside the next two; those are for one thread.
  void take(Approvals approvals);
  /// Works out the open capacity of every node; answers before say that it is being worked out.
  void compute(int threads, const std::stop_token& stop = {}) { standing()->compute(threads, nullptr, stop); }
  /// Both; answers meanwhile are of what was counted before, and stay so where it was asked to stop.
  void count(Approvals approvals, int threads, const std::stop_token& stop = {});
  [[nodiscard]] bool computed() const { return standing()->computed; }
  /// Whether just these are counted.
  [[nodiscard]] bool counts(const Approvals& approvals) const;
  /// From when on a lit case is none of the network's loads; nothing where its tables do not say.
  [[nodiscard]] std::optional<LocalDate> as_of() const { return parse_date(city_.network.as_of); }

  /// The nearest public places, each with what can be connected there and why not more; without a place the substations alone.
  [[nodiscard]] json::Object open_capacity_at(std::optional<std::pair<double, double>> place) const;
  struct List {
    Edition edition;
    std::string csv;
  };
  /// All places with what can be connected at each, as it is published for a month. `computed()` must hold.
  [[nodiscard]] List list(std::string month) const;
  /// {"cells"}: the places gathered into squares of about 500 m, for a map.
  [[nodiscard]] json::Object map() const;
  /// Whether any of it has that voltage: a city without 35 kV cannot be asked about it.
  [[nodiscard]] bool has(std::string_view voltage) const;
  /// Candidates in rank, works that would cure, whitelist; digests of inputs and answer.
  [[nodiscard]] json::Object draft(const Question& question) const;
  /// Works out what is weak in the network as it stands; until then `weak_spots` says that it is being worked out.
  void find_weak_spots();
  /// 薄弱环节 (三(四)1): those that touch most customers first, at most 200, each with the feeder and the node to look at.
  [[nodiscard]] json::Object weak_spots() const;
  /// Feeders by name, with their substations; and what looks wrong with the network, islands first.
  [[nodiscard]] json::Object feeders() const;
  /// A feeder for its one-line diagram, with `kw` more at a node (empty: as it is); nothing where there is none of that name.
  [[nodiscard]] std::optional<json::Object> feeder(std::string_view name, std::string_view node, double kw) const;
  /// What an event keeps of it: `inputs`, `inputs_digest`, `answer_digest`, and `chosen`, the nodes at which the case is promised its
  /// load: those that were chosen of the candidates that fit, one a source, or the best. `supply.not_offered` where they do not fit.
  [[nodiscard]] Result<json::Object> draft_record(const Question& question, std::vector<std::string> chosen) const;
  /// The same with what an entry in the whitelist rests on: `fits`, how many ways there are to connect, and `whitelist`, the kind.
  [[nodiscard]] json::Object finding_record(const Question& question) const;

 private:
  // The network with the cases that are counted on it. Whoever answers a question holds on to one until the end.
  struct Standing {
    Standing(const grid::Network& of, grid::Surroundings surroundings, const grid::Standards& by, Approvals approved);
    Standing(const Standing& before, grid::Surroundings surroundings, Approvals approved);
    /// From `before`, where it is computed, what has changed since; without, everything.
    void compute(int threads, const Standing* before, const std::stop_token& stop);

    const grid::Network& network;
    const grid::Standards& standards;
    grid::Surroundings around;
    Approvals approvals;
    std::string approvals_digest;
    Counted counted;
    grid::ConnectPoints points;
    std::optional<grid::Capacity> capacity;
    std::atomic<bool> computed = false;
  };
  [[nodiscard]] std::shared_ptr<Standing> standing() const {
    const std::lock_guard lock(standing_mutex_);
    return standing_;
  }
  void stand(std::shared_ptr<Standing> next) {
    const std::lock_guard lock(standing_mutex_);
    standing_.swap(next);  // the one before ends, if nobody holds it, when the lock is free again
  }
  [[nodiscard]] json::Object heading(const Standing& now) const;
  [[nodiscard]] json::Object draft(const Question& question, const Standing& now) const;
  [[nodiscard]] bool is_place(grid::Row node) const;
  /// Whole kilowatts that can be connected there.
  [[nodiscard]] double open_kw(const Standing& now, grid::Row node) const;
  [[nodiscard]] std::string name_of(grid::Limit limit, grid::Row element) const;
  [[nodiscard]] json::Object why(grid::Limit limit, grid::Row element) const;

  Origin origin_;
  grid::CityNetwork city_;
  grid::Standards standards_;
  std::string standards_digest_;
  std::vector<grid::Finding> findings_;
  std::shared_ptr<const std::vector<grid::WeakSpot>> weak_spots_;  ///< under the mutex; none until they are found
  // A mutex: GCC 12's atomic shared_ptr unlocks its load without ordering, which the thread sanitizer finds.
  mutable std::mutex standing_mutex_;
  std::shared_ptr<Standing> standing_;
};

/// SHA-256 over the columns of a made-up network and its surroundings, in their order.
std::string digest_of(const grid::CityNetwork& city);

}  // namespace tongdian::supply
