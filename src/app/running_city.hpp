// A city at work: the foundation with its engine, sessions, workers and the table of routes.
#pragma once

#include <filesystem>
#include <thread>

#include "app/erasures.hpp"
#include "app/foundation.hpp"
#include "engine/engine.hpp"
#include "identity/gate.hpp"
#include "identity/oidc.hpp"
#include "identity/sessions.hpp"
#include "journeys/city.hpp"
#include "journeys/worker_pool.hpp"
#include "notify/notify.hpp"
#include "supervision/watch.hpp"

namespace tongdian::app {

struct CityOptions {
  bool secure_cookies = false;  ///< a proxy in front ends TLS
  identity::Rules rules{};
  bool codes_to_log = false;
  std::optional<identity::OidcSettings> oidc{};
};

class RunningCity {
 public:
  /// Starts the engine.
  RunningCity(std::unique_ptr<Foundation> foundation, std::shared_ptr<const Clock> clock, bool demo,
              CityOptions options = {});
  /// Carries out what is queued, then stops.
  ~RunningCity();

  /// Takes the network; its open capacity is worked out beside what the city does. Before `router()`.
  void use(std::unique_ptr<supply::SupplyGrid> grid);
  [[nodiscard]] wire::Router router();
  [[nodiscard]] wire::Gate& gate() { return gate_; }
  [[nodiscard]] journeys::City& journeys() { return city_; }
  [[nodiscard]] engine::Engine& engine() { return engine_; }
  [[nodiscard]] Foundation& foundation() { return *foundation_; }
  [[nodiscard]] const Clock& clock() const { return *clock_; }

 private:
  void every_second(engine::Executor& executor);
  void carry(store::Session& session, const std::string& topic, const std::string& payload);
  void fetch_calendars();
  void reload_calendar(engine::Executor& executor);
  /// Tells the journal what is counted by, and who gave it.
  void note_calendar(engine::Executor& executor);
  /// Dates that are told and deadlines that are armed, by the calendars as they are now.
  void count_anew(engine::Executor& executor);
  void keep_counted_by(engine::Executor& executor);
  /// At the start: a calendar may have come while nothing ran, in the data folder or with a newer program.
  void catch_up_calendar(engine::Executor& executor);
  void keep_erasures();
  /// At the start and when a month begins: the list of open capacity, where it is another than the one that is published.
  void publish_capacity(engine::Executor& executor);
  void keep_capacity(const std::stop_token& stop);
  /// Of the city and of every district.
  [[nodiscard]] std::vector<std::filesystem::path> calendar_files() const;

  std::unique_ptr<Foundation> foundation_;
  std::shared_ptr<const Clock> clock_;
  engine::Engine engine_;
  identity::Sessions sessions_;
  journeys::WorkerPool workers_{2};
  std::unique_ptr<identity::Oidc> oidc_;
  journeys::Live live_;
  supervision::Watch watch_;
  journeys::City city_;
  identity::SessionGate gate_;
  ErasureKeeper erasures_;
  bool erasures_kept_ = true;  ///< false: the list could not be written, and somebody was told
  std::unique_ptr<supply::SupplyGrid> grid_;
  std::jthread capacity_;  ///< works out what is published of the grid
  std::jthread reading_;   ///< has the watch read the journal before a supervisor asks
  notify::Outbox outbox_;
  std::string published_for_;             ///< the month whose edition is out
  std::int64_t calendars_confirmed_ = 0;  ///< how many requests for one were granted, as last seen
  std::string calendar_stamp_;            ///< names and times of the calendar files as last read
};

}  // namespace tongdian::app
