#include "policy/parameter.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "policy/inputs.hpp"

namespace tongdian::policy {
namespace {

constexpr std::array<std::string_view, 8> units{"kW", "kVA", "m", "working_days", "months", "stages", "share", "date"};

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

/// How the text prints a value: a number as it is, a date by its year and month ("2021 年 6 月底前").
std::vector<std::string> printed(const Parameter& parameter, double value) {
  if (parameter.unit != "date") return {shortest(value)};
  const std::chrono::year_month_day date{LocalDate{std::chrono::days{static_cast<int>(value)}}};
  return {std::to_string(static_cast<int>(date.year())), std::to_string(static_cast<unsigned>(date.month()))};
}

void check_printed(const Parameter& parameter, double value, const PackText& text, const Yaml& at) {
  if (!parameter.resolution.empty()) return;
  for (const int clause : parameter.clauses)
    for (const auto& number : printed(parameter, value))
      if (!text.has_number(clause, number)) {
        const auto& id = text.clauses()[static_cast<std::size_t>(clause)].id;
        at.complain("pack.not_in_text",
                    {number + " 不在条款 " + id + " 中", number + " does not stand in the clause " + id},
                    {"按条款原文改正，或用 resolution 写明依据的解读",
                     "write the clause's own number, or name a resolution that explains it"},
                    {id});
      }
}

}  // namespace

double Parameter::on(LocalDate day) const {
  double value = values.empty() ? 0 : values.front().value;
  for (const auto& each : values)
    if (each.from <= day) value = each.value;
  return value;
}

void Parameters::load(const Layers& layers, const PackText& text, Problems& problems) {
  for (const auto& file : layers.files("parameters", ".yaml"))
    if (const Yaml yaml = Yaml::load(file, problems)) read(yaml, file, text);
}

void Parameters::read(const Yaml& file, const std::filesystem::path& path, const PackText& text) {
  file.only({"id", "title", "unit", "values", "clauses", "resolution", "last_checked"});
  Parameter out;
  const Yaml id = file.need("id");
  out.id = id.text();
  if (out.id != path.stem())
    id.complain("pack.wrong_value", {"参数名应与文件名一致", "the id must be the file's name"},
                {"写 " + path.stem().string(), "write " + path.stem().string()});
  out.title = file.need("title").sentence();
  const Yaml unit = file.need("unit");
  out.unit = unit.text();
  if (unit && std::find(units.begin(), units.end(), out.unit) == units.end())
    unit.complain("pack.unknown_value", {"不认识的单位 " + out.unit, "unknown unit " + out.unit},
                  {"可用：kW、kVA、m、working_days、months、stages、share、date",
                   "use one of: kW, kVA, m, working_days, months, stages, share, date"});
  out.clauses = text.cited(file.need("clauses"));
  if (const Yaml resolution = file.get("resolution")) out.resolution = resolution.text();
  static_cast<void>(file.need("last_checked").date());
  for (const Yaml& each : file.need("values").items()) {
    each.only({"from", "value"});
    const LocalDate from = each.need("from").date();
    const Yaml value = each.need("value");
    const double number = out.unit == "date" ? day_number(value.date()) : value.number();
    if (number < 0)
      value.complain("pack.wrong_value", {"不能为负", "must not be negative"}, {"写零或正数", "write zero or more"});
    else if ((out.unit == "working_days" || out.unit == "stages" || out.unit == "months") &&
             (number != static_cast<int>(number) || number > 1000))
      value.complain("pack.wrong_value", {"应为整数", "must be a whole number"},
                     {"写不超过 1000 的整数", "write a whole number of at most 1000"});
    else if (!out.values.empty() && from <= out.values.back().from)
      each.complain("pack.wrong_value", {"日期应递增", "the dates must ascend"},
                    {"按日期先后排列", "put the values in the order of their dates"});
    else
      check_printed(out, number, text, value);
    out.values.push_back({from, number});
  }
  if (out.values.empty())
    file.complain("pack.missing", {"没有取值", "no value is given"},
                  {"写出 from 和 value", "give at least one {from, value}"});
  parameters_.push_back(std::move(out));
}

int Parameters::named(const Yaml& at, std::string_view id, std::string_view unit) const {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].id != id) continue;
    if (parameters_[i].unit == unit) return static_cast<int>(i);
    at.complain("pack.wrong_unit",
                {"参数 " + std::string(id) + " 的单位是 " + parameters_[i].unit + "，此处要求 " + std::string(unit),
                 "the parameter " + std::string(id) + " is in " + parameters_[i].unit + ", here " + std::string(unit) +
                     " is compared"},
                {"千瓦与千伏安不得互换；改用同单位的参数", "units are never converted: name a parameter of this unit"});
    return -1;
  }
  if (at)
    at.complain("pack.unknown_parameter", {"没有参数 " + std::string(id), "no parameter " + std::string(id)},
                {"在 parameters/ 中建立 " + std::string(id) + ".yaml", "add parameters/" + std::string(id) + ".yaml"});
  return -1;
}

}  // namespace tongdian::policy
