#include "base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

namespace tongdian::json {
namespace {

constexpr std::size_t depth_limit = 32;

std::string_view kind_of(const Value& v) {
  switch (v.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "number";
    case boost::json::kind::string: return "string";
    case boost::json::kind::array: return "array";
    case boost::json::kind::object: return "object";
  }
  return "value";
}

/// Numbers as ECMAScript writes them (RFC 8785, 3.2.2.3): shortest digits that read back, exponent from 1e21 and below 1e-6. What is
/// no number of JSON is null, as there.
void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0) {
    out += '0';  // minus zero as well
    return;
  }
  std::array<char, 40> buffer{};
  const auto sci = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(sci.ptr - buffer.data()));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  int exponent = 0;
  const std::string_view exponent_text = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  std::string digits;
  for (char c : text.substr(0, e))
    if (c != '.') digits += c;
  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;  // the value is 0.digits × 10^n
  if (k <= n && n <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(n));
    out += '.';
    out.append(digits, static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-n), '0');
    out += digits;
  } else {
    out += digits[0];
    if (k > 1) {
      out += '.';
      out.append(digits, 1);
    }
    out += 'e';
    out += n - 1 < 0 ? '-' : '+';
    out += std::to_string(std::abs(n - 1));
  }
}

/// UTF-8 bytes compare like UTF-16 code units except that U+E000–U+FFFF sort after the surrogates.
bool less_utf16(std::string_view a, std::string_view b) {
  const auto [ia, ib] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (ia == a.end() || ib == b.end()) return ia == a.end() && ib != b.end();
  const auto ca = static_cast<unsigned char>(*ia);
  const auto cb = static_cast<unsigned char>(*ib);
  const bool astral_a = ca >= 0xF0;
  const bool astral_b = cb >= 0xF0;
  if (astral_a != astral_b) {
    if (astral_a && cb >= 0xEE) return true;
    if (astral_b && ca >= 0xEE) return false;
  }
  return ca < cb;
}

/// Builds the document as Boost.JSON's own handler does, but reads each fraction exactly: Boost 1.81 may be a unit off in
/// the last of 17 digits, and then canonical JSON that is read and written again would have other bytes and another leaf.
struct Builder {
  static constexpr std::size_t max_object_size = Object::max_size();
  static constexpr std::size_t max_array_size = Array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();
  using Error = boost::json::error_code;
  using Text = boost::json::string_view;

  boost::json::value_stack stack;
  bool infinite = false;          ///< a number such as 1e400 was met
  bool duplicate = false;         ///< an object named one key twice: readers would disagree which of them counts
  std::vector<std::size_t> keys;  ///< digests of the keys of the objects that are open, the innermost last
  std::string key_begun;          ///< of a key that comes in pieces

  bool on_document_begin(Error&) {
    stack.reset();
    return true;
  }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t n, Error& error) {
    stack.push_object(n);
    const auto own = keys.end() - static_cast<std::ptrdiff_t>(n);
    std::sort(own, keys.end());
    duplicate = std::adjacent_find(own, keys.end()) != keys.end();
    keys.erase(own, keys.end());
    if (duplicate) error = boost::json::error::syntax;
    return !duplicate;
  }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t n, Error&) {
    stack.push_array(n);
    return true;
  }
  bool on_key_part(Text s, std::size_t, Error&) {
    stack.push_chars(s);
    key_begun.append(s.data(), s.size());
    return true;
  }
  bool on_key(Text s, std::size_t, Error&) {
    stack.push_key(s);
    const std::string_view last(s.data(), s.size());
    keys.push_back(std::hash<std::string_view>{}(key_begun.empty() ? last : key_begun.append(last)));
    key_begun.clear();
    return true;
  }
  bool on_string_part(Text s, std::size_t, Error&) {
    stack.push_chars(s);
    return true;
  }
  bool on_string(Text s, std::size_t, Error&) {
    stack.push_string(s);
    return true;
  }
  bool on_number_part(Text, Error&) { return true; }  // only where a text comes in pieces; ours is whole
  bool on_int64(std::int64_t n, Text, Error&) {
    stack.push_int64(n);
    return true;
  }
  bool on_uint64(std::uint64_t n, Text, Error&) {
    stack.push_uint64(n);
    return true;
  }
  bool on_double(double near, Text s, Error&) {
    double exact = near;
    if (std::from_chars(s.data(), s.data() + s.size(), exact).ec != std::errc{})
      exact = near;  // 1e-400 is 0, 1e400 infinite
    infinite = infinite || !std::isfinite(exact);
    stack.push_double(exact);
    return true;
  }
  bool on_bool(bool b, Error&) {
    stack.push_bool(b);
    return true;
  }
  bool on_null(Error&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }
};

/// Names the place of the first number that is none.
std::optional<Problem> find_infinite(const Value& value, const Place& at) {
  if (const auto* number = value.if_double(); number && !std::isfinite(*number))
    return wrong(at, "json.out_of_range", "数值超出范围", "number out of range");
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i)
      if (auto problem = find_infinite((*array)[i], Place{&at, {}, i})) return problem;
  }
  if (const auto* object = value.if_object()) {
    for (const auto& entry : *object)
      if (auto problem = find_infinite(entry.value(), Place{&at, entry.key()})) return problem;
  }
  return {};
}

}  // namespace

Result<Value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = depth_limit;
  boost::json::basic_parser<Builder> parser(options);
  boost::json::error_code error;
  std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = boost::json::error::extra_data;
  if (!error) {
    Value value = parser.handler().stack.release();
    if (parser.handler().infinite)
      if (auto problem = find_infinite(value, {})) return std::move(*problem);
    return value;
  }
  read = std::min(read, text.size());
  const auto before = text.substr(0, read);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto last = before.rfind('\n');
  const auto column = 1 + before.size() - (last == before.npos ? 0 : last + 1);
  // One line of many (JSON lines) is not numbered here: only its reader knows which it is.
  const bool one_line = text.find('\n') == text.npos;
  const std::string where =
      (one_line ? "" : "line " + std::to_string(line) + ", ") + "column " + std::to_string(column);
  const std::string zh_where =
      (one_line ? "" : "第 " + std::to_string(line) + " 行") + ("第 " + std::to_string(column) + " 列");
  if (parser.handler().duplicate)
    return bad_input(
        "json.duplicate_key", "",
        {"同一对象中有重复的字段（止于" + zh_where + "）", "an object that ends at " + where + " names one key twice"},
        {"请只保留一个", "keep one of them"});
  return bad_input("json.syntax", "",
                   {"不是合法的 JSON（" + zh_where + "）", "not JSON at " + where + ": " + error.message()});
}

void append_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  std::size_t done = 0;  // what is plain is copied in runs
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, done, i - done);
    done = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += hex[c >> 4];
        out += hex[c & 15];
    }
  }
  out.append(text, done, text.size() - done);
  out += '"';
}

namespace {

void append(std::string& out, const Value& value, bool sorted) {
  switch (value.kind()) {
    case boost::json::kind::null: out += "null"; return;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::int64: {
      const auto n = value.get_int64();
      constexpr std::int64_t exact = 1ll << 53;
      if (n > exact || n < -exact) return append_double(out, static_cast<double>(n));
      std::array<char, 24> buffer{};
      out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), n).ptr);
      return;
    }
    case boost::json::kind::uint64: return append_double(out, static_cast<double>(value.get_uint64()));
    case boost::json::kind::double_: return append_double(out, value.get_double());
    case boost::json::kind::string: return append_string(out, value.get_string());
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& each : value.get_array()) {
        if (!first) out += ',';
        first = false;
        append(out, each, sorted);
      }
      out += ']';
      return;
    }
    case boost::json::kind::object: {
      std::vector<const boost::json::key_value_pair*> members;
      members.reserve(value.get_object().size());
      for (const auto& each : value.get_object()) members.push_back(&each);
      if (sorted)
        std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return less_utf16(a->key(), b->key()); });
      out += '{';
      bool first = true;
      for (const auto* member : members) {
        if (!first) out += ',';
        first = false;
        append_string(out, member->key());
        out += ':';
        append(out, member->value(), sorted);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

void append_canonical(std::string& out, const Value& value) { append(out, value, true); }

std::string text(const Value& value) {
  std::string out;
  append(out, value, false);
  return out;
}

std::string canonical(const Value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::string Place::pointer() const {
  std::string out = parent ? parent->pointer() : "";
  if (!parent) return out;
  out += '/';
  if (index != npos) return out + std::to_string(index);
  for (char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

Problem wrong(const Place& at, std::string_view code, std::string zh, std::string en) {
  return bad_input(std::string(code), at.pointer(), {std::move(zh), std::move(en)});
}

namespace detail {

Problem wrong_kind(const Value& from, std::string_view wanted, const Place& at) {
  const std::string want(wanted);
  const std::string got(kind_of(from));
  return wrong(at, "json.wrong_type", "此处应为 " + want + "，收到 " + got, "expected " + want + ", got " + got);
}

Problem missing(const Place& at) { return wrong(at, "json.missing", "缺少必填项", "this value is required"); }

Problem unknown_key(std::string_view key, const Place& at) {
  const std::string k(key);
  return wrong(at, "json.unknown_key", "不认识的字段 " + k, "unknown key " + k);
}

Problem unknown_value(std::string_view got, std::span<const std::string_view> known, const Place& at) {
  std::string list;
  for (auto k : known) list += (list.empty() ? "" : ", ") + std::string(k);
  return wrong(at, "json.unknown_value", "不认识的值 " + std::string(got) + "，可用：" + list,
               "unknown value " + std::string(got) + ", one of: " + list);
}

std::optional<Problem> read_bool(const Value& from, bool& to, const Place& at) {
  if (!from.is_bool()) return wrong_kind(from, "boolean", at);
  to = from.get_bool();
  return {};
}

std::optional<Problem> read_text(const Value& from, std::string& to, const Place& at) {
  if (!from.is_string()) return wrong_kind(from, "string", at);
  to.assign(from.get_string());
  return {};
}

std::optional<Problem> read_real(const Value& from, double& to, const Place& at) {
  if (!from.is_number()) return wrong_kind(from, "number", at);
  to = from.to_number<double>();
  // 1e400 is infinity to the parser.
  if (!std::isfinite(to)) return wrong(at, "json.out_of_range", "数值超出范围", "number out of range");
  return {};
}

std::optional<Problem> read_integer(const Value& from, std::int64_t& to, std::int64_t low, std::int64_t high,
                                    const Place& at) {
  if (!from.is_number()) return wrong_kind(from, "integer", at);
  boost::json::error_code error;
  to = from.to_number<std::int64_t>(error);  // refuses fractions and what does not fit
  if (error || to < low || to > high)
    return wrong(at, "json.out_of_range", "应为范围内的整数", "expected an integer in range");
  return {};
}

}  // namespace detail
}  // namespace tongdian::json
