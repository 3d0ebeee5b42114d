// A pack's own situations: facts and what they must come to, in files that a lawyer reads.
#include <algorithm>

#include "policy/pack.hpp"
#include "policy/yaml_reader.hpp"

namespace tongdian::policy {
namespace {

/// `over` laid on `under`: objects are merged key by key, everything else is replaced; null takes a key away.
void lay(json::Object& under, const json::Object& over) {
  for (const auto& [key, value] : over) {
    if (value.is_null())
      under.erase(key);
    else if (json::Value* there = under.if_contains(key); there && there->is_object() && value.is_object())
      lay(there->get_object(), value.get_object());
    else
      under[key] = value;
  }
}

/// What the decision says, or its problem's code under `error`.
json::Object decided(const Pack& pack, const calendar::Calendar& calendar, const json::Object& facts) {
  const auto read = json::read<Facts>(facts);
  if (!read) return {{"error", read.error().code}, {"path", read.error().path}};
  Decision decision;
  if (const auto problem = pack.decide(*read, calendar, decision))
    return {{"error", problem->code}, {"path", problem->path}};
  return to_json(pack, decision);
}

bool holds(const json::Object& got, std::string_view key, const json::Value& wanted) {
  const json::Value* value = got.if_contains(key);
  if (!value) return false;
  const auto has = [](const json::Array& list, const json::Value& each) {
    return std::any_of(list.begin(), list.end(), [&](const json::Value& item) {
      return item == each ||
             (item.is_object() && item.get_object().if_contains("id") && item.get_object().at("id") == each);
    });
  };
  // Of clauses and notes those named must be among them; everything else is compared whole.
  if ((key == "clauses" || key == "notes") && value->is_array() && wanted.is_array())
    return std::all_of(wanted.get_array().begin(), wanted.get_array().end(),
                       [&](const json::Value& each) { return has(value->get_array(), each); });
  if (key == "stages" && value->is_array() && wanted.is_object()) {
    json::Object stages;
    for (const auto& each : value->get_array()) stages.emplace(each.at("id").get_string(), each.at("limit_wd"));
    return stages == wanted.get_object();
  }
  if (key == "investment" && wanted.is_string()) return value->at("boundary") == wanted;
  return *value == wanted;
}

void check(const Pack& pack, const calendar::Calendar& calendar, const Yaml& situation, const json::Object& usual) {
  situation.only({"situation", "facts", "expect", "clauses"});
  static_cast<void>(situation.need("situation").text());
  json::Object facts = usual;
  const json::Value own = situation.need("facts").json();
  if (own.is_object()) lay(facts, own.get_object());
  const json::Object got = decided(pack, calendar, facts);
  for (const auto& [key, value] : situation.need("expect").entries()) {
    if (holds(got, key.raw(), value.json())) continue;
    const json::Value* there = got.if_contains(key.raw());
    key.complain("pack.situation",
                 {key.raw() + " 得到 " + (there ? json::canonical(*there) : "无"),
                  key.raw() + " came to " + (there ? json::canonical(*there) : "nothing")},
                 {"改正表或本情形", "mend the tables or this situation"});
  }
  if (const Yaml clauses = situation.get("clauses"))
    if (!holds(got, "clauses", clauses.json()))
      clauses.complain("pack.situation", {"决定未引用这些条款", "the decision does not cite these clauses"},
                       {"改正表或本情形", "mend the tables or this situation"});
}

}  // namespace

std::vector<Problem> check_situations(const Pack& pack, const std::filesystem::path& folder,
                                      const calendar::Calendar& calendar, int* count) {
  Problems problems;
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "tests", none))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (count) *count = 0;
  for (const auto& path : files) {
    const Yaml file = Yaml::load(path, problems);
    file.only({"usual", "situations"});
    const json::Value usual = file.need("usual").json();
    for (const Yaml& situation : file.need("situations").items()) {
      check(pack, calendar, situation, usual.is_object() ? usual.get_object() : json::Object{});
      if (count) ++*count;
    }
  }
  return problems.list();
}

}  // namespace tongdian::policy
