#include "grid/pgm_rows.hpp"

namespace tongdian::grid {

PgmAttributes pgm_attributes(const json::Value& document) {
  PgmAttributes out;
  const json::Value* attributes = Record(document, "").find("attributes");
  if (!attributes || !attributes->is_object()) return out;
  for (const auto& entry : attributes->get_object()) {
    if (!entry.value().is_array()) bad_value("/attributes", "应为列表", "a list belongs here");
    for (const auto& name : entry.value().get_array()) {
      if (!name.is_string()) bad_value("/attributes", "属性名应为文本", "a name is a text");
      out[std::string(entry.key())].emplace_back(name.get_string());
    }
  }
  return out;
}

json::Object pgm_unfolded(const json::Array& row, const PgmAttributes& attributes, const std::string& component,
                          const std::string& place) {
  const auto names = attributes.find(component);
  if (names == attributes.end() || names->second.size() != row.size())
    bad_value(place, "值的个数与 attributes 不符", "the values are not as many as attributes names",
              {"在 attributes 中列出该组件的各列", "list the component's columns under attributes"});
  json::Object out;
  for (std::size_t k = 0; k < row.size(); ++k) out.emplace(names->second[k], row[k]);
  return out;
}

PgmRows::PgmRows(const json::Value& document) : attributes_(pgm_attributes(document)) {
  const Record whole(document, "");
  if (const json::Value* batch = whole.find("is_batch"); batch && batch->is_bool() && batch->get_bool())
    bad_value("/is_batch", "这是批量数据，不是单个电网", "this is a batch, not one network",
              {"请给出输入数据，并以 --update 附上本文件", "name the input dataset, and this file behind --update"});
  const json::Value* data = whole.find("data");
  data_ = data ? data->if_object() : document.if_object();
  if (!data_) bad_value("/data", "缺少 data 对象", "the object data is missing");
}

std::vector<Record> PgmRows::of(const std::string& component) const {
  std::vector<Record> out;
  const json::Value* rows = data_->if_contains(component);
  if (!rows) return out;
  const std::string table = "/data/" + component;
  if (!rows->is_array()) bad_value(table, "应为列表", "a list belongs here");
  auto& unfolded = unfolded_[component];
  unfolded.clear();
  unfolded.reserve(rows->get_array().size());  // Records point into it
  std::size_t i = 0;
  for (const auto& row : rows->get_array()) {
    const std::string place = table + '/' + std::to_string(i++);
    if (!row.is_array()) {
      out.emplace_back(row, place);
      continue;
    }
    unfolded.emplace_back(pgm_unfolded(row.get_array(), attributes_, component, place));
    out.emplace_back(unfolded.back(), place);
  }
  return out;
}

std::vector<std::string> PgmRows::components() const {
  std::vector<std::string> out;
  for (const auto& entry : *data_) out.emplace_back(entry.key());
  return out;
}

std::size_t PgmRows::count(const std::string& component) const {
  const json::Value* rows = data_->if_contains(component);
  return rows && rows->is_array() ? rows->get_array().size() : 0;
}

}  // namespace tongdian::grid
