#include "http/response_writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace tongdian::http {
namespace {

// Everything comes from the program itself; nobody may frame its pages. Charts and the component library write inline
// style attributes, hence that one exception.
constexpr std::string_view security_fields =
    "Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  // A value that came from outside must not begin a field of its own.
  for (const char c : value) out.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  out.append("\r\n");
}

bool has_length(wire::Status status) {
  return status != wire::Status::no_content && status != wire::Status::not_modified;
}

}  // namespace

std::string head_of(const wire::Response& response, const Framing& framing) {
  std::string out;
  out.reserve(768);
  out.append("HTTP/1.1 ");
  append_number(out, wire::code_of(response.status));
  out.append(" ").append(wire::phrase_of(response.status)).append("\r\n");
  append_field(out, "Date", framing.date);
  if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
  if (has_length(response.status) && !response.stream) {
    out.append("Content-Length: ");
    append_number(out, response.bytes().size());
    out.append("\r\n");
  }
  bool has_cache_control = false;
  for (const auto& [name, value] : response.headers) {
    append_field(out, name, value);
    has_cache_control = has_cache_control || name == "Cache-Control";
  }
  if (response.stream) out.append("X-Accel-Buffering: no\r\n");  // nginx passes each frame on at once
  if (!has_cache_control) out.append("Cache-Control: no-store\r\n");
  if (!framing.keep_alive) out.append("Connection: close\r\n");
  if (framing.keep_alive && framing.http_1_0) out.append("Connection: keep-alive\r\n");
  append_field(out, "X-Request-Id", framing.request_id);
  out.append(security_fields).append("\r\n");
  return out;
}

std::string http_date(std::int64_t unix_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds{unix_ms}};
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(instant - day)};
  constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", weekdays[weekday{day}.c_encoding()],
                static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

}  // namespace tongdian::http
