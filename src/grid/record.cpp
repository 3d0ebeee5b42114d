#include "grid/record.hpp"

namespace tongdian::grid {

void bad_value(std::string place, std::string zh, std::string en, Sentence mend) {
  throw ProblemError(bad_input("grid.bad_value", std::move(place), {std::move(zh), std::move(en)}, std::move(mend)));
}

std::optional<std::int64_t> integer_of(const json::Value& value) {
  if (value.is_int64()) return value.get_int64();
  if (const double* real = value.if_double())
    if (std::abs(*real) < 9e15 && *real == std::floor(*real)) return static_cast<std::int64_t>(*real);
  return {};
}

Record::Record(const json::Value& value, std::string place) : object_(value.if_object()), place_(std::move(place)) {
  if (!object_) bad_value(place_, "这里应是一个对象", "an object belongs here");
}

std::optional<double> Record::maybe(std::string_view key) const {
  const json::Value* value = find(key);
  if (!value || value->is_null()) return {};
  double number = 0;
  if (value->is_int64())
    number = static_cast<double>(value->get_int64());
  else if (value->is_uint64())
    number = static_cast<double>(value->get_uint64());
  else if (const double* real = value->if_double())
    number = *real;
  else
    bad_value(this->place(key), "不是数", "not a number");
  if (!std::isfinite(number)) bad_value(this->place(key), "不是有限的数", "not a finite number");
  return number;
}

double Record::number(std::string_view key) const {
  if (const auto number = maybe(key)) return *number;
  bad_value(this->place(key), "缺少 " + std::string(key), std::string(key) + " is missing",
            {"补上该值", "add its value"});
}

double Record::number_or(std::string_view key, double otherwise) const { return maybe(key).value_or(otherwise); }

std::int64_t Record::integer(std::string_view key) const {
  const double number = this->number(key);
  if (number != std::floor(number) || std::abs(number) > 9e15)
    bad_value(this->place(key), "不是整数", "not a whole number");
  return static_cast<std::int64_t>(number);
}

std::int64_t Record::integer_or(std::string_view key, std::int64_t otherwise) const {
  return maybe(key) ? integer(key) : otherwise;
}

bool Record::flag_or(std::string_view key, bool otherwise) const {
  if (const json::Value* value = find(key); value && value->is_bool()) return value->get_bool();
  const auto number = maybe(key);
  if (!number) return otherwise;
  if (*number != 0 && *number != 1)
    bad_value(this->place(key), "应为 0 或 1", "0 or 1 belongs here", {"0 断开，1 闭合", "0 is open, 1 is closed"});
  return *number == 1;
}

std::string Record::text_or(std::string_view key, std::string otherwise) const {
  const json::Value* value = find(key);
  if (!value || value->is_null()) return otherwise;
  if (!value->is_string()) bad_value(this->place(key), "不是文本", "not a text");
  return std::string(value->get_string());
}

const json::Value& Record::id(std::string_view key) const {
  const json::Value* value = find(key);
  if (!value) bad_value(this->place(key), "缺少标识 " + std::string(key), "the id " + std::string(key) + " is missing");
  if (!value->is_string() && !integer_of(*value))
    bad_value(this->place(key), "标识应为整数或文本", "an id is a whole number or a text");
  return *value;
}

std::int32_t Record::node(std::string_view key, const IdIndex& nodes) const {
  const auto row = with_id(key, [&](const auto& id) { return nodes.find(id); });
  if (row) return *row;
  const std::string shown = with_id(key, [](const auto& id) {
    if constexpr (std::is_same_v<std::decay_t<decltype(id)>, std::int64_t>)
      return std::to_string(id);
    else
      return std::string(id);
  });
  throw ProblemError(bad_input("grid.unknown_node", this->place(key),
                               {"没有节点 " + shown, "there is no node " + shown},
                               {"改正该引用，或补上该节点", "mend the reference, or add the node"}));
}

template <class Id>
void index_once(IdIndex& index, const Id& id, std::int32_t row, const std::string& place) {
  if (index.add(id, row)) return;
  std::string shown;
  if constexpr (std::is_same_v<Id, std::int64_t>)
    shown = std::to_string(id);
  else
    shown = std::string(id);
  throw ProblemError(bad_input("grid.duplicate_id", place,
                               {"标识 " + shown + " 出现两次", "the id " + shown + " stands here twice"},
                               {"给其中一个另取标识", "give one of the two another id"}));
}
template void index_once(IdIndex&, const std::int64_t&, std::int32_t, const std::string&);
template void index_once(IdIndex&, const std::string_view&, std::int32_t, const std::string&);

}  // namespace tongdian::grid
