// What Prometheus may ask of a running city, on a listener of this machine's own. Labels are routes, classes of status and
// other short closed lists: no person, case, account or address is ever one.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/running_city.hpp"
#include "http/server.hpp"

namespace tongdian::app {

class Metrics {
 public:
  /// Every series is there from the start, at 0. The city outlives the metrics.
  Metrics(RunningCity& city, const wire::Router& router);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// On the network threads, once a request.
  void count(const http::AccessLine& line);
  /// The text format of Prometheus, 0.0.4. What comes from the database is at most ten seconds old.
  [[nodiscard]] std::string text();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// GET /metrics and nothing else.
wire::Router metrics_router(Metrics& metrics);

}  // namespace tongdian::app
