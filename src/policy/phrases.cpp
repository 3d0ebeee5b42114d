#include "policy/phrases.hpp"

#include <array>
#include <charconv>

#include "base/time_text.hpp"

namespace tongdian::policy {
namespace {

/// What each slot is called in Chinese, in the slots' order; in English it is its name.
constexpr std::array<std::string_view, slot_count> chinese{
    "客户类型", "申请电压",       "电源数",         "重要客户",     "新装",           "有工程",       "自建",
    "供电类型", "线索",           "简易低风险工程", "营业执照",     "注册地即用电地", "集团用户",     "电价类别",
    "直供",     "城市规划区内",   "园区",           "在项目库",     "现场原因",       "道路",         "公路改线",
    "占用绿地", "树木",           "利害关系人",     "承诺条件",     "报装容量",       "同址接入容量", "电源点距离",
    "申请日",   "四零未满足条件", "服务类型",       "电压",         "客户类别",       "环节方案",     "审批方式",
    "投资界面", "材料",           "零申请",         "计入最长时间", "标记",
};
constexpr std::array<Sentence (*)(), 4> comparisons{[] {
                                                      return Sentence{"不超过", "at most"};
                                                    },
                                                    [] {
                                                      return Sentence{"低于", "below"};
                                                    },
                                                    [] {
                                                      return Sentence{"不低于", "at least"};
                                                    },
                                                    [] {
                                                      return Sentence{"超过", "above"};
                                                    }};

Sentence unit_of(const std::string& unit) {
  if (unit == "working_days") return {" 个工作日", " working days"};
  if (unit == "months") return {" 个月", " months"};
  if (unit == "stages") return {" 个环节", " stages"};
  if (unit == "share" || unit == "date") return {};
  return {" " + unit, " " + unit};
}

void append(Sentence& out, const Sentence& more) {
  out.zh += more.zh;
  out.en += more.en;
}

Sentence name_in(const Vocabulary& words, int code, const std::string& id) {
  const auto i = static_cast<std::size_t>(code);
  if (i < words.names.size() && !words.names[i].zh.empty()) return words.names[i];
  return {id, id};
}

Sentence choice(const PackModel& m, Slot slot, int code) {
  if (spec(slot).kind == Kind::boolean) return code ? Sentence{"是", "yes"} : Sentence{"否", "no"};
  const auto& words = m.choices[index_of(slot)];
  const auto ids = m.choices_of(slot);
  return name_in(spec(slot).kind == Kind::list ? Vocabulary{} : words, code, ids[static_cast<std::size_t>(code)]);
}

Sentence condition(const PackModel& m, const TableSource& table, const Condition& c) {
  const Slot slot = table.inputs[c.input];
  Sentence out{std::string(chinese[index_of(slot)]), std::string(spec(slot).name)};
  if (c.parameter >= 0) {
    const auto& parameter = m.parameters[c.parameter];
    const Sentence word = comparisons[static_cast<std::size_t>(c.comparison)]();
    append(out, {word.zh + "“" + parameter.title.zh + "”", " " + word.en + " \"" + parameter.title.en + "\""});
    return out;
  }
  append(out, {"为", " is "});
  bool first = true;
  for (int code = 0; code < 64; ++code) {
    if (!(c.mask >> code & 1)) continue;
    if (!first) append(out, {"或", " or "});
    append(out, choice(m, slot, code));
    first = false;
  }
  return out;
}

Sentence outcome(const PackModel& m, const TableSource& table, const RowSource& row) {
  Sentence out;
  for (std::size_t i = 0; i < row.then.size(); ++i) {
    if (i > 0) append(out, {"，", ", "});
    const Slot slot = table.outputs[std::min(i, table.outputs.size() - 1)];
    const bool list = spec(slot).kind == Kind::list;
    if (i < table.outputs.size()) append(out, {std::string(chinese[index_of(slot)]), std::string(spec(slot).name)});
    append(out, {" ", " "});
    const int code = row.then[i];
    append(out, list ? name_in(m.choices[index_of(slot)], code, m.choices[index_of(slot)].ids[row.then[i]])
                     : choice(m, slot, code));
  }
  return out;
}

}  // namespace

std::string shortest_number(double value) {
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

Sentence values_of(const Parameter& p) {
  Sentence out;
  for (const auto& each : p.values) {
    if (!out.zh.empty()) append(out, {"；", "; "});
    const std::string number = p.unit == "date"
                                   ? format_date(LocalDate{std::chrono::days{static_cast<int>(each.value)}})
                                   : shortest_number(each.value);
    append(out, {number + unit_of(p.unit).zh, number + unit_of(p.unit).en});
    if (p.values.size() > 1) append(out, {"（自 " + format_date(each.from) + "）", " from " + format_date(each.from)});
  }
  return out;
}

Sentence row_of(const PackModel& m, const TableSource& table, const RowSource& row) {
  Sentence out;
  for (const auto& each : row.when) {
    append(out, out.zh.empty() ? Sentence{"当", "if "} : Sentence{"，且", " and "});
    append(out, condition(m, table, each));
  }
  if (out.zh.empty()) out = {"其他情形", "otherwise"};
  if (row.then.empty()) return out;
  append(out, {"：", ": "});
  append(out, outcome(m, table, row));
  return out;
}

}  // namespace tongdian::policy
