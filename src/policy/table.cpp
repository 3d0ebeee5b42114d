#include "policy/table.hpp"

#include <algorithm>
#include <array>

#include "policy/model.hpp"

namespace tongdian::policy {
namespace {

constexpr std::array<std::string_view, 3> hits{"unique", "first", "collect"};
constexpr std::array<std::string_view, 4> comparisons{"at_most", "below", "at_least", "above"};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

class TableReader {
 public:
  TableReader(const PackModel& model, const std::vector<bool>& decided, const Yaml& file)
      : model_(model), decided_(decided), file_(file) {}

  TableSource read() {
    file_.only({"table", "title", "hit", "inputs", "outputs", "rows"});
    out_.place = file_.place();
    out_.id = file_.need("table").text();
    out_.title = file_.need("title").sentence();
    read_hit(file_.need("hit"));
    for (const Yaml& each : file_.need("inputs").items()) read_input(each);
    for (const Yaml& each : file_.need("outputs").items()) read_output(each);
    for (const Yaml& each : file_.need("rows").items()) read_row(each);
    return std::move(out_);
  }

 private:
  void read_hit(const Yaml& at) {
    const auto found = std::find(hits.begin(), hits.end(), at.raw());
    if (found == hits.end())
      at.complain("pack.unknown_value", {"不认识的命中规则 " + at.raw(), "unknown hit policy " + at.raw()},
                  {"写 unique、first 或 collect", "write unique, first or collect"});
    else
      out_.hit = static_cast<Hit>(found - hits.begin());
  }

  void read_input(const Yaml& at) {
    const auto slot = slot_named(at.raw());
    if (!slot || (is_field(*slot) && !decided_[index_of(*slot)])) {
      at.complain("pack.unknown_input", {"此处不能以 " + at.raw() + " 为输入", at.raw() + " is no input here"},
                  {"写一项事实，或前面的表已决定的字段", "name a fact, or a field that an earlier table decides"});
      return;
    }
    out_.inputs.push_back(*slot);
  }

  void read_output(const Yaml& at) {
    const auto slot = slot_named(at.raw());
    if (!slot || !is_field(*slot) || decided_[index_of(*slot)]) {
      at.complain(
          "pack.unknown_output", {"此处不能决定 " + at.raw(), at.raw() + " cannot be decided here"},
          {"写一个决定字段；每个字段只由一张表决定", "name a field of the decision that no other table decides"});
      return;
    }
    const bool list = spec(*slot).kind == Kind::list;
    if (list != (out_.hit == Hit::collect) || (list && !out_.outputs.empty()))
      at.complain("pack.wrong_type", {at.raw() + " 与命中规则不符", at.raw() + " does not go with this hit policy"},
                  {"列表字段用 collect，且一表一个；其他字段用 unique 或 first",
                   "lists are collected, one a table; other fields are unique or first"});
    out_.outputs.push_back(*slot);
  }

  void read_row(const Yaml& row) {
    row.only({"when", "then", "clauses", "notes"});
    RowSource out;
    out.place = row.place();
    for (const auto& [key, value] : row.need("when").entries()) read_condition(key, value, out);
    read_outputs(row, out);
    out.clauses = model_.text.cited(row.need("clauses"));
    out.notes = model_.noted(row.get("notes"));
    out_.rows.push_back(std::move(out));
  }

  void read_condition(const Yaml& key, const Yaml& value, RowSource& row) {
    const auto slot = slot_named(key.raw());
    const auto found = slot ? std::find(out_.inputs.begin(), out_.inputs.end(), *slot) : out_.inputs.end();
    if (found == out_.inputs.end()) {
      key.complain("pack.unknown_input",
                   {key.raw() + " 不在 inputs 中", key.raw() + " is not among the table's inputs"},
                   {"加入 inputs，或改正名称", "add it to inputs, or mend its name"});
      return;
    }
    Condition condition;
    condition.input = static_cast<std::size_t>(found - out_.inputs.begin());
    if (spec(*slot).kind == Kind::number) {
      read_comparison(*slot, value, condition);
    } else if (value.is_map()) {
      value.only({"not"});
      const auto choices = model_.choices_of(*slot);
      condition.mask = ~read_choices(*slot, value.need("not")) & ((std::uint64_t{1} << choices.size()) - 1);
    } else {
      condition.mask = read_choices(*slot, value);
    }
    row.when.push_back(condition);
  }

  std::uint64_t read_choices(Slot slot, const Yaml& value) const {
    const auto choices = model_.choices_of(slot);
    std::uint64_t mask = 0;
    if (!value) return mask;
    for (const Yaml& each : value.one_or_more()) {
      const auto found = std::find(choices.begin(), choices.end(), each.raw());
      if (found == choices.end())
        each.complain("pack.unknown_value", {"不认识的值 " + each.raw(), "unknown value " + each.raw()},
                      {"可用：" + joined(choices), "use one of: " + joined(choices)});
      else
        mask |= std::uint64_t{1} << (found - choices.begin());
    }
    return mask;
  }

  void read_comparison(Slot slot, const Yaml& value, Condition& condition) const {
    const std::string words = value.raw();
    const auto blank = words.find(' ');
    const auto found = std::find(comparisons.begin(), comparisons.end(), words.substr(0, blank));
    if (blank == words.npos || found == comparisons.end()) {
      value.complain("pack.wrong_type", {"数只与参数比较", "a number is compared with a parameter"},
                     {"写 at_most、below、at_least 或 above 加参数名",
                      "write at_most, below, at_least or above and a parameter's id"});
      return;
    }
    condition.comparison = static_cast<Comparison>(found - comparisons.begin());
    condition.parameter = model_.parameters.named(value, words.substr(blank + 1), spec(slot).unit);
  }

  void read_outputs(const Yaml& row, RowSource& out) const {
    if (out_.outputs.empty()) {
      if (const Yaml then = row.get("then"))
        then.complain("pack.unknown_output", {"此表没有输出", "the table has no outputs"},
                      {"删去 then", "leave `then` out"});
      return;
    }
    const Yaml then = row.need("then");
    if (!then) return;
    for (const auto& [key, value] : then.entries())
      if (const auto slot = slot_named(key.raw());
          !slot || std::find(out_.outputs.begin(), out_.outputs.end(), *slot) == out_.outputs.end())
        key.complain("pack.unknown_output",
                     {key.raw() + " 不在 outputs 中", key.raw() + " is not among the table's outputs"},
                     {"加入 outputs，或删去", "add it to outputs, or leave it out"});
    for (const Slot slot : out_.outputs) {
      const Yaml value = then.need(spec(slot).name);
      if (!value) continue;
      const auto items = spec(slot).kind == Kind::list ? value.one_or_more() : std::vector<Yaml>{value};
      for (const Yaml& each : items) out.then.push_back(output_code(slot, each));
    }
  }

  std::uint8_t output_code(Slot slot, const Yaml& value) const {
    const auto choices = spec(slot).kind == Kind::list ? model_.choices[index_of(slot)].ids : model_.choices_of(slot);
    const auto found = std::find(choices.begin(), choices.end(), value.raw());
    if (found != choices.end()) return static_cast<std::uint8_t>(found - choices.begin());
    if (slot == Slot::documents)
      value.complain("pack.forbidden_document",
                     {"资料 " + value.raw() + " 不在清单中，不得收取",
                      "the document " + value.raw() + " is not on the closed list and must not be asked for"},
                     {"只用 documents.yaml 中的资料", "ask only for documents of documents.yaml"},
                     model_.text.ids(model_.documents_forbidden_by));
    else
      value.complain("pack.unknown_value", {"不认识的值 " + value.raw(), "unknown value " + value.raw()},
                     {"可用：" + joined(choices), "use one of: " + joined(choices)});
    return 0;
  }

  const PackModel& model_;
  const std::vector<bool>& decided_;
  const Yaml& file_;
  TableSource out_;
};

}  // namespace

void read_tables(PackModel& model, const Layers& layers, Problems& problems) {
  std::vector<bool> decided(slot_count, false);
  for (const auto& file : layers.files("tables", ".yaml")) {
    const Yaml yaml = Yaml::load(file, problems);
    if (!yaml) continue;
    model.tables.push_back(TableReader(model, decided, yaml).read());
    for (const Slot slot : model.tables.back().outputs) decided[index_of(slot)] = true;
  }
  for (std::size_t i = index_of(first_field); i < slot_count; ++i)
    if (!decided[i])
      problems.add("pack.missing", (model.folder / "tables").string() + ":1:1",
                   {"没有表决定 " + std::string(spec(static_cast<Slot>(i)).name),
                    "no table decides " + std::string(spec(static_cast<Slot>(i)).name)},
                   {"加一张以它为输出的表", "add a table that has it among its outputs"});
}

}  // namespace tongdian::policy
