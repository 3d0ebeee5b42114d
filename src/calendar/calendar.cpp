#include "calendar/calendar.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "base/files.hpp"
#include "calendar/rows.hpp"

namespace tongdian::calendar {
namespace {

using std::chrono::days;

LocalDate new_year(int year) { return std::chrono::sys_days{std::chrono::year{year} / std::chrono::January / 1}; }

Result<Rows> read_rows(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (!text) return text.error();
  return parse_rows(file, *text);
}

}  // namespace

/// Gathers the files' rows, then lays them over the weekdays of the covered years. The order of the files decides which
/// row wins and nothing else: whether the years have a gap is asked of all of them together.
class CalendarBuilder {
 public:
  CalendarBuilder() = default;
  explicit CalendarBuilder(const Calendar& so_far) : base_(&so_far) {
    for (int year = year_of(so_far.first_); year <= year_of(so_far.last_); ++year) years_.insert(year);
  }

  void add(Rows rows) {
    years_.insert(rows.years.begin(), rows.years.end());
    files_.push_back(std::move(rows));
  }

  Result<Calendar> build() const {
    if (auto problem = check_coverage()) return *std::move(problem);
    Calendar out;
    out.first_ = new_year(*years_.begin());
    out.last_ = new_year(*years_.rbegin() + 1) - days{1};
    lay_weekdays(out);
    for (const Rows& file : files_)
      for (const Row& row : file.rows)
        out.is_working_[static_cast<std::size_t>((row.date - out.first_).count())] = row.working ? 1 : 0;
    sum_up(out);
    return out;
  }

 private:
  std::optional<Problem> check_coverage() const {
    if (years_.empty())
      return bad_input("calendar.gap", files_.empty() ? "" : files_.front().file.string(),
                       {"没有任何年份的日历", "no year is covered"},
                       {"至少给出一个全年的日历文件", "give at least one file with a whole year"});
    for (auto year = std::next(years_.begin()); year != years_.end(); ++year)
      if (*year != *std::prev(year) + 1) return gap_before(*year);
    for (const Rows& file : files_)
      for (const Row& row : file.rows)
        if (!years_.contains(year_of(row.date)))
          return problem_at(file.file, row.line, 1, "calendar.not_covered",
                            {"没有文件载入 " + std::to_string(year_of(row.date)) + " 年的全国日历",
                             "no file covers the year " + std::to_string(year_of(row.date))},
                            {"先载入该年的全国日历", "load that year's national calendar first"});
    return {};
  }

  Problem gap_before(int year) const {
    std::string file;
    int line = 1;
    for (const Rows& each : files_)
      for (const Row& row : each.rows)
        if (file.empty() && year_of(row.date) == year) {
          file = each.file.string();
          line = row.line;
        }
    const std::string missing = std::to_string(year - 1);
    return problem_at(file, line, 1, "calendar.gap",
                      {std::to_string(year) + " 年之前缺少 " + missing + " 年",
                       "the year " + missing + " before " + std::to_string(year) + " is missing"},
                      {"先载入 " + missing + " 年的日历", "load the calendar of " + missing + " first"});
  }

  void lay_weekdays(Calendar& out) const {
    const auto count = static_cast<std::size_t>((out.last_ - out.first_).count()) + 1;
    out.is_working_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const LocalDate date = out.first_ + days{i};
      const bool weekday = std::chrono::weekday{date}.iso_encoding() <= 5;
      out.is_working_[i] = base_ && base_->covers(date) ? base_->is_working_day(date) : weekday;
    }
  }

  static void sum_up(Calendar& out) {
    out.before_.assign(1, 0);
    out.before_.reserve(out.is_working_.size() + 1);
    for (std::size_t i = 0; i < out.is_working_.size(); ++i) {
      if (out.is_working_[i]) out.working_.push_back(static_cast<std::int32_t>(i));
      out.before_.push_back(static_cast<std::int32_t>(out.working_.size()));
    }
  }

  const Calendar* base_ = nullptr;
  std::set<int> years_;
  std::vector<Rows> files_;
};

Result<Calendar> Calendar::load(const std::vector<std::filesystem::path>& files) {
  CalendarBuilder builder;
  for (const auto& file : files) {
    auto rows = read_rows(file);
    if (!rows) return rows.error();
    builder.add(*std::move(rows));
  }
  return builder.build();
}

Result<Calendar> Calendar::with(const std::filesystem::path& file) const {
  auto rows = read_rows(file);
  if (!rows) return rows.error();
  CalendarBuilder builder(*this);
  builder.add(*std::move(rows));
  return builder.build();
}

bool Calendar::is_working_day(LocalDate d) const {
  assert(covers(d));
  return is_working_[static_cast<std::size_t>((d - first_).count())] != 0;
}

std::optional<int> Calendar::between(LocalDate from, LocalDate to) const {
  if (!covers(from) || !covers(to)) return {};
  if (to <= from) return 0;
  const auto i = static_cast<std::size_t>((from - first_).count());
  const auto j = static_cast<std::size_t>((to - first_).count());
  return before_[j + 1] - before_[i + 1];
}

std::optional<LocalDate> Calendar::on_or_after(LocalDate date) const {
  if (!covers(date)) return {};
  return is_working_day(date) ? date : add(date, 1);
}

namespace {

/// `also` is among them even where it is not there yet.
void append_sorted(std::vector<std::filesystem::path>& files, const std::filesystem::path& folder,
                   const std::filesystem::path& also = {}) {
  std::error_code none;  // no such folder: nothing was loaded later
  std::vector<std::filesystem::path> later;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none))
    if (entry.path().extension() == ".csv") later.push_back(entry.path());
  if (!also.empty() && std::find(later.begin(), later.end(), also) == later.end()) later.push_back(also);
  std::sort(later.begin(), later.end());
  files.insert(files.end(), later.begin(), later.end());
}

}  // namespace

std::vector<std::filesystem::path> files_for(const std::vector<std::filesystem::path>& pack_files,
                                             const std::filesystem::path& data, const std::string& area) {
  auto files = pack_files;
  if (data.empty()) return files;
  append_sorted(files, data / "calendars");
  if (!area.empty()) append_sorted(files, data / "calendars" / area);
  return files;
}

std::vector<std::string> areas_of(const std::filesystem::path& data) {
  std::vector<std::string> out;
  std::error_code none;
  if (!data.empty())
    for (const auto& entry : std::filesystem::directory_iterator(data / "calendars", none))
      if (entry.is_directory(none)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

Result<Calendar> load_for(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data) {
  return Calendar::load(files_for(pack_files, data));
}

Result<Calendar> checked(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data,
                         const std::string& name, std::string_view bytes, const std::string& area) {
  const auto target = data / "calendars" / area / name;
  auto fresh = parse_rows(name, bytes);
  if (!fresh) return fresh.error();
  auto files = pack_files;
  append_sorted(files, data / "calendars", area.empty() ? target : std::filesystem::path());
  if (!area.empty()) append_sorted(files, target.parent_path(), target);
  CalendarBuilder builder;
  for (const auto& file : files) {
    auto rows = file == target ? std::move(fresh) : read_rows(file);
    if (!rows) return rows.error();
    builder.add(*std::move(rows));
  }
  return builder.build();
}

Result<Calendar> install(const std::vector<std::filesystem::path>& pack_files, const std::filesystem::path& data,
                         const std::string& name, std::string_view bytes, const std::string& area) {
  auto built = checked(pack_files, data, name, bytes, area);
  if (!built) return built;
  const auto target = data / "calendars" / area / name;
  if (auto there = read_file(target); there && *there == bytes) return built;
  std::error_code error;
  std::filesystem::create_directories(target.parent_path(), error);
  if (auto written = write_file_atomically(target, bytes); !written) return written.error();
  return built;
}

}  // namespace tongdian::calendar
