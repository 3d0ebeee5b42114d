#include "policy/yaml_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include <yaml-cpp/eventhandler.h>

#include "base/files.hpp"
#include "base/time_text.hpp"

namespace tongdian::policy {
namespace {

constexpr int depth_limit = 12;

std::string at(const std::string& file, const YAML::Mark& mark) {
  // yaml-cpp counts from 0; a null mark is -1.
  return file + ":" + std::to_string(std::max(mark.line, 0) + 1) + ":" + std::to_string(std::max(mark.column, 0) + 1);
}

/// Words that YAML 1.1 turns into booleans or nothing when they stand without quotes.
bool is_ambiguous(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  static const std::set<std::string> words{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ""};
  return words.contains(text);
}

/// Decimal digits without a leading zero, a sign or a fraction at most: `010` and `0x10` are no numbers here.
bool is_number(std::string_view text, bool fraction) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  if (text.empty()) return true;
  if (!fraction || text.front() != '.') return false;
  text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// Refuses aliases before anything is built: one that stands within its own anchor is a value without an end, and a few
/// lines of them are a value of a billion parts.
struct NoAliases final : YAML::EventHandler {
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YAML::ParserException(mark, "an alias (*name); write the value out");
  }
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// Asks for a second document once and no further: on some broken texts the library finds documents without end.
bool is_one_document(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  NoAliases handler;
  return parser.HandleNextDocument(handler) && !parser.HandleNextDocument(handler);
}

template <class T>
T parsed(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Yaml::Yaml(std::shared_ptr<const File> file, const YAML::Node& node)
    : file_(std::move(file)), node_(node), there_(true) {}

Yaml Yaml::load(const std::filesystem::path& path, Problems& problems) {
  auto text = read_file(path);
  if (!text) {
    problems.add(text.error());
    return {};
  }
  auto file = std::make_shared<const File>(File{path.string(), &problems});
  try {
    const YAML::Node document = is_one_document(*text) ? YAML::Load(*text) : YAML::Node();
    if (!document.IsDefined() || document.IsNull()) {
      problems.add("pack.syntax", path.string() + ":1:1",
                   {"文件应有且只有一个 YAML 文档", "the file must hold one YAML document"},
                   {"写入内容，去掉多余的 ---", "write its content, without a second ---"});
      return {};
    }
    const Yaml root(file, document);
    root.inspect(0);
    return root;
  } catch (const YAML::Exception& e) {
    problems.add("pack.syntax", at(file->name, e.mark), {"不是合法的 YAML：" + e.msg, "not YAML: " + e.msg},
                 {"检查缩进、冒号和引号", "check indentation, colons and quotes"});
    return {};
  }
}

void Yaml::inspect(int depth) const {
  if (depth > depth_limit) {
    complain("pack.syntax", {"嵌套过深", "nested too deeply"}, {"减少层级", "use fewer levels"});
    return;
  }
  if (node_.IsSequence())
    for (const auto& each : node_) Yaml(file_, each).inspect(depth + 1);
  if (!node_.IsMap()) return;
  std::set<std::string> seen;
  for (const auto& each : node_) {
    const Yaml key(file_, each.first);
    if (!each.first.IsScalar())
      key.complain("pack.syntax", {"键应为一个词", "a key must be one word"}, {"改为一个词", "write one word"});
    else if (!seen.insert(each.first.Scalar()).second)
      key.complain("pack.duplicate_key",
                   {"键 " + each.first.Scalar() + " 重复", "the key " + each.first.Scalar() + " stands twice"},
                   {"只保留一处", "keep one of them"});
    Yaml(file_, each.second).inspect(depth + 1);
  }
}

std::string Yaml::place() const { return there_ ? at(file_->name, node_.Mark()) : ""; }

void Yaml::complain(std::string code, Sentence detail, Sentence mend, std::vector<std::string> clauses) const {
  if (there_) file_->problems->add(std::move(code), place(), std::move(detail), std::move(mend), std::move(clauses));
}

void Yaml::expected(Sentence what, Sentence mend) const {
  complain("pack.wrong_type", {"此处应为" + what.zh, "expected " + what.en}, std::move(mend));
}

void Yaml::only(std::initializer_list<std::string_view> keys) const {
  std::string list;
  for (const auto key : keys) list += (list.empty() ? "" : ", ") + std::string(key);
  for (const auto& [key, value] : entries()) {
    const auto name = key.raw();
    if (std::find(keys.begin(), keys.end(), name) == keys.end())
      key.complain("pack.unknown_key", {"不认识的键 " + name, "unknown key " + name},
                   {"可用：" + list, "use one of: " + list});
  }
}

Yaml Yaml::get(std::string_view key) const {
  if (!is_map()) return {};
  for (const auto& each : node_)
    if (each.first.IsScalar() && each.first.Scalar() == key) return Yaml(file_, each.second);
  return {};
}

Yaml Yaml::need(std::string_view key) const {
  if (!there_) return {};
  if (!is_map()) {
    expected({"映射（键: 值）", "a map (key: value)"},
             {"写成 " + std::string(key) + ": …", "write " + std::string(key) + ": …"});
    return {};
  }
  Yaml value = get(key);
  if (!value)
    complain("pack.missing", {"缺少 " + std::string(key), std::string(key) + " is missing"},
             {"在此补上 " + std::string(key) + ": …", "add " + std::string(key) + ": … here"});
  return value;
}

std::vector<std::pair<Yaml, Yaml>> Yaml::entries() const {
  std::vector<std::pair<Yaml, Yaml>> out;
  if (!there_) return out;
  if (!node_.IsMap()) {
    expected({"映射（键: 值）", "a map (key: value)"}, {"写成 键: 值", "write key: value"});
    return out;
  }
  for (const auto& each : node_) out.emplace_back(Yaml(file_, each.first), Yaml(file_, each.second));
  return out;
}

std::vector<Yaml> Yaml::items() const {
  std::vector<Yaml> out;
  if (!there_) return out;
  if (!node_.IsSequence()) {
    expected({"列表", "a list"}, {"写成 [一, 二]", "write [one, two]"});
    return out;
  }
  for (const auto& each : node_) out.push_back(Yaml(file_, each));
  return out;
}

std::vector<Yaml> Yaml::one_or_more() const {
  if (is_scalar()) return {*this};
  return items();
}

std::string Yaml::raw() const { return is_scalar() ? node_.Scalar() : std::string(); }

std::string Yaml::text() const {
  if (!there_) return {};
  if (!node_.IsScalar() || node_.Scalar().empty()) {
    expected({"文字", "a text"}, {"写一段文字", "write a text"});
    return {};
  }
  if (node_.Tag() == "?" && is_ambiguous(node_.Scalar()))
    expected({"文字，而 " + node_.Scalar() + " 会被当作布尔值或空值",
              "a text, and YAML takes " + node_.Scalar() + " for a boolean or nothing"},
             {"加引号：\"" + node_.Scalar() + "\"", "put it in quotes: \"" + node_.Scalar() + "\""});
  return node_.Scalar();
}

bool Yaml::boolean() const {
  if (!there_) return false;
  if (node_.IsScalar() && node_.Tag() == "?" && (node_.Scalar() == "true" || node_.Scalar() == "false"))
    return node_.Scalar() == "true";
  expected({"真或假", "true or false"}, {"写 true 或 false", "write true or false"});
  return false;
}

int Yaml::integer(int low, int high) const {
  if (!there_) return low;
  if (node_.IsScalar() && node_.Tag() == "?" && is_number(node_.Scalar(), false) && node_.Scalar().size() < 12) {
    const auto value = parsed<long long>(node_.Scalar());
    if (value >= low && value <= high) return static_cast<int>(value);
  }
  const auto range = std::to_string(low) + "–" + std::to_string(high);
  expected({"整数（" + range + "）", "an integer, " + range},
           {"写十进制数，不加引号，不以 0 开头", "write decimal digits, unquoted, without a leading 0"});
  return low;
}

double Yaml::number() const {
  if (!there_) return 0;
  if (node_.IsScalar() && node_.Tag() == "?" && is_number(node_.Scalar(), true)) {
    const auto value = parsed<double>(node_.Scalar());
    if (std::isfinite(value)) return value;
  }
  expected({"数", "a number"},
           {"写十进制数，不加引号，不以 0 开头", "write decimal digits, unquoted, without a leading 0"});
  return 0;
}

LocalDate Yaml::date() const {
  if (!there_) return {};
  if (const auto date = parse_date(raw())) return *date;
  expected({"日期", "a date"}, {"写成 2020-12-01 的样子", "write it like 2020-12-01"});
  return {};
}

Sentence Yaml::sentence() const {
  if (!there_) return {};
  only({"zh", "en"});
  return {need("zh").text(), need("en").text()};
}

json::Value Yaml::json() const {
  if (!there_ || node_.IsNull()) return nullptr;
  if (node_.IsSequence()) {
    json::Array out;
    for (const auto& each : items()) out.push_back(each.json());
    return out;
  }
  if (node_.IsMap()) {
    json::Object out;
    for (const auto& [key, value] : entries()) out.emplace(key.raw(), value.json());
    return out;
  }
  const std::string& text = node_.Scalar();
  if (node_.Tag() != "?") return json::Value(text);
  if (text == "true" || text == "false") return json::Value(text == "true");
  if (text == "null") return nullptr;
  if (is_number(text, false)) return json::Value(parsed<std::int64_t>(text));
  if (is_number(text, true)) return json::Value(parsed<double>(text));
  return json::Value(text);
}

}  // namespace tongdian::policy
