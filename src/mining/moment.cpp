#include "mining/moment.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

namespace tongdian::mining {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Civil {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  Ticks fraction = 0;
};

/// Ticks of a civil time, or `no_time` where there is no such day or hour. 24:00:00 is the next midnight, :60 the next minute.
Ticks ticks_of(const Civil& c) {
  using namespace std::chrono;
  const year_month_day date{year{c.year}, month{static_cast<unsigned>(c.month)}, day{static_cast<unsigned>(c.day)}};
  if (c.year < 1 || c.year > 9999 || !date.ok() || c.hour > 24 || c.minute > 59 || c.second > 60) return no_time;
  if (c.hour == 24 && (c.minute > 0 || c.second > 0 || c.fraction > 0)) return no_time;
  const auto days = sys_days{date}.time_since_epoch().count();
  return (days * 86'400LL + c.hour * 3'600 + c.minute * 60 + c.second) * ticks_per_second + c.fraction;
}

/// Reads from left to right; every reader leaves the place alone where it finds nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

  /// A number of `fewest` to `most` digits; -1 where there is none, or where more digits follow.
  int number(int fewest, int most) {
    int value = 0, n = 0;
    while (n < most && is_digit(peek_at(n))) value = value * 10 + (peek_at(n++) - '0');
    if (n < fewest || is_digit(peek_at(n))) return -1;
    at_ += static_cast<std::size_t>(n);
    digits_ = n;
    return value;
  }
  /// How many digits the last number had.
  [[nodiscard]] int digits() const { return digits_; }

  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_any(std::initializer_list<std::string_view> words) {
    for (const auto word : words)
      if (take(word)) return true;
    return false;
  }
  /// A word of ASCII letters, whatever their case.
  bool take_word(std::string_view lower) {
    for (std::size_t i = 0; i < lower.size(); ++i)
      if ((peek_at(static_cast<int>(i)) | 0x20) != lower[i]) return false;
    at_ += lower.size();
    return true;
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t' || take("\xC2\xA0") || take("\xE3\x80\x80"))
      if (peek() == ' ' || peek() == '\t') ++at_;
  }
  /// Digits behind a point, to the tick; further ones are cut off.
  Ticks fraction() {
    Ticks value = 0, scale = ticks_per_second / 10;
    for (; is_digit(peek()); ++at_, scale /= 10) value += (peek() - '0') * scale;
    return value;
  }

 private:
  [[nodiscard]] char peek_at(int ahead) const {
    const auto i = at_ + static_cast<std::size_t>(ahead);
    return i < text_.size() ? text_[i] : '\0';
  }
  std::string_view text_;
  std::size_t at_ = 0;
  int digits_ = 0;
};

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};

int month_name(Scanner& in) {
  for (std::size_t i = 0; i < month_names.size(); ++i)
    if (in.take_word(month_names[i])) return static_cast<int>(i) + 1;
  return -1;
}

int full_year(int year, int digits) {
  if (digits > 2) return year;
  return year + (year < 70 ? 2000 : 1900);  // as Oracle's RR and POSIX's %y
}

/// Year first: 2021-06-01, 2021/6/1, 2021.6.1, 2021年6月1日.
bool year_first(Scanner& in, Civil& out, int year) {
  const bool chinese = in.take("年");
  if (!chinese && !in.take_any({"-", "/", "."})) return false;
  out.year = year;
  out.month = in.number(1, 2);
  if (out.month < 0 || !(chinese ? in.take("月") : in.take_any({"-", "/", "."}))) return false;
  out.day = in.number(1, 2);
  if (out.day < 0) return false;
  if (chinese) in.take_any({"日", "号"});
  return true;
}

/// Year last: 1/6/2021, 01.06.2021, 01-JUN-21, Oracle's Chinese 01-6月 -21.
bool year_last(Scanner& in, Civil& out, int first, DateStyle style) {
  const bool dotted = in.peek() == '.';
  if (!in.take_any({"-", "/", ".", " "})) return false;
  int second = month_name(in);
  bool named = second > 0;
  if (!named) {
    second = in.number(1, 2);
    named = second > 0 && in.take("月");
  }
  if (second < 0) return false;
  in.blanks();
  if (!in.take_any({"-", "/", "."}) && !named) return false;
  const int year = in.number(2, 4);
  if (year < 0 || in.digits() == 3) return false;
  // Without a name of the month the order is the log's, but for what only one order can mean; dots are written day first.
  const bool day_first = named || dotted ? !(second > 12 && !named) : first > 12 || (style.day_first && second <= 12);
  out.day = day_first ? first : second;
  out.month = day_first ? second : first;
  out.year = full_year(year, in.digits());
  return true;
}

/// AM, PM, 上午, 下午: 0 none, 1 before noon, 2 after it.
int half_of_day(Scanner& in) {
  if (in.take_word("am") || in.take_any({"上午", "凌晨", "早上"})) return 1;
  if (in.take_word("pm") || in.take_any({"下午", "晚上", "中午"})) return 2;
  return 0;
}

/// 0830, 083015, 083015.123: ISO 8601's basic form.
bool basic_time(Scanner& in, Civil& out) {
  int time = in.number(4, 4);
  if (time < 0) {
    time = in.number(6, 6);
    if (time < 0) return false;
    out.second = time % 100;
    time /= 100;
    if (in.take_any({".", ","})) out.fraction = in.fraction();
  }
  out.hour = time / 100, out.minute = time % 100;
  return true;
}

/// 8:00, 08:00:00.123, 8时30分15秒, 8点, 08.30.00 behind a date.
bool time_of_day(Scanner& in, Civil& out) {
  if (basic_time(in, out)) return true;
  int half = half_of_day(in);
  in.blanks();
  out.hour = in.number(1, 2);
  if (out.hour < 0) return false;
  if (in.take_any({"时", "点"})) {
    if (const int minute = in.number(1, 2); minute >= 0) {
      out.minute = minute;
      in.take_any({"分", "钟"});
      if (const int second = in.number(1, 2); second >= 0) {
        out.second = second;
        in.take("秒");
      }
    }
  } else if (in.take_any({":", ".", "："})) {
    out.minute = in.number(2, 2);
    if (out.minute < 0) return false;
    if (in.take_any({":", ".", "："})) {
      out.second = in.number(2, 2);
      if (out.second < 0) return false;
      if (in.take_any({".", ","})) out.fraction = in.fraction();
    }
  } else if (half == 0) {
    return false;
  }
  in.blanks();
  if (half == 0) half = half_of_day(in);
  if (half == 1 && out.hour > 12) return false;
  if (half == 1 && out.hour == 12) out.hour = 0;
  if (half == 2 && out.hour < 12) out.hour += 12;
  return true;
}

/// Z, +08:00, +0800, +08, UTC, UTC+8, GMT+08:00. Leaves `offset` alone where there is none; false where it is malformed.
bool utc_offset(Scanner& in, std::int16_t& offset) {
  const bool named = in.take_word("z") || in.take_word("utc") || in.take_word("gmt");
  if (named) offset = 0;
  const int sign = in.take("+") ? 1 : in.take_any({"-", "\xE2\x88\x92"}) ? -1 : 0;
  if (sign == 0) return true;
  int hours = in.number(4, 4), minutes = 0;
  if (hours >= 0) {
    minutes = hours % 100;
    hours /= 100;
  } else {
    hours = in.number(1, 2);
    if (hours >= 0 && in.take(":")) {
      minutes = in.number(2, 2);
      if (minutes >= 0 && in.take(":") && in.number(2, 2) < 0)
        return false;  // an offset's seconds: of the years before 1940
    }
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  offset = static_cast<std::int16_t>(sign * (hours * 60 + minutes));
  return true;
}

Moment moment_of(const Civil& civil, std::int16_t offset) {
  const Ticks local = ticks_of(civil);
  if (local == no_time) return {};
  return {local - (offset == no_offset ? 0 : offset) * 60 * ticks_per_second, offset};
}

int two(const char* p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

/// 2021-06-01T08:00:00, the form of nearly every log, without the general reader. False: not of this form.
bool plain_iso(std::string_view text, Civil& out, std::size_t& used) {
  if (text.size() < 19) return false;
  const char* p = text.data();
  if (p[4] != '-' || p[7] != '-' || p[13] != ':' || p[16] != ':' || (p[10] != 'T' && p[10] != ' ')) return false;
  for (const int i : {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18})
    if (!is_digit(p[i])) return false;
  out = {two(p) * 100 + two(p + 2), two(p + 5), two(p + 8), two(p + 11), two(p + 14), two(p + 17), 0};
  used = 19;
  if (used < text.size() && (p[used] == '.' || p[used] == ',')) {
    Ticks scale = ticks_per_second / 10;
    for (++used; used < text.size() && is_digit(p[used]); ++used, scale /= 10) out.fraction += (p[used] - '0') * scale;
  }
  return true;
}

/// Digits and nothing else: 20210601, 202106010800, 20210601080000, …080000123; seconds or milliseconds since 1970.
Moment all_digits(std::string_view text) {
  const auto part = [&](std::size_t from, std::size_t n) {
    int value = 0;
    for (std::size_t i = 0; i < n && from + i < text.size(); ++i) value = value * 10 + (text[from + i] - '0');
    return value;
  };
  long long whole = 0;
  std::from_chars(text.data(), text.data() + text.size(), whole);
  switch (text.size()) {
    case 10: return {whole * ticks_per_second, no_offset};
    case 13: return {whole * (ticks_per_second / 1'000), no_offset};
    case 16: return {whole * (ticks_per_second / 1'000'000), no_offset};
    case 8:
    case 12:
    case 14:
    case 17: {
      Civil civil{part(0, 4), part(4, 2), part(6, 2), part(8, 2), part(10, 2), part(12, 2), 0};
      if (text.size() == 17) civil.fraction = part(14, 3) * (ticks_per_second / 1'000);
      return civil.year < 1800 ? Moment{} : moment_of(civil, no_offset);
    }
    default: return {};
  }
}

/// Days since 1899-12-30 with the day's share behind the point, to the millisecond as Excel itself keeps it.
Moment excel_serial(std::string_view text) {
  double days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc{} || end != text.data() + text.size() || !(days >= 1 && days < 2'958'466)) return {};
  constexpr Ticks epoch = -25'569;
  const auto milliseconds = std::llround((days + static_cast<double>(epoch)) * 86'400'000.0);
  return {milliseconds * (ticks_per_second / 1'000), no_offset};
}

/// Month first by its name: Jun 1, 2021.
bool month_named_first(Scanner& in, Civil& out) {
  out.month = month_name(in);
  if (out.month < 0) return false;
  in.take(".");
  in.blanks();
  out.day = in.number(1, 2);
  in.take(",");
  in.blanks();
  out.year = in.number(4, 4);
  return out.day > 0 && out.year > 0;
}

bool date_of(Scanner& in, Civil& out, DateStyle style) {
  if (const int basic = in.number(8, 8); basic >= 0) {  // ISO 8601's basic form: 20210601T083015
    out.year = basic / 10'000, out.month = basic / 100 % 100, out.day = basic % 100;
    return out.year >= 1800;
  }
  const int first = in.number(1, 4);
  if (first < 0) return month_named_first(in, out);
  if (in.digits() == 3) return false;
  return in.digits() == 4 ? year_first(in, out, first) : year_last(in, out, first, style);
}

Moment any_form(std::string_view text, DateStyle style) {
  Scanner in(text);
  Civil civil;
  if (!date_of(in, civil, style)) return {};
  std::int16_t offset = no_offset;
  in.take_any({"T", "t", ":"});
  in.blanks();
  if (!in.at_end() && in.peek() != 'Z' && in.peek() != '+' && !time_of_day(in, civil)) return {};
  in.blanks();
  if (!utc_offset(in, offset)) return {};
  in.blanks();
  return in.at_end() ? moment_of(civil, offset) : Moment{};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto from = text.find_first_not_of(blank);
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

}  // namespace

Moment read_moment(std::string_view text, DateStyle style) {
  Civil civil;
  std::size_t used = 0;
  if (plain_iso(text, civil, used)) {
    if (used == text.size()) return moment_of(civil, no_offset);
    const auto rest = text.substr(used);
    std::int16_t offset = no_offset;
    if (rest == "Z") return moment_of(civil, 0);
    if (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':') {
      Scanner in(rest);
      if (utc_offset(in, offset) && in.at_end()) return moment_of(civil, offset);
      return {};
    }
  }
  text = trimmed(text);
  if (text.empty()) return {};
  if (text.find_first_not_of("0123456789") == text.npos && (!style.excel || text.size() >= 8)) return all_digits(text);
  if (style.excel)
    if (const auto moment = excel_serial(text)) return moment;
  return any_form(text, style);
}

std::string format_moment(Moment moment) {
  if (!moment) return "";
  const int offset = moment.offset == no_offset ? 0 : moment.offset;
  const Ticks local = moment.at + offset * 60 * ticks_per_second;
  Ticks day = local / ticks_per_day, rest = local % ticks_per_day;
  if (rest < 0) {
    --day;
    rest += ticks_per_day;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const auto seconds = static_cast<unsigned>(rest / ticks_per_second);
  std::string text;
  const auto digits = [&text](unsigned value, unsigned first) {
    for (unsigned scale = first; scale > 0; scale /= 10) text += static_cast<char>('0' + value / scale % 10);
  };
  const auto part = [&](char before, unsigned value) {
    text += before;
    digits(value, 10);
  };
  digits(static_cast<unsigned>(static_cast<int>(date.year())), 1'000);
  part('-', static_cast<unsigned>(date.month()));
  part('-', static_cast<unsigned>(date.day()));
  part('T', seconds / 3'600);
  part(':', seconds / 60 % 60);
  part(':', seconds % 60);
  if (const auto fraction = static_cast<unsigned>(rest % ticks_per_second); fraction > 0) {
    text += '.';
    digits(fraction, 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
  }
  if (offset == 0) return text + "Z";
  const auto size = static_cast<unsigned>(std::abs(offset));
  part(offset < 0 ? '-' : '+', size / 60);
  part(':', size % 60);
  return text;
}

std::int64_t civil_day(Ticks at, std::int16_t offset, int zone_minutes) {
  const Ticks local = at + (offset == no_offset ? 0 : zone_minutes) * 60 * ticks_per_second;
  const auto day = local / ticks_per_day;
  return local % ticks_per_day < 0 ? day - 1 : day;
}

}  // namespace tongdian::mining
