#include "grid/pgm_batch.hpp"

#include "grid/pgm_rows.hpp"

namespace tongdian::grid {
namespace {

using Place = std::string;

json::Object& data_of(json::Value& input) {
  json::Value* data = input.get_object().if_contains("data");
  json::Object* rows = data ? data->if_object() : input.if_object();
  if (!rows) bad_value("/data", "缺少 data 对象", "the object data is missing");
  return *rows;
}

/// The rows of the input that one component's changes touch, as objects, by their ids.
class Rows {
 public:
  Rows(json::Array& rows, const PgmAttributes& attributes, const std::string& component) : rows_(rows) {
    std::int32_t k = 0;
    for (auto& row : rows) {
      const Place place = "/data/" + component + '/' + std::to_string(k);
      if (const auto* list = row.if_array()) row = pgm_unfolded(*list, attributes, component, place);
      const Record record(row, place);
      record.with_id("id", [&](const auto& id) { index_once(index_, id, k, record.place("id")); });
      ++k;
    }
  }

  [[nodiscard]] std::size_t size() const { return rows_.size(); }

  /// What the k-th of so many changes is of.
  json::Object& of(const Record& record, std::size_t k, std::size_t changes) {
    const json::Value* id = record.find("id");
    if (!id || id->is_null()) {
      if (changes == rows_.size()) return rows_[k].get_object();
      bad_value(record.place("id"), "缺少标识 id", "the id is missing",
                {"补上 id，或列出该组件的全部元件", "add it, or list every one of this component"});
    }
    const auto row = record.with_id("id", [&](const auto& each) { return index_.find(each); });
    if (row) return rows_[*row].get_object();
    throw ProblemError(bad_input("grid.unknown_element", record.place("id"),
                                 {"输入数据中没有这个元件", "the input has no such element"},
                                 {"改正 id", "mend the id"}));
  }

 private:
  json::Array& rows_;
  IdIndex index_;
};

/// By phase, a null is a phase that stays.
void put(json::Value& was, const json::Value& is) {
  auto* phases = was.if_array();
  const auto* changed = is.if_array();
  if (!phases || !changed || phases->size() != changed->size()) {
    was = is;
    return;
  }
  for (std::size_t p = 0; p < changed->size(); ++p)
    if (!(*changed)[p].is_null()) (*phases)[p] = (*changed)[p];
}

void change(Rows& rows, const json::Array& changes, const PgmAttributes& attributes, const std::string& component,
            const Place& table) {
  for (std::size_t k = 0; k < changes.size(); ++k) {
    const Place place = table + '/' + std::to_string(k);
    const auto* list = changes[k].if_array();
    const json::Value row = list ? json::Value(pgm_unfolded(*list, attributes, component, place)) : changes[k];
    const Record record(row, place);
    auto& element = rows.of(record, k, changes.size());
    for (const auto& entry : record.object())
      if (entry.key() != "id" && !entry.value().is_null()) put(element[entry.key()], entry.value());
  }
}

}  // namespace

Result<PgmBatch> PgmBatch::of(json::Value input, json::Value update) {
  const auto* object = update.if_object();
  const json::Value* data = object ? object->if_contains("data") : nullptr;
  if (!input.is_object() || !data || (!data->is_array() && !data->is_object()))
    return bad_input("grid.bad_value", "/data", {"这不是更新数据", "this is no update dataset"},
                     {"应有 data：各情景的列表", "it has data, a list of the scenarios"});
  PgmBatch out;
  out.input_ = std::move(input);
  out.update_ = std::move(update);
  return out;
}

std::size_t PgmBatch::count() const {
  const auto& data = update_.get_object().at("data");
  return data.is_array() ? data.get_array().size() : 1;
}

Result<json::Value> PgmBatch::scenario(std::size_t number) const {
  try {
    json::Value out = input_;
    auto& data = data_of(out);
    const auto columns = pgm_attributes(input_), changed_columns = pgm_attributes(update_);
    const auto& all = update_.get_object().at("data");
    const Place place = all.is_array() ? "/data/" + std::to_string(number) : "/data";
    const json::Value& scenario = all.is_array() ? all.get_array().at(number) : all;
    for (const auto& entry : Record(scenario, place).object()) {
      const std::string component(entry.key());
      const Place table = place + '/' + component;
      if (!entry.value().is_array()) bad_value(table, "应为列表", "a list belongs here");
      const auto& changes = entry.value().get_array();
      if (changes.empty()) continue;
      json::Value* const there = data.if_contains(component);
      if (!there || !there->is_array())
        bad_value(table, "输入数据中没有这类元件", "the input has none of these",
                  {"改正组件名", "mend the component's name"});
      Rows rows(there->get_array(), columns, component);
      change(rows, changes, changed_columns, component, table);
    }
    return out;
  } catch (const ProblemError& e) {
    return e.problem;
  }
}

}  // namespace tongdian::grid
