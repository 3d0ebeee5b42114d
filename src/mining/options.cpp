#include "mining/options.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace tongdian::mining {
namespace {

struct Threshold {
  std::string_view name;
  double Thresholds::*value;
};
constexpr Threshold thresholds[] = {
    {"recorded_late_s", &Thresholds::recorded_late_s},
    {"back_strong_s", &Thresholds::back_strong_s},
    {"tie_strong_steps", &Thresholds::tie_strong_steps},
    {"rewalked_steps", &Thresholds::rewalked_steps},
    {"rewalked_strong_steps", &Thresholds::rewalked_strong_steps},
    {"reopened_days", &Thresholds::reopened_days},
    {"whole_day_share", &Thresholds::whole_day_share},
};

Problem wrong(std::string path, std::string zh, std::string en) {
  return bad_input("mine.bad_map", std::move(path), {std::move(zh), std::move(en)},
                   {"写作 {\"case\": \"列名\", \"activity\": \"列名\", \"time\": \"列名\"}",
                    "write {\"case\": \"COLUMN\", \"activity\": \"COLUMN\", \"time\": \"COLUMN\"}"});
}

std::optional<Problem> read_thresholds(const json::Value& from, Thresholds& into) {
  const auto* object = from.if_object();
  if (!object) return wrong("/thresholds", "应为 JSON 对象", "should be a JSON object");
  for (const auto& [key, field] : *object) {
    const std::string path = "/thresholds/" + std::string(key);
    const auto at = std::ranges::find(thresholds, std::string_view(key.data(), key.size()), &Threshold::name);
    if (at == std::end(thresholds)) return wrong(path, "没有这个阈值", "there is no such threshold");
    if (!field.is_number() || !(field.to_number<double>() >= 0))
      return wrong(path, "应为不小于 0 的数", "should be a number of 0 or more");
    into.*(at->value) = field.to_number<double>();
  }
  return {};
}

std::optional<Problem> read_stages(const json::Value& from, std::vector<StageSteps>& into) {
  const auto* object = from.if_object();
  if (!object || object->size() > most_stages)
    return wrong("/stages", "应为 JSON 对象，至多 " + std::to_string(most_stages) + " 项",
                 "should be a JSON object of at most " + std::to_string(most_stages) + " stages");
  for (const auto& [stage, field] : *object) {
    const std::string path = "/stages/" + std::string(stage);
    const auto* steps = field.if_object();
    const auto label = [&](std::string_view key) {
      const auto* text = steps ? steps->if_contains(key) : nullptr;
      return text && text->is_string() ? std::string(text->get_string()) : std::string();
    };
    StageSteps read{std::string(stage), label("begins"), label("ends")};
    if (read.begins.empty() || read.ends.empty() || steps->size() != 2)
      return wrong(path, "应为 {\"begins\": \"活动\", \"ends\": \"活动\"}",
                   "should be {\"begins\": \"ACTIVITY\", \"ends\": \"ACTIVITY\"}");
    into.push_back(std::move(read));
  }
  return {};
}

}  // namespace

Result<void> read_mapping(std::string_view text, Options& options) {
  const auto value = json::parse(text);
  if (!value) return value.error();
  const auto* object = value->if_object();
  if (!object) return wrong("", "映射应为 JSON 对象", "the mapping should be a JSON object");
  for (const auto& [key, field] : *object) {
    const std::string_view name(key.data(), key.size());
    if (name == "thresholds") {
      if (auto problem = read_thresholds(field, options.thresholds)) return *problem;
      continue;
    }
    if (name == "stages") {
      if (auto problem = read_stages(field, options.stages)) return *problem;
      continue;
    }
    const std::string path = "/" + std::string(name);
    const auto role = role_of(name);
    if (role == Role::none) return wrong(path, "没有这一项", "there is no such key");
    if (!field.is_string()) return wrong(path, "应为列名", "should be the name of a column or attribute");
    options.mapping.names[static_cast<std::size_t>(role)] = std::string(field.get_string());
  }
  return {};
}

}  // namespace tongdian::mining
