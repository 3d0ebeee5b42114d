#include "app/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <mutex>
#include <sstream>
#include <unordered_map>

#include "app/backup.hpp"
#include "app/process.hpp"
#include "connection/case_view.hpp"
#include "notify/notify.hpp"

namespace tongdian::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct Route {
  std::array<prometheus::Counter*, 4> by_class{};  ///< 2xx 3xx 4xx 5xx
  prometheus::Histogram* took = nullptr;
};

std::size_t class_of(wire::Status status) { return std::min(std::max(wire::code_of(status) / 100, 2u), 5u) - 2; }

struct Sample {
  std::vector<ClientMetric::Label> labels;
  double value;
};
MetricFamily family(const char* name, const char* help, MetricType type, const std::vector<Sample>& samples) {
  MetricFamily out{name, help, type, {}};
  for (const auto& s : samples) {
    ClientMetric m;
    m.label = s.labels;
    (type == MetricType::Counter ? m.counter.value : m.gauge.value) = s.value;
    out.metric.push_back(std::move(m));
  }
  return out;
}
MetricFamily gauge(const char* name, const char* help, double value) {
  return family(name, help, MetricType::Gauge, {{{}, value}});
}
MetricFamily counter(const char* name, const char* help, double value) {
  return family(name, help, MetricType::Counter, {{{}, value}});
}

MetricFamily histogram(const char* name, const char* help, const engine::Distribution& d, double unit) {
  ClientMetric m;
  m.histogram.sample_count = d.count;
  m.histogram.sample_sum = static_cast<double>(d.sum) * unit;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i + 1 < d.size; ++i)
    m.histogram.bucket.push_back({below += d.counts[i], static_cast<double>(std::uint64_t{1} << i) * unit});
  return {name, help, MetricType::Histogram, {m}};
}

double as_double(auto n) { return static_cast<double>(n); }

}  // namespace

struct Metrics::State {
  explicit State(RunningCity& c) : city(c) {}

  void add_route(const std::string& method, const std::string& pattern) {
    Route route;
    constexpr std::array<const char*, 4> classes{"2xx", "3xx", "4xx", "5xx"};
    for (std::size_t i = 0; i < classes.size(); ++i)
      route.by_class[i] = &requests.Add({{"method", method}, {"route", pattern}, {"status", classes[i]}});
    route.took = &took.Add({{"method", method}, {"route", pattern}},
                           prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10});
    routes[method + ' ' + pattern] = route;
  }

  void add_engine(std::vector<MetricFamily>& out) const {
    const auto c = city.engine().counters();
    out.push_back(family("tongdian_commands_total", "Commands carried out, by outcome", MetricType::Counter,
                         {{{{"outcome", "accepted"}}, as_double(c.commands - c.refused - c.failed)},
                          {{{"outcome", "refused"}}, as_double(c.refused)},
                          {{{"outcome", "failed"}}, as_double(c.failed)}}));
    out.push_back(counter("tongdian_events_total", "Events written since the start", as_double(c.events)));
    out.push_back(histogram("tongdian_batch_commands", "Commands that shared a flush", c.batch_sizes, 1));
    out.push_back(histogram("tongdian_flush_seconds", "Time of a commit to disk", c.flushes, 64e-6));
    out.push_back(
        gauge("tongdian_queue_commands", "Commands that wait for the writer", as_double(city.engine().queued())));
  }

  void add_process(std::vector<MetricFamily>& out) const {
    const auto p = process_figures();
    out.push_back(gauge("process_resident_memory_bytes", "Resident memory", p.resident_bytes));
    out.push_back(counter("process_cpu_seconds_total", "Processor time, user and system", p.cpu_seconds));
    out.push_back(gauge("process_open_fds", "Open file descriptors", p.open_files));
    out.push_back(gauge("process_start_time_seconds", "Start, in seconds since 1970", p.started));
    out.push_back(family("tongdian_info", "The program and its pack", MetricType::Gauge,
                         {{{{"version", TONGDIAN_VERSION}, {"pack", city.foundation().connection->pack()}}, 1}}));
  }

  /// Asked of the database, and so not at every scrape.
  std::vector<MetricFamily> from_data() const {
    std::vector<MetricFamily> out;
    auto& f = city.foundation();
    auto reader = f.database->reader();
    out.push_back(gauge("tongdian_journal_events", "Events in the journal",
                        as_double(reader->integer("SELECT max(position) FROM event").value_or(0))));
    std::vector<Sample> open;
    for (const char* alarm : {"none", "warned", "overdue", "breached"}) open.push_back({{{"alarm", alarm}}, 0});
    reader->query("SELECT alarm, count(*) FROM case_view WHERE is_open = 1 GROUP BY alarm", {},
                  [&](const store::Row& row) {
                    const auto alarm = row.text(0).empty() ? std::string_view("none") : row.text(0);
                    for (auto& sample : open)
                      if (sample.labels.front().value == alarm) sample.value = as_double(row.integer(1));
                  });
    out.push_back(
        family("tongdian_open_cases", "Open cases, by the worst that their clocks have said", MetricType::Gauge, open));
    out.push_back(gauge("tongdian_outbox_messages", "Messages that have not left yet",
                        as_double(reader->integer("SELECT count(*) FROM outbox").value_or(0))));
    out.push_back(gauge("tongdian_outbox_set_aside", "Messages that failed three times and wait for an operator",
                        as_double(notify::set_aside(*reader))));
    out.push_back(gauge("tongdian_cases_beyond_calendar", "Open cases that wait for a calendar to have a due date",
                        as_double(connection::waiting_for_calendar(*reader).size())));
    const auto today = f.pack->zone().date_of(city.clock().now());
    out.push_back(gauge("tongdian_calendar_days_left", "Days from today to the last day of the calendar",
                        as_double((f.connection->calendar()->last_day() - today).count())));
    std::error_code none;
    const auto file = [&](const char* name) {
      const auto n = std::filesystem::file_size(f.data / name, none);
      return none ? 0.0 : as_double(n);
    };
    out.push_back(family("tongdian_database_bytes", "Size of the database's files", MetricType::Gauge,
                         {{{{"file", "city.db"}}, file("city.db")}, {{{"file", "city.db-wal"}}, file("city.db-wal")}}));
    const auto space = std::filesystem::space(f.data, none);
    out.push_back(gauge("tongdian_disk_free_bytes", "Free on the disk of the data folder",
                        none ? 0 : as_double(space.available)));
    const auto backup = last_backup(f.data);
    out.push_back(gauge("tongdian_last_backup_timestamp_seconds",
                        "When the last backup was made; 0 where none is known",
                        backup ? as_double(to_ms(*backup)) / 1000 : 0));
    return out;
  }

  RunningCity& city;
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("tongdian_http_requests_total").Help("Requests answered").Register(registry);
  prometheus::Family<prometheus::Histogram>& took = prometheus::BuildHistogram()
                                                        .Name("tongdian_http_request_duration_seconds")
                                                        .Help("From a request's last byte to its answer's")
                                                        .Register(registry);
  std::unordered_map<std::string, Route> routes;  ///< "GET /api/v1/cases/{number}"; read-only once made
  std::mutex mutex;
  std::vector<MetricFamily> kept;
  std::chrono::steady_clock::time_point kept_until{};
};

Metrics::Metrics(RunningCity& city, const wire::Router& router) : state_(std::make_unique<State>(city)) {
  for (const auto& route : router.routes()) state_->add_route(std::string(name_of(route.method)), route.pattern);
  state_->add_route("GET", "static");
  state_->add_route("other", "-");  // no such route, or no request that we take
}

Metrics::~Metrics() = default;

void Metrics::count(const http::AccessLine& line) {
  std::string key(line.method == "HEAD" ? "GET" : line.method);
  key.append(" ").append(line.pattern);
  auto found = state_->routes.find(key);
  if (found == state_->routes.end()) found = state_->routes.find("other -");
  found->second.by_class[class_of(line.status)]->Increment();
  found->second.took->Observe(std::chrono::duration<double>(line.took).count());
}

std::string Metrics::text() {
  auto out = state_->registry.Collect();
  state_->add_engine(out);
  state_->add_process(out);
  {
    const std::lock_guard lock(state_->mutex);
    const auto now = std::chrono::steady_clock::now();
    if (now >= state_->kept_until) {
      state_->kept = state_->from_data();
      state_->kept_until = now + std::chrono::seconds(10);
    }
    out.insert(out.end(), state_->kept.begin(), state_->kept.end());
  }
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, out);
  return text.str();
}

wire::Router metrics_router(Metrics& metrics) {
  wire::Router router;
  router.get("/metrics", wire::Access::everyone(), [&metrics](const wire::Request&) -> Result<wire::Response> {
    return wire::Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.text()};
  });
  return router;
}

}  // namespace tongdian::app
