#include "app/calendar_notes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/file_digest.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "requests/request.hpp"

namespace tongdian::app {
namespace {

namespace fs = std::filesystem;

fs::path notes_of(const fs::path& data) { return data / "calendars" / "loaded.jsonl"; }

/// By the digest of the file: who gave it last. A line that is cut is passed over; it says less, and no calendar waits for it.
std::map<std::string, std::string> givers(const fs::path& data) {
  std::map<std::string, std::string> out;
  std::ifstream lines(notes_of(data));
  for (std::string line; std::getline(lines, line);)
    if (const auto note = json::read_text<connection::LoadedFile>(line)) out[note->digest] = note->by;
  return out;
}

connection::CalendarInForce in_force(Foundation& f, const std::string& area,
                                     const std::map<std::string, std::string>& by) {
  connection::CalendarInForce out;
  out.area = area;
  const auto own = f.pack->calendar_files().size();
  const auto files = calendar::files_for(f.pack->calendar_files(), f.data, area);
  for (std::size_t i = own; i < files.size(); ++i) {
    const std::string digest = to_hex(sha256_of_file(files[i]).value());
    const auto giver = by.find(digest);
    out.files.push_back({fs::relative(files[i], f.data / "calendars").generic_string(), digest,
                         giver == by.end() ? std::string() : giver->second});
  }
  const auto calendar = f.connection->calendar(area);
  out.first_day = format_date(calendar->first_day());
  out.last_day = format_date(calendar->last_day());
  out.working_days = calendar->between(calendar->first_day(), calendar->last_day()).value_or(0);
  return out;
}

}  // namespace

void note_loaded(const fs::path& data, const std::string& area, const connection::LoadedFile& file) {
  const auto notes = notes_of(data);
  std::error_code error;
  fs::create_directories(notes.parent_path() / area, error);
  std::ofstream out(notes, std::ios::app);
  out << json::canonical(json::write(file)) << '\n' << std::flush;
  if (!out)
    throw ProblemError(failure("file.unwritable", {"无法写入 " + notes.string(), "cannot write " + notes.string()}));
}

std::size_t take_confirmed(const Foundation& f, store::Session& session) {
  requests::Query query;
  query.subject = requests::of_calendar;
  query.open_only = false;
  query.granted_only = true;
  auto granted = requests::list(session, query);
  std::ranges::stable_sort(granted, {}, [](const auto& each) { return each.answered_at.value_or(each.asked_at); });
  const auto taken_file = f.data / "calendars" / "confirmed";
  std::set<std::string> taken;
  {
    std::ifstream lines(taken_file);
    for (std::string line; std::getline(lines, line);) taken.insert(line);
  }
  std::size_t done = 0;
  for (const auto& each : granted) {
    if (taken.contains(each.id)) continue;
    const std::string name(each.content.at("name").as_string()), rows(each.content.at("rows").as_string());
    // The journal names the request, and the request both who asked and who confirmed.
    note_loaded(f.data, each.area, {name, to_hex(sha256(rows)), each.id});
    if (auto there = calendar::install(f.pack->calendar_files(), f.data, name, rows, each.area); !there) {
      spdlog::error("the calendar {} of request {} was not taken: {}", name, each.id, there.error().detail.en);
      continue;
    }
    std::ofstream out(taken_file, std::ios::app);
    out << each.id << '\n' << std::flush;
    ++done;
  }
  return done;
}

std::vector<engine::Command> calendar_notes(Foundation& f) {
  std::vector<engine::Command> out;
  const auto by = givers(f.data);
  auto reader = f.database->reader();
  auto areas = calendar::areas_of(f.data);
  areas.insert(areas.begin(), std::string());  // the city itself
  for (const auto& area : areas) {
    engine::Command c;
    c.stream = connection::calendar_stream(area);
    c.creates = !reader->integer("SELECT id FROM stream WHERE name = $1", {std::string_view(c.stream)});
    auto calendar = in_force(f, area, by);
    // A city that counts by its pack alone has nothing to note.
    if (c.creates && calendar.files.empty()) continue;
    c.id = "calendar:" + f.random.token(8);
    c.actor = {"system", "calendar"};
    c.channel = "system";
    c.body = std::make_shared<connection::NoteCalendar>(std::move(calendar));
    out.push_back(std::move(c));
  }
  return out;
}

}  // namespace tongdian::app
