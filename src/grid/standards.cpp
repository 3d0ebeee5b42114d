#include "grid/standards.hpp"

#include <charconv>
#include <cmath>

namespace tongdian::grid {
namespace {

Problem bad(const std::string& place, std::string zh, std::string en) {
  return bad_input("grid.bad_standards", place, {std::move(zh), std::move(en)},
                   {"每行为：标识,数值,单位,出处", "a line is: id,value,unit,source"});
}

std::string_view take(std::string_view& rest) {
  const auto comma = rest.find(',');
  const auto field = rest.substr(0, comma);
  rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
  return field;
}

}  // namespace

Result<Standards> Standards::read(std::string_view csv, const std::string& name) {
  Standards out;
  out.name_ = name;
  int line = 0;
  for (std::size_t at = 0; at < csv.size(); ++line) {
    const auto end = std::min(csv.find('\n', at), csv.size());
    auto rest = csv.substr(at, end - at);
    at = end + 1;
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    if (line == 0 || rest.empty()) continue;
    const auto place = name + ":" + std::to_string(line + 1);
    const std::string id(take(rest));
    const auto number = take(rest);
    take(rest);
    double value = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (id.empty() || error != std::errc{} || stop != number.data() + number.size() || !std::isfinite(value))
      return bad(place, "不是数值", "not a number: " + std::string(number.substr(0, 40)));
    if (rest.empty()) return bad(place, "没有出处", "no source stands beside the number");
    if (!out.entries_.emplace(id, Entry{value, std::string(rest)}).second)
      return bad(place, "重复的标识", "stands twice: " + id);
  }
  return out;
}

const Standards::Entry& Standards::entry(std::string_view id) const {
  const auto it = entries_.find(id);
  if (it == entries_.end()) throw ProblemError(bad(name_, "缺少 " + std::string(id), "it lacks " + std::string(id)));
  return it->second;
}

double Standards::operator[](std::string_view id) const { return entry(id).value; }
const std::string& Standards::source(std::string_view id) const { return entry(id).source; }
double Standards::angle() const { return std::tan(std::acos((*this)["power_factor"])); }

Limits limits_of(const Network& network, const Circuit& circuit, const Standards& standards) {
  Limits limits = limits_of(network, circuit);
  const auto band = [&](const char* low, const char* high) { return std::pair(standards[low], standards[high]); };
  const auto high = band("voltage_35kv_min", "voltage_35kv_max"), middle = band("voltage_10kv_min", "voltage_10kv_max"),
             low = band("voltage_220v_min", "voltage_220v_max");
  for (Row n = 0; n < network.nodes.count(); ++n) {
    const double kv = network.nodes.rated_kv[n];
    const auto& [least, most] = kv < 1 ? low : kv <= 20 ? middle : high;
    if (!(network.nodes.min_pu[n] > 0)) limits.min_pu[n] = least;
    if (!(network.nodes.max_pu[n] < unlimited)) limits.max_pu[n] = most;
  }
  return limits;
}

}  // namespace tongdian::grid
