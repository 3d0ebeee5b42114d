#include "policy/table_compiler.hpp"

#include <algorithm>

#include "base/time_text.hpp"

namespace tongdian::policy {
namespace {

constexpr std::size_t most_cells = std::size_t{1} << 20;

/// The codes of a number that a comparison with the threshold at `position` admits.
std::uint64_t admitted(Comparison comparison, std::size_t position, std::size_t size) {
  const std::size_t at = 2 * position + 1;                                      // the code of the threshold itself
  const auto upto = [](std::size_t n) { return (std::uint64_t{1} << n) - 1; };  // codes 0 … n-1
  switch (comparison) {
    case Comparison::below: return upto(at);
    case Comparison::at_most: return upto(at + 1);
    case Comparison::at_least: return upto(size) & ~upto(at);
    case Comparison::above: return upto(size) & ~upto(at + 1);
  }
  return 0;
}

}  // namespace

TableCompiler::TableCompiler(const PackModel& model, const TableSource& source, const Thresholds& thresholds,
                             LocalDate from, const std::vector<int>& ranks, Problems& problems)
    : model_(model), source_(source), thresholds_(thresholds), from_(from), ranks_(ranks), problems_(problems) {}

CompiledTable TableCompiler::compile() {
  lay_out();
  if (out_.cells.empty()) return std::move(out_);
  compile_rows();
  for (std::size_t cell = 0; cell < out_.cells.size(); ++cell) {
    visit_cell(cell);
    // The next cell: an odometer, the last input turns first.
    for (std::size_t i = codes_.size(); i-- > 0;) {
      if (++codes_[i] < sizes_[i]) break;
      codes_[i] = 0;
    }
  }
  report_gaps();
  report_unreached();
  return std::move(out_);
}

void TableCompiler::lay_out() {
  out_.outputs = source_.outputs;
  std::size_t cells = 1;
  for (const Slot slot : source_.inputs) {
    const bool number = spec(slot).kind == Kind::number;
    sizes_.push_back(number ? 2 * thresholds_[number_index(slot)].size() + 1 : model_.choices_of(slot).size());
    cells = std::min(cells * sizes_.back(), most_cells + 1);
  }
  if (cells > most_cells) {
    problems_.add(
        "pack.table_too_large", source_.place,
        {"表 " + source_.id + " 的输入组合过多", "the table " + source_.id + " has too many combinations of inputs"},
        {"拆成两张表", "split it into two tables"});
    return;
  }
  std::size_t stride = cells;
  for (std::size_t i = 0; i < source_.inputs.size(); ++i) {
    stride /= sizes_[i];
    out_.terms.push_back({index_of(source_.inputs[i]), stride});
  }
  codes_.assign(source_.inputs.size(), 0);
  out_.cells.assign(cells, 0);
}

void TableCompiler::compile_rows() {
  for (const RowSource& source : source_.rows) {
    Row row;
    for (const std::size_t size : sizes_)
      row.masks.push_back(size >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << size) - 1);
    row.free_masks = row.masks;
    for (const Condition& condition : source.when) {
      if (condition.parameter < 0) {
        row.masks[condition.input] &= condition.mask;
        row.free_masks[condition.input] &= condition.mask;
        continue;
      }
      const auto& thresholds = thresholds_[number_index(source_.inputs[condition.input])];
      const double value = model_.parameters[condition.parameter].on(from_);
      const auto position =
          static_cast<std::size_t>(std::lower_bound(thresholds.begin(), thresholds.end(), value) - thresholds.begin());
      row.masks[condition.input] &= admitted(condition.comparison, position, sizes_[condition.input]);
      row.parameters.push_back(condition.parameter);
    }
    rows_.push_back(std::move(row));
  }
}

bool TableCompiler::fits(const std::vector<std::uint64_t>& masks) const {
  for (std::size_t i = 0; i < masks.size(); ++i)
    if (!(masks[i] >> codes_[i] & 1)) return false;
  return true;
}

void TableCompiler::visit_cell(std::size_t cell) {
  Key key;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    // A row whose other conditions hold has its parameters consulted, whether the comparison then holds or not.
    if (!row.parameters.empty() && fits(row.free_masks))
      for (const int parameter : row.parameters) key.second.set(static_cast<std::size_t>(parameter));
    if (!fits(row.masks)) continue;
    key.first.push_back(r);
    row.reached = true;
    if (source_.hit == Hit::first) break;
  }
  if (source_.hit != Hit::collect && key.first.empty()) {
    if (gaps_++ == 0) first_gap_ = describe_cell();
  } else if (source_.hit == Hit::unique && key.first.size() > 1) {
    if (!overlap_reported_) {
      const auto& first = source_.rows[key.first[0]].place;
      problems_.add(
          "pack.overlap", source_.rows[key.first[1]].place,
          {"与 " + first + " 的行重叠：" + describe_cell(), "overlaps the row at " + first + ": " + describe_cell()},
          {"收窄其中一行，或改用 hit: first", "narrow one of the rows, or use hit: first"});
    }
    overlap_reported_ = true;
  }
  const auto outcome = outcome_of(std::move(key));
  out_.cells[cell] = outcome;
  check_level(outcome);
}

std::uint16_t TableCompiler::outcome_of(Key key) {
  const auto [found, fresh] = known_.try_emplace(key, static_cast<std::uint16_t>(out_.outcomes.size()));
  if (fresh) out_.outcomes.push_back(make_outcome(found->first));
  return found->second;
}

Outcome TableCompiler::make_outcome(const Key& key) const {
  Outcome out;
  out.trace.values = key.second;
  for (const std::size_t r : key.first) {
    const RowSource& row = source_.rows[r];
    for (const int clause : row.clauses)
      out.trace.clauses.set(static_cast<std::size_t>(ranks_[static_cast<std::size_t>(clause)]));
    for (const int note : row.notes) out.trace.notes.set(static_cast<std::size_t>(note));
  }
  out.then.assign(source_.outputs.size(), 0);
  if (key.first.empty() || source_.outputs.empty()) return out;
  const Slot first = source_.outputs.front();
  if (spec(first).kind != Kind::list) {
    const auto& then = source_.rows[key.first.front()].then;
    std::copy_n(then.begin(), std::min(then.size(), out.then.size()), out.then.begin());
    return out;
  }
  out.then.front() = 1;
  for (const std::size_t r : key.first)
    for (const auto code : source_.rows[r].then) out.items.push_back(model_.choices[index_of(first)].ids[code]);
  if (first == Slot::documents) add_documents(out, key);
  return out;
}

void TableCompiler::add_documents(Outcome& out, const Key& key) const {
  std::vector<std::vector<std::string_view>> by_stage(model_.stages.size());
  for (const std::size_t r : key.first)
    for (const auto code : source_.rows[r].then) {
      const auto& document = model_.documents[code];
      if (document.stage >= 0) by_stage[static_cast<std::size_t>(document.stage)].push_back(document.document.id);
    }
  for (std::size_t stage = 0; stage < by_stage.size(); ++stage) {
    if (by_stage[stage].empty()) continue;
    const int most = model_.most_documents[stage];
    if (static_cast<int>(by_stage[stage].size()) > most)
      problems_.add(
          "pack.forbidden_document", source_.rows[key.first.back()].place,
          {"环节 " + model_.stages[stage].stage.id + " 一次收取 " + std::to_string(by_stage[stage].size()) +
               " 件资料，不得超过 " + std::to_string(most) + " 件：" + describe_cell(),
           "the stage " + model_.stages[stage].stage.id + " asks for " + std::to_string(by_stage[stage].size()) +
               " documents at once, at most " + std::to_string(most) + ": " + describe_cell()},
          {"删去多出的资料", "leave the further documents out"}, model_.text.ids(model_.documents_forbidden_by));
    out.document_ids.push_back(std::move(by_stage[stage]));
    out.documents.push_back({model_.stages[stage].stage.id, {}});
  }
  for (std::size_t i = 0; i < out.documents.size(); ++i) out.documents[i].documents = out.document_ids[i];
}

/// A class of one voltage level must not get the plan of the other: its most customer-facing stages are counted by level.
void TableCompiler::check_level(std::uint16_t outcome) {
  const auto position = [&](const std::vector<Slot>& slots, Slot slot) {
    return static_cast<std::size_t>(std::find(slots.begin(), slots.end(), slot) - slots.begin());
  };
  const std::size_t klass_in = position(source_.inputs, Slot::klass), plan_out = position(source_.outputs, Slot::plan);
  const std::size_t voltage_in = position(source_.inputs, Slot::voltage),
                    klass_out = position(source_.outputs, Slot::klass);
  const auto& then = out_.outcomes[outcome].then;
  const auto level_of = [&](std::size_t code) {
    return model_.class_level.at(model_.choices[index_of(Slot::klass)].ids[code]);
  };
  std::string wanted, got;
  if (plan_out < source_.outputs.size() && klass_in < source_.inputs.size()) {
    wanted = level_of(codes_[klass_in]);
    got = model_.plans[then[plan_out]].level;
  } else if (klass_out < source_.outputs.size() && voltage_in < source_.inputs.size()) {
    wanted = codes_[voltage_in] == static_cast<std::size_t>(Voltage::lv) ? "lv" : "hv";
    got = level_of(then[klass_out]);
  }
  if (wanted == got || level_reported_) return;
  level_reported_ = true;
  problems_.add("pack.wrong_level", source_.place,
                {"电压级别不符（" + wanted + " 与 " + got + "）：" + describe_cell(),
                 "the levels " + wanted + " and " + got + " do not agree: " + describe_cell()},
                {"改用同一级别的类型或方案", "decide a class or plan of the same level"});
}

void TableCompiler::report_gaps() const {
  if (gaps_ == 0) return;
  const auto count = std::to_string(gaps_);
  problems_.add("pack.gap", source_.place,
                {"表 " + source_.id + " 有 " + count + " 种情形没有行，例如：" + first_gap_,
                 "the table " + source_.id + " has no row for " + count + " combinations, for example " + first_gap_},
                {"加一行", "add a row"});
}

void TableCompiler::report_unreached() const {
  for (std::size_t r = 0; r < rows_.size(); ++r)
    if (!rows_[r].reached)
      problems_.add("pack.unreachable", source_.rows[r].place, {"此行永远不会命中", "this row never fits"},
                    {"移到前面、放宽条件或删去", "move it up, widen it, or leave it out"});
}

std::string TableCompiler::describe_cell() const {
  std::string out;
  for (std::size_t i = 0; i < codes_.size(); ++i)
    out += (i ? ", " : "") + std::string(spec(source_.inputs[i]).name) + " " + describe_code(i);
  return out;
}

std::string TableCompiler::describe_code(std::size_t input) const {
  const Slot slot = source_.inputs[input];
  const std::size_t code = codes_[input];
  if (spec(slot).kind != Kind::number) return model_.choices_of(slot)[code];
  const auto& thresholds = thresholds_[number_index(slot)];
  const auto text = [&](double value) {
    if (spec(slot).unit == "date") return format_date(LocalDate{std::chrono::days{static_cast<int>(value)}});
    std::string number = std::to_string(value);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    return number;
  };
  if (thresholds.empty()) return "any";
  if (code % 2 == 1) return "= " + text(thresholds[code / 2]);
  if (code == 0) return "< " + text(thresholds.front());
  return "> " + text(thresholds[code / 2 - 1]);
}

}  // namespace tongdian::policy
