#include "app/running_city.hpp"

#include <spdlog/spdlog.h>

#include "app/calendar_notes.hpp"
#include "base/file_digest.hpp"
#include "connection/titles.hpp"
#include "identity/code_message.hpp"
#include "journal/person_search.hpp"
#include "notify/notify.hpp"

namespace tongdian::app {
namespace {

std::string stamp_of(const std::vector<std::filesystem::path>& files) {
  std::string out;
  for (const auto& file : files) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(file, error);
    out += file.string() + "@" + std::to_string(time.time_since_epoch().count()) + ";";
  }
  return out;
}

constexpr const char* counted_by = "counted_by";  // in journal_meta: the digest of the calendars that the views are by

/// Once a second until it is asked to stop; a database that is away is looked for again.
void once_a_second(const std::stop_token& stop, const char* failed, const std::function<void()>& work) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    try {
      work();
    } catch (const ProblemError& e) {
      spdlog::warn("{}: {}", failed, e.problem.detail.en);
    } catch (const std::exception& e) {
      spdlog::error("{}: {}", failed, e.what());
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
  }
}

std::string digest_of(const std::vector<std::filesystem::path>& files) {
  std::string all;
  for (const auto& file : files) all += to_hex(sha256_of_file(file).value());
  return to_hex(sha256(all));
}

}  // namespace

RunningCity::RunningCity(std::unique_ptr<Foundation> foundation, std::shared_ptr<const Clock> clock, bool demo,
                         CityOptions options)
    : foundation_(std::move(foundation)),
      clock_(std::move(clock)),
      engine_(foundation_->executor(*clock_)),
      sessions_(*foundation_->database, *clock_, foundation_->random,
                [this](auto work) { engine_.write(std::move(work)); }),
      oidc_(options.oidc ? std::make_unique<identity::Oidc>(*std::move(options.oidc), *foundation_->vault,
                                                            foundation_->random, *clock_)
                         : nullptr),
      live_(*foundation_->database),
      watch_(*foundation_->connection),
      city_{*foundation_->database,
            engine_,
            *foundation_->connection,
            *foundation_->vault,
            sessions_,
            *clock_,
            foundation_->random,
            workers_,
            live_,
            watch_,
            demo,
            options.secure_cookies,
            foundation_->pack->enterprises(),
            std::move(options.rules),
            options.codes_to_log,
            oidc_.get()},
      gate_(sessions_, *foundation_->database, *clock_),
      erasures_(*foundation_),
      outbox_([](const std::string& type, const std::string& number) { return connection::notice_of(type, number); },
              [this](store::Session& writer, const std::string& topic, const std::string& payload) {
                carry(writer, topic, payload);
              },
              [](const std::string& topic, const std::string& why) {
                spdlog::error("a row of the outbox was set aside ({}): {}", topic, why);
              }),
      calendar_stamp_(stamp_of(calendar_files())) {
  city_.calendar_with = [this](const std::string& name, std::string_view bytes, const std::string& area) {
    return calendar::checked(foundation_->pack->calendar_files(), foundation_->data, name, bytes, area);
  };
  engine_.on_idle([this](engine::Executor& executor) { every_second(executor); });
  engine_.post([this](engine::Executor& executor) {
    try {
      erasures_.tell_journal(executor);
    } catch (const std::exception& e) {
      spdlog::error("the journal could not be told who was erased again: {}", e.what());
    }
    catch_up_calendar(executor);
  });
  engine_.start();
  reading_ = std::jthread([this](const std::stop_token& stop) {
    once_a_second(stop, "the watch has not read on", [&] { watch_.catch_up(*foundation_->database->reader(), stop); });
  });
}

RunningCity::~RunningCity() { engine_.stop(); }

std::vector<std::filesystem::path> RunningCity::calendar_files() const {
  auto files = calendar::files_for(foundation_->pack->calendar_files(), foundation_->data);
  for (const auto& area : calendar::areas_of(foundation_->data))
    for (const auto& file : calendar::files_for({}, foundation_->data, area)) files.push_back(file);
  return files;
}

void RunningCity::use(std::unique_ptr<supply::SupplyGrid> grid) {
  grid_ = std::move(grid);
  grid_->take(journeys::approvals(*foundation_->database->reader(), *foundation_->connection, *grid_));
  city_.grid = grid_.get();
  capacity_ = std::jthread([this](const std::stop_token& stop) { keep_capacity(stop); });
}

/// Open capacity with every case that is approved: worked out at the start, and again when one was approved, lit or withdrawn.
void RunningCity::keep_capacity(const std::stop_token& stop) {
  grid_->compute(1, stop);
  grid_->find_weak_spots();
  once_a_second(stop, "approved cases were not counted", [&] {
    auto approvals = journeys::approvals(*foundation_->database->reader(), *foundation_->connection, *grid_);
    if (!grid_->counts(approvals)) grid_->count(std::move(approvals), 1, stop);
  });
}

wire::Router RunningCity::router() {
  wire::Router router;
  journeys::add_all(router, city_);
  return router;
}

void RunningCity::every_second(engine::Executor& executor) {
  outbox_.empty(executor, *foundation_->database, clock_->now());
  executor.in_transaction([&](store::Session& session) {
    // Some milliseconds' worth; who applied a second ago can be searched for.
    journal::index_people(*foundation_->vault, session, 300);
  });
  fetch_calendars();
  reload_calendar(executor);
  keep_erasures();
  publish_capacity(executor);
}

/// What two administrators agreed on comes to every node's folder, whoever of them they asked.
void RunningCity::fetch_calendars() {
  try {
    requests::Query query;
    query.subject = requests::of_calendar;
    query.open_only = false;
    query.granted_only = true;
    auto reader = foundation_->database->reader();
    const auto confirmed = requests::count(*reader, query);
    if (confirmed == calendars_confirmed_) return;
    calendars_confirmed_ = confirmed;
    take_confirmed(*foundation_, *reader);
  } catch (const std::exception& e) {
    spdlog::error("confirmed calendars were not fetched: {}", e.what());
  }
}

void RunningCity::publish_capacity(engine::Executor& executor) {
  if (!grid_ || !grid_->computed()) return;
  const auto month = supply::month_of(clock_->now(), foundation_->pack->zone());
  if (month == published_for_) return;
  published_for_ = month;
  auto [edition, csv] = grid_->list(month);
  std::int64_t version = 0;
  bool out_already = false;
  executor.in_transaction([&](store::Session& session) {
    const auto before = supply::edition_of(session, month);
    version = before.version;
    // What is approved within the month is the next one's; another network is a correction.
    out_already = version > 0 && before.edition.network_digest == edition.network_digest &&
                  before.edition.standards_digest == edition.standards_digest;
    if (out_already) return;
    supply::keep_list(session, edition.list_digest, csv);
  });
  if (out_already) return;
  std::vector<engine::Pending> batch;
  batch.push_back({supply::publish(std::move(edition), version), [&](const engine::Answer& answer) {
                     if (!answer)
                       spdlog::error("open capacity of {} was not published: {}", month, answer.error().detail.en);
                   }});
  executor.execute(batch);
}

void RunningCity::keep_erasures() {
  try {
    erasures_.run(clock_->now());
    erasures_kept_ = true;
  } catch (const ProblemError& e) {
    if (erasures_kept_) spdlog::error("erasures.jsonl is not up to date: {}", e.problem.detail.en);
    erasures_kept_ = false;
  }
}

void RunningCity::carry(store::Session& session, const std::string& topic, const std::string& payload) {
  if (topic == requests::granted_topic) return journeys::carry_out_granted(city_, session, payload);
  if (topic != identity::code_topic) return;
  // The one way out for codes so far: the log, for development and the demo. A city that says nothing of it issues none.
  const auto message = identity::read_code(*foundation_->vault, payload);
  spdlog::warn("no short messages leave this city: the code for phone {} is {}", message.phone, message.code);
}

void RunningCity::note_calendar(engine::Executor& executor) {
  try {
    std::vector<engine::Pending> batch;
    for (auto& command : calendar_notes(*foundation_))
      batch.push_back({std::move(command), [](const engine::Answer& answer) {
                         // Another node was quicker with the first note: the next start compares what it says.
                         if (!answer && answer.error().code != "engine.stream_exists")
                           spdlog::error("the journal could not be told of a calendar: {}", answer.error().detail.en);
                       }});
    executor.execute(batch);
  } catch (const std::exception& e) {
    spdlog::error("the journal could not be told of a calendar: {}", e.what());
  }
}

void RunningCity::reload_calendar(engine::Executor& executor) {
  const auto stamp = stamp_of(calendar_files());
  if (stamp == calendar_stamp_) return;
  calendar_stamp_ = stamp;
  auto loaded = calendar::load_for(foundation_->pack->calendar_files(), foundation_->data);
  if (!loaded) {
    spdlog::error("the calendar was not reloaded: {}", loaded.error().detail.en);
    return;
  }
  try {
    foundation_->connection->replace_area_calendars(load_area_calendars(*foundation_->pack, foundation_->data));
  } catch (const ProblemError& e) {
    spdlog::error("the calendars of districts were not reloaded: {}", e.problem.detail.en);
    return;
  }
  foundation_->connection->replace_calendar(std::make_shared<const calendar::Calendar>(*std::move(loaded)));
  note_calendar(executor);
  count_anew(executor);
}

void RunningCity::catch_up_calendar(engine::Executor& executor) {
  note_calendar(executor);
  try {
    std::optional<std::string> then;
    executor.in_transaction([&](store::Session& session) {
      then = session.text("SELECT value FROM journal_meta WHERE name = $1", {std::string_view(counted_by)});
    });
    const bool loaded_ones = calendar_files().size() > foundation_->pack->calendar_files().size();
    // A city from before this was noted: the pack's alone cannot have changed meanwhile.
    if (then ? *then != digest_of(calendar_files()) : loaded_ones)
      count_anew(executor);
    else if (!then)
      keep_counted_by(executor);
  } catch (const std::exception& e) {
    spdlog::error("cases were not counted anew by the calendar: {}", e.what());
  }
}

void RunningCity::keep_counted_by(engine::Executor& executor) {
  const std::string now = digest_of(calendar_files());
  executor.in_transaction([&](store::Session& session) {
    session.run(
        "INSERT INTO journal_meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {std::string_view(counted_by), std::string_view(now)});
  });
}

void RunningCity::count_anew(engine::Executor& executor) {
  // Cases that were waiting for their date get it now, those whose date has moved get the other one; deadlines are armed.
  std::vector<std::int64_t> waiting;
  std::vector<std::int64_t> complaints;
  executor.in_transaction([&](store::Session& session) {
    waiting = connection::open_cases(session);
    complaints = requests::waiting_complaints(session);
  });
  executor.refresh(waiting);
  executor.refresh(complaints);
  keep_counted_by(executor);
  spdlog::info("calendar reloaded, {} cases and {} complaints armed", waiting.size(), complaints.size());
}

}  // namespace tongdian::app
