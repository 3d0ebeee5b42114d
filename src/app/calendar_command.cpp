// tongdian calendar: deadlines on the command line, and a further year's calendar put where the city finds it.
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>

#include "app/calendar_notes.hpp"
#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "policy/pack.hpp"

namespace tongdian::app {
namespace {

struct Options {
  std::string pack, data, date, days, file, area, by;
  long long bench = 0;
  bool json = false;
};

std::shared_ptr<const policy::Pack> pack_of(const Options& options) {
  return policy::load_pack(policy::find_pack(options.pack).value()).value();
}

std::optional<int> read_days(std::string_view text) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n < 0) return {};
  return n;
}

Result<LocalDate> add(const calendar::Calendar& calendar, std::string_view date_text, std::string_view days_text) {
  const auto date = parse_date(date_text);
  if (!date)
    return bad_input("calendar.bad_date", "",
                     {"不是日期：" + std::string(date_text), "not a date like 2021-09-29: " + std::string(date_text)});
  const auto n = read_days(days_text);
  if (!n)
    return bad_input("calendar.bad_days", "",
                     {"不是工作日数：" + std::string(days_text),
                      "not a number of working days, 0 or more: " + std::string(days_text)});
  if (const auto sum = calendar.add(*date, *n)) return *sum;
  return refusal(
      "calendar.beyond_coverage",
      {"超出已载入的日历（至 " + format_date(calendar.last_day()) + "）",
       "outside the loaded calendar, " + format_date(calendar.first_day()) + " to " + format_date(calendar.last_day())},
      {"用 tongdian calendar load 载入该年日历", "load that year with tongdian calendar load FILE"});
}

/// "DATE N" a line; a date or an error a line.
void add_lines(const calendar::Calendar& calendar) {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto blank = line.find_first_of(" \t");
    const auto rest = blank == line.npos ? line.npos : line.find_first_not_of(" \t", blank);
    const std::string_view days = rest == line.npos ? std::string_view{} : std::string_view(line).substr(rest);
    const auto sum = add(calendar, std::string_view(line).substr(0, blank), days);
    if (sum)
      std::cout << format_date(*sum) << '\n';
    else
      std::cout << "error " << sum.error().code << '\n';
    if (!sum) exit_code = 1;
  }
  std::cout.flush();
}

/// Deadlines of 0 to 30 working days from every loaded day, over and over, until N are done.
void bench(const calendar::Calendar& calendar, long long count) {
  const auto days = (calendar.last_day() - calendar.first_day()).count() + 1;
  std::vector<std::pair<LocalDate, int>> asked;
  for (std::int64_t i = 0; i < days; ++i)
    asked.emplace_back(calendar.first_day() + std::chrono::days{i * 7919 % days}, static_cast<int>(i % 31));
  std::int64_t sum = 0;  // what is summed up is printed, so that nothing is optimised away
  long long done = 0;
  const auto begun = std::chrono::steady_clock::now();
  while (done < count)
    for (const auto& [date, n] : asked) {
      if (const auto due = calendar.add(date, n)) sum += due->time_since_epoch().count();
      if (++done == count) break;
    }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::cout << json::text(json::Object{{"deadlines", done},
                                       {"seconds", took.count()},
                                       {"per_second", static_cast<double>(done) / took.count()},
                                       {"checksum", sum}})
            << '\n';
}

void run_add(const Options& options) {
  const auto calendar = calendar::load_for(pack_of(options)->calendar_files(), options.data).value();
  if (options.bench > 0) return bench(calendar, options.bench);
  if (options.date == "-") return add_lines(calendar);
  const auto sum = add(calendar, options.date, options.days);
  if (sum) {
    std::cout << format_date(*sum) << '\n';
    return;
  }
  std::cout << "error " << sum.error().code << '\n';
  std::cerr << "tongdian: " << sum.error().detail.en << '\n';
  if (!sum.error().next.en.empty()) std::cerr << "  " << sum.error().next.en << '\n';
  exit_code = 1;
}

/// A year's notice names some thirty days; a file with a handful is more likely cut short than complete. It is taken all the
/// same, for only a person can tell.
void warn_of_thin_years(std::string_view bytes) {
  constexpr int fewest_plausible = 10;
  std::map<std::string, int> rows;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    if (const auto date = parse_date(bytes.substr(at, std::min<std::size_t>(10, end - at))))
      ++rows[format_date(*date).substr(0, 4)];
    at = end + 1;
  }
  for (const auto& [year, count] : rows)
    if (count < fewest_plausible)
      std::cerr
          << "note: " << year << " has only " << count
          << " rows, where a year's notice names about thirty days; every other weekday of it now counts as a working day\n";
}

/// A folder is named by it: only a code of the pack is taken.
void check_area(const policy::Pack& pack, const std::string& area) {
  if (area.empty() || std::ranges::find(pack.areas(), area, &policy::Area::code) != pack.areas().end()) return;
  throw ProblemError(bad_input("connection.unknown_area", "--area", {"没有这个区（市）", "there is no such area"},
                               {"请使用政策包中的区划代码", "give a code of the pack's areas"}));
}

/// Who gives it: whom they name, else who they are on this machine, as `sudo` or the system tells. It stays in the journal for ever.
std::string giver(const Options& options) {
  std::string by = options.by;
  if (by.empty())
    if (const char* user = std::getenv("SUDO_USER")) by = user;
  if (by.empty())
    if (const auto* user = ::getpwuid(::geteuid())) by = user->pw_name;
  const bool plain = std::ranges::all_of(by, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  if (plain && by.size() <= 40) return by;
  throw ProblemError(bad_input("calendar.bad_giver", "--by",
                               {"应为账号名：字母、数字和 . _ -，至多 40 个字符",
                                "an account's name: letters, digits and . _ -, at most 40 of them"},
                               {"请用 --by 写明载入人的账号名", "name whoever loads it with --by"}));
}

void run_load(const Options& options) {
  const auto bytes = read_file(options.file).value();
  const auto name = options.file == "-"
                        ? std::string("standard-input.csv")
                        : std::filesystem::path(options.file).filename().replace_extension(".csv").string();
  const auto pack = pack_of(options);
  check_area(*pack, options.area);
  note_loaded(options.data, options.area, {name, to_hex(sha256(bytes)), giver(options)});
  const auto calendar = calendar::install(pack->calendar_files(), options.data, name, bytes, options.area).value();
  warn_of_thin_years(bytes);
  const int from = static_cast<int>(std::chrono::year_month_day{calendar.first_day()}.year());
  const int until = static_cast<int>(std::chrono::year_month_day{calendar.last_day()}.year());
  if (options.json) {
    json::Array years;
    for (int year = from; year <= until; ++year) years.emplace_back(year);
    std::cout << json::text(json::Object{
                     {"file", (std::filesystem::path(options.data) / "calendars" / options.area / name).string()},
                     {"years", std::move(years)},
                     {"first_day", format_date(calendar.first_day())},
                     {"last_day", format_date(calendar.last_day())}})
              << '\n';
  } else {
    std::cout << "calendars now cover " << from << " to " << until << '\n';
  }
}

}  // namespace

void add_calendar(CLI::App& program) {
  auto* command = program.add_subcommand("calendar", "statutory working days");
  command->require_subcommand(1);
  command->footer("Example: tongdian calendar add 2021-09-29 3");
  auto options = std::make_shared<Options>();

  auto* sum = command->add_subcommand("add", "the date of the N-th working day after DATE");
  sum->add_option("--pack", options->pack, "a pack's id or folder (default: the only pack there is)");
  sum->add_option("--data", options->data, "a city's data folder, whose later calendars count too");
  sum->add_option("--bench", options->bench, "count N deadlines and print the speed alone")->check(CLI::PositiveNumber);
  sum->add_option("DATE", options->date, "like 2021-09-29; - reads \"DATE N\" a line from standard input");
  auto* days = sum->add_option("N", options->days, "working days, 0 or more");
  sum->footer("Example: tongdian calendar add 2021-09-29 3");
  sum->callback([options, days] {
    if (options->bench == 0 && options->date.empty()) throw CLI::RequiredError("DATE");
    if (options->bench == 0 && options->date != "-" && days->count() == 0) throw CLI::RequiredError("N");
    run_add(*options);
  });

  auto* load = command->add_subcommand(
      "load", "check a calendar file and put it into the city's data folder; a running server sees it");
  load->add_option("--pack", options->pack, "a pack's id or folder (default: the only pack there is)");
  load->add_option("--data", options->data, "the city's data folder")->capture_default_str();
  load->add_option("FILE", options->file,
                   "rows of date,name,kind as calendars/README.md describes; - is standard input")
      ->required();
  load->add_option("--area", options->area,
                   "code of a district whose own days these are; the rest of the city keeps its calendar");
  load->add_option("--by", options->by,
                   "who gives it, for the journal: an account's name (default: the user of sudo, else of the system)");
  load->add_flag("--json", options->json, "print the covered years as JSON");
  load->footer("Example: tongdian calendar load 2027.csv --data city");
  load->callback([options] {
    if (options->data.empty()) options->data = default_data;
    if (!std::filesystem::exists(std::filesystem::path(options->data) / "city.db"))
      std::cerr << "note: there is no city in " << options->data
                << " yet; name the folder that it serves with --data\n";
    run_load(*options);
  });
}

}  // namespace tongdian::app
