// A decision as the contract's JSON.
#include "base/time_text.hpp"
#include "policy/pack.hpp"

namespace tongdian::policy {
namespace {

json::Array texts(const std::vector<std::string_view>& words) {
  json::Array out;
  out.reserve(words.size());
  for (const auto word : words) out.emplace_back(word);
  return out;
}

json::Value day(const std::optional<LocalDate>& date) {
  return date ? json::Value(format_date(*date)) : json::Value(nullptr);
}

json::Object documents_by_stage(const Decision& decision) {
  json::Object out;
  for (const auto& stage : decision.documents) {
    json::Array ids;
    for (const auto id : stage.documents) ids.emplace_back(id);
    out.emplace(stage.stage, std::move(ids));
  }
  return out;
}

json::Array notes(const Pack& pack, const Decision& decision) {
  json::Array out;
  for (const auto id : decision.notes) {
    const Sentence* text = pack.resolution(id);
    out.push_back(json::Object{{"id", id}, {"text", text ? text->zh : ""}, {"text_en", text ? text->en : ""}});
  }
  return out;
}

json::Array values(const Decision& decision) {
  json::Array out;
  for (const auto& used : decision.values) {
    json::Object value{{"parameter", used.parameter}};
    const auto whole = static_cast<std::int64_t>(used.value);
    if (used.unit == "date")
      value.emplace("value", format_date(LocalDate{std::chrono::days{whole}}));
    else if (static_cast<double>(whole) == used.value)
      value.emplace("value", whole);
    else
      value.emplace("value", used.value);
    value.emplace("unit", used.unit);
    out.push_back(std::move(value));
  }
  return out;
}

json::Object with_notes(const Pack& pack, const Decision& decision, json::Array notes) {
  json::Object out;
  out.emplace("pack", json::Object{{"id", pack.id()}, {"version", pack.version()}});
  out.emplace("clauses", texts(decision.clauses));
  out.emplace("four_zero_failed", texts(decision.four_zero_failed));
  out.emplace("programme", decision.programme);
  out.emplace("voltage", decision.voltage);
  out.emplace("class", decision.klass);
  json::Array stages;
  for (const auto& stage : decision.stages)
    stages.push_back(json::Object{{"id", stage.id}, {"limit_wd", stage.limit_wd}});
  out.emplace("stages", std::move(stages));
  out.emplace("target_wd", decision.target_wd);
  out.emplace("ceiling_wd", decision.ceiling_wd);
  out.emplace("due_on", day(decision.due_on));
  out.emplace("ceiling_on", day(decision.ceiling_on));
  if (decision.target_on) out.emplace("target_on", day(decision.target_on));
  // The case is accepted all the same; its date reads "calendar not loaded".
  if (!decision.due_on || !decision.ceiling_on) out.emplace("calendar", "not_loaded");
  out.emplace("permit", decision.permit);
  out.emplace("investment", json::Object{{"boundary", decision.boundary},
                                         {"user_cost_fen", decision.user_cost_fen ? json::Value(*decision.user_cost_fen)
                                                                                  : json::Value(nullptr)}});
  out.emplace("documents", documents_by_stage(decision));
  out.emplace("zero_application", decision.zero_application);
  out.emplace("counts_in_longest_time", decision.counts_in_longest_time);
  out.emplace("flags", texts(decision.flags));
  out.emplace("notes", std::move(notes));
  out.emplace("values", values(decision));
  return out;
}

}  // namespace

json::Object to_json(const Pack& pack, const Decision& decision) {
  return with_notes(pack, decision, notes(pack, decision));
}

json::Object to_record(const Pack& pack, const Decision& decision) {
  return with_notes(pack, decision, texts(decision.notes));
}

}  // namespace tongdian::policy
