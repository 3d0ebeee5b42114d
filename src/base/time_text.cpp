#include "base/time_text.hpp"

#include <array>
#include <cstdio>

namespace tongdian {
namespace {

/// `count` digits from the front of `text`, which moves on; -1 where there are others.
int digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool literal(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<LocalDate> take_date(std::string_view& text) {
  const int y = digits(text, 4);
  if (y < 0 || !literal(text, '-')) return {};
  const int m = digits(text, 2);
  if (m < 0 || !literal(text, '-')) return {};
  const int d = digits(text, 2);
  if (d < 0) return {};
  const std::chrono::year_month_day date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(m)},
                                         std::chrono::day{static_cast<unsigned>(d)}};
  if (!date.ok()) return {};
  return LocalDate{date};
}

/// "Z" or "+08:00", to the end of the text.
std::optional<std::chrono::minutes> take_offset(std::string_view text) {
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return {};
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const int h = digits(text, 2);
  if (h < 0 || h > 23 || !literal(text, ':')) return {};
  const int m = digits(text, 2);
  if (m < 0 || m > 59 || !text.empty()) return {};
  return std::chrono::minutes{sign * (h * 60 + m)};
}

struct Civil {
  int year, month, day, hour, minute, second, millisecond;
};

Civil civil(Instant shifted) {
  const auto day = std::chrono::floor<std::chrono::days>(shifted);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{shifted - day};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(time.hours().count()),
          static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count()),
          static_cast<int>(time.subseconds().count())};
}

}  // namespace

std::optional<LocalDate> parse_date(std::string_view text) {
  auto date = take_date(text);
  return text.empty() ? date : std::nullopt;
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto date = take_date(text);
  if (!date || (!literal(text, 'T') && !literal(text, 't') && !literal(text, ' '))) return {};
  const int h = digits(text, 2);
  if (h < 0 || h > 23 || !literal(text, ':')) return {};
  const int m = digits(text, 2);
  if (m < 0 || m > 59 || !literal(text, ':')) return {};
  const int s = digits(text, 2);
  if (s < 0 || s > 60) return {};
  int ms = 0;
  if (literal(text, '.')) {
    int scale = 100;
    if (text.empty() || text.front() < '0' || text.front() > '9') return {};
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      ms += (text.front() - '0') * scale;
      scale /= 10;
      text.remove_prefix(1);
    }
  }
  const auto offset = take_offset(text);
  if (!offset) return {};
  using namespace std::chrono;
  return Instant{*date} + hours{h} + minutes{m} + seconds{s} + milliseconds{ms} - *offset;
}

std::string format_date(LocalDate date) {
  const std::chrono::year_month_day d{date};
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                static_cast<unsigned>(d.day()));
  return out.data();
}

std::string format_instant(Instant t, Zone zone) {
  const Civil c = civil(t + zone.utc_offset);
  const auto minutes = zone.utc_offset.count();
  const auto size = minutes < 0 ? -minutes : minutes;
  std::array<char, 96> out{};
  int n = std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                        c.minute, c.second);
  if (c.millisecond != 0)
    n += std::snprintf(out.data() + n, out.size() - static_cast<std::size_t>(n), ".%03d", c.millisecond);
  std::snprintf(out.data() + n, out.size() - static_cast<std::size_t>(n), "%c%02d:%02d", minutes < 0 ? '-' : '+',
                static_cast<int>(size / 60), static_cast<int>(size % 60));
  return out.data();
}

std::string format_utc(Instant t) {
  // On the path of every event: digits by hand, not printf.
  const Civil c = civil(t);
  std::string out = "0000-00-00T00:00:00.000Z";
  const auto put = [&](std::size_t at, std::size_t count, int value) {
    for (std::size_t i = count; i > 0; --i, value /= 10) out[at + i - 1] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, c.year);
  put(5, 2, c.month);
  put(8, 2, c.day);
  put(11, 2, c.hour);
  put(14, 2, c.minute);
  put(17, 2, c.second);
  put(20, 3, c.millisecond);
  return out;
}

}  // namespace tongdian
