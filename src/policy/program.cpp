#include "policy/program.hpp"

#include <algorithm>
#include <set>

#include "policy/table_compiler.hpp"

namespace tongdian::policy {
namespace {

/// The thresholds that the tables compare each number with, in the period that begins on `from`.
Thresholds gather_thresholds(const PackModel& model, LocalDate from) {
  std::array<std::set<double>, number_count> found;
  for (const auto& table : model.tables)
    for (const auto& row : table.rows)
      for (const auto& condition : row.when)
        if (condition.parameter >= 0)
          found[number_index(table.inputs[condition.input])].insert(model.parameters[condition.parameter].on(from));
  Thresholds out;
  for (std::size_t i = 0; i < number_count; ++i) out[i].assign(found[i].begin(), found[i].end());
  return out;
}

/// The cited clauses numbered in the document's order, so that a decision lists them as one reads them.
std::vector<int> rank_clauses(const PackModel& model, std::vector<std::string_view>& ids) {
  std::set<int> cited;
  for (const auto& table : model.tables)
    for (const auto& row : table.rows) cited.insert(row.clauses.begin(), row.clauses.end());
  for (const auto& plan : model.plans) cited.insert(plan.clauses.begin(), plan.clauses.end());
  for (const auto& boundary : model.boundaries) cited.insert(boundary.clauses.begin(), boundary.clauses.end());
  std::vector<int> ranks(model.text.clauses().size(), -1);
  for (const int clause : cited) {
    ranks[static_cast<std::size_t>(clause)] = static_cast<int>(ids.size());
    ids.push_back(model.text.clauses()[static_cast<std::size_t>(clause)].id);
  }
  return ranks;
}

Trace trace_of(const std::vector<int>& clauses, const std::vector<int>& notes, const std::vector<int>& ranks) {
  Trace out;
  for (const int clause : clauses) out.clauses.set(static_cast<std::size_t>(ranks[static_cast<std::size_t>(clause)]));
  for (const int note : notes) out.notes.set(static_cast<std::size_t>(note));
  return out;
}

CompiledPlan compile_plan(const PackModel& model, const PlanSource& source, LocalDate from,
                          const std::vector<int>& ranks, Problems& problems) {
  CompiledPlan out;
  out.next_day = source.next_day;
  out.trace = trace_of(source.clauses, source.notes, ranks);
  const auto days = [&](int parameter) {
    if (parameter < 0) return 0;
    out.trace.values.set(static_cast<std::size_t>(parameter));
    return static_cast<int>(model.parameters[parameter].on(from));
  };
  for (const auto& stage : source.stages) {
    out.stages.push_back({model.stages[static_cast<std::size_t>(stage.stage)].stage.id, days(stage.limit)});
    out.target_wd += out.stages.back().limit_wd;
  }
  out.ceiling_wd = source.ceiling < 0 ? out.target_wd : days(source.ceiling);
  if (out.ceiling_wd < out.target_wd)
    problems.add("pack.wrong_value", source.place,
                 {"上限少于各环节合计", "the ceiling is less than the stages together"},
                 {"改正 ceiling 或各环节时限", "mend the ceiling or the stages' limits"});
  return out;
}

/// The members of a set into a list that is reused.
template <class T>
void gather(const Bits& set, const std::vector<T>& all, std::vector<T>& out) {
  out.resize(set.count());
  T* next = out.data();
  set.each([&](std::size_t i) { *next++ = all[i]; });
}

}  // namespace

Program compile(const PackModel& model, LocalDate from, Problems& problems) {
  Program out;
  out.from = from;
  out.model = &model;
  out.thresholds = gather_thresholds(model, from);
  const auto ranks = rank_clauses(model, out.clauses);
  if (out.clauses.size() > Bits::capacity || model.resolutions.ids.size() > Bits::capacity ||
      model.parameters.all().size() > Bits::capacity) {
    problems.add("pack.too_large", model.folder.string(),
                 {"所引条款、解读或参数超过 128 个", "more than 128 cited clauses, resolutions or parameters"},
                 {"拆分政策包", "split the pack"});
    return out;
  }
  out.notes.assign(model.resolutions.ids.begin(), model.resolutions.ids.end());
  for (const auto& parameter : model.parameters.all())
    out.values.push_back({parameter.id, parameter.on(from), parameter.unit});
  for (const auto& plan : model.plans) out.plans.push_back(compile_plan(model, plan, from, ranks, problems));
  for (const auto& boundary : model.boundaries) out.boundary_traces.push_back(trace_of(boundary.clauses, {}, ranks));
  for (const auto& table : model.tables)
    out.tables.push_back(TableCompiler(model, table, out.thresholds, from, ranks, problems).compile());
  return out;
}

void Program::run(Codes& codes, Decision& out) const {
  Trace trace;
  std::array<const Outcome*, slot_count - index_of(first_field)> decided_by{};
  for (const auto& table : tables) {
    std::size_t cell = 0;
    for (const auto& term : table.terms) cell += codes[term.slot] * term.stride;
    const Outcome& outcome = table.outcomes[table.cells[cell]];
    trace |= outcome.trace;
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
      codes[index_of(table.outputs[i])] = outcome.then[i];
      decided_by[index_of(table.outputs[i]) - index_of(first_field)] = &outcome;
    }
  }
  const CompiledPlan& plan = plans[codes[index_of(Slot::plan)]];
  const std::size_t boundary = codes[index_of(Slot::boundary)];
  trace |= plan.trace;
  trace |= boundary_traces[boundary];

  const auto chosen = [&](Slot slot) -> std::string_view {
    return model->choices[index_of(slot)].ids[codes[index_of(slot)]];
  };
  const auto list = [&](Slot slot) -> const Outcome& { return *decided_by[index_of(slot) - index_of(first_field)]; };
  out.programme = chosen(Slot::programme);
  out.klass = chosen(Slot::klass);
  out.permit = chosen(Slot::permit);
  out.boundary = chosen(Slot::boundary);
  out.voltage = spec(Slot::voltage).choices[codes[index_of(Slot::voltage)]];
  out.user_cost_fen = model->boundaries[boundary].user_cost_fen;
  out.zero_application = codes[index_of(Slot::zero_application)] != 0;
  out.counts_in_longest_time = codes[index_of(Slot::counts_in_longest_time)] != 0;
  out.four_zero_failed = list(Slot::four_zero_failed).items;
  out.flags = list(Slot::flags).items;
  out.documents = list(Slot::documents).documents;
  out.stages = plan.stages;
  out.target_wd = plan.target_wd;
  out.ceiling_wd = plan.ceiling_wd;

  gather(trace.clauses, clauses, out.clauses);
  gather(trace.notes, notes, out.notes);
  gather(trace.values, values, out.values);
}

}  // namespace tongdian::policy
