// The network of a city with what is published of it: open capacity by place, and draft supply plans. Every answer names the
// digest of what it was computed from, so that anyone with the same inputs gets the same answer.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "grid/connect.hpp"
#include "grid/made_up_city.hpp"

namespace tongdian::supply {

/// Beyond it a question is a mistake in its unit.
inline constexpr double most_kw = 100'000;

/// What a draft was asked. JSON: the body of POST /api/v1/supply/drafts, and part of the event of a plan's reply.
struct Question {
  double longitude = 0, latitude = 0, kw = 0;
  std::string voltage;  ///< lv, 10kv
  std::int64_t sources = 1;
  bool important = false;
  std::string boundary;  ///< meter, red_line, ownership_point
  double to_red_line_m = 0;
};
BOOST_DESCRIBE_STRUCT(Question, (), (longitude, latitude, kw, voltage, sources, important, boundary, to_red_line_m))

/// What is wrong with a question, with its place in the body.
std::optional<Problem> defect(const Question& question);

class SupplyGrid {
 public:
  /// `name` is what a command line calls the network: "made-up", "made-up-full".
  SupplyGrid(std::string name, grid::MadeUpCity city, grid::Standards standards, std::string standards_bytes);
  ~SupplyGrid();

  /// Works out the open capacity of every node; answers before say that it is being worked out.
  void compute(int threads);
  [[nodiscard]] bool computed() const { return computed_; }

  /// The nearest public places, each with what can be connected there and why not more; without a place the substations alone.
  [[nodiscard]] json::Object open_capacity_at(std::optional<std::pair<double, double>> place) const;
  /// Candidates in rank, works that would cure, whitelist; digests of inputs and answer.
  [[nodiscard]] json::Object draft(const Question& question) const;
  /// Feeders by name, with their substations.
  [[nodiscard]] json::Object feeders() const;
  /// A feeder for its one-line diagram, with `kw` more at a node (empty: as it is); nothing where there is none of that name.
  [[nodiscard]] std::optional<json::Object> feeder(std::string_view name, std::string_view node, double kw) const;
  /// What an event keeps of it: `inputs`, `inputs_digest`, `answer_digest`.
  [[nodiscard]] json::Object draft_record(const Question& question) const;

 private:
  [[nodiscard]] json::Object heading() const;
  [[nodiscard]] json::Object why(grid::Limit limit, grid::Row element) const;

  std::string name_;
  grid::MadeUpCity city_;
  grid::Standards standards_;
  std::string network_digest_, standards_digest_;
  std::unique_ptr<grid::ConnectPoints> points_;
  std::optional<grid::Capacity> capacity_;
  std::atomic<bool> computed_ = false;
};

/// SHA-256 over every number and id of a network and its surroundings, in their order.
std::string digest_of(const grid::MadeUpCity& city);

}  // namespace tongdian::supply
