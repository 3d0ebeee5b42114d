#include "policy/compare.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "policy/explain.hpp"
#include "policy/model.hpp"
#include "policy/phrases.hpp"

namespace tongdian::policy {
namespace {

using What = Difference::Kind;
using Change = Difference::Change;

/// Something that a pack says: comparable by its words, found again by its key.
struct Said {
  std::string key;
  Sentence title, words;
  std::vector<std::string> clauses;
};
using Sayings = std::vector<Said>;

Sayings texts(const PackModel& m) {
  Sayings out;
  for (const auto& c : m.text.clauses()) out.push_back({c.id, {c.id, c.id}, {c.text, c.text}, {c.id}});
  return out;
}

Sayings parameters(const PackModel& m) {
  Sayings out;
  for (const auto& p : m.parameters.all()) out.push_back({p.id, p.title, values_of(p), m.text.ids(p.clauses)});
  return out;
}

Sayings stages(const PackModel& m) {
  Sayings out;
  for (const auto& s : m.stages) out.push_back({s.stage.id, s.stage.name, s.stage.name, {}});
  return out;
}

Sayings plans(const PackModel& m) {
  Sayings out;
  for (const auto& plan : m.plans) {
    Said said{plan.id, {plan.id, plan.id}, {}, m.text.ids(plan.clauses)};
    for (const auto& each : plan.stages) {
      const auto& stage = m.stages[static_cast<std::size_t>(each.stage)].stage;
      const auto& limit = each.limit < 0 ? std::string() : m.parameters[each.limit].id;
      said.words.zh += (said.words.zh.empty() ? "" : "、") + stage.name.zh + "（" + limit + "）";
      said.words.en += (said.words.en.empty() ? "" : ", ") + stage.name.en + " (" + limit + ")";
    }
    out.push_back(std::move(said));
  }
  return out;
}

Sayings documents(const PackModel& m) {
  Sayings out;
  for (const auto& d : m.documents)
    out.push_back({d.document.id, d.document.name, d.document.name, {d.document.clause}});
  return out;
}

Sayings hand_overs(const PackModel& m) {
  Sayings out;
  for (const auto& h : m.hand_overs) {
    Said said{h.reason + " after " + h.after, h.name, {h.after + " →", h.after + " →"}, {}};
    for (const auto& before : h.before) {
      said.words.zh += " " + before;
      said.words.en += " " + before;
    }
    out.push_back(std::move(said));
  }
  return out;
}

/// The rungs of a ladder; `whose` goes before each key and title.
Sayings ladder(const policy::Supervision& s, const std::string& key, const Sentence& whose) {
  std::string levels;
  for (const int wd : s.escalate_after_wd) levels += (levels.empty() ? "" : ", ") + std::to_string(wd);
  const auto share = std::to_string(static_cast<int>(s.warn_share * 100 + 0.5)) + " %";
  const auto order = std::to_string(s.order_at_level) + " / " + std::to_string(s.answer_within_wd);
  const auto bulletin = std::to_string(s.bulletin_at_level);
  const auto title = [&](const char* zh, const char* en) { return Sentence{whose.zh + zh, whose.en + en}; };
  return {
      {key + "warn_share", title("预警比例", "share at which staff are warned"), {share, share}, {}},
      {key + "escalate_after_wd",
       title("督办升级（超期后工作日）", "escalation, in working days past the due date"),
       {levels, levels},
       {}},
      {key + "order", title("督办单（级别/答复工作日）", "order: level, working days to answer"), {order, order}, {}},
      {key + "bulletin", title("通报（级别）", "bulletin: level"), {bulletin, bulletin}, {}}};
}

Sayings supervision(const PackModel& m) {
  Sayings out = ladder(m.supervision, "", {});
  if (!m.complaints.about.empty()) {
    const auto days = std::to_string(m.complaints.answer_within_wd);
    out.push_back(
        {"complaints answer_within_wd", {"投诉：答复工作日", "complaints: working days to answer"}, {days, days}, {}});
  }
  if (m.complaints.supervision)
    std::ranges::move(ladder(*m.complaints.supervision, "complaints ", {"投诉：", "complaints: "}),
                      std::back_inserter(out));
  for (const auto& d : m.detectors) {
    std::string limits;
    for (const auto& [key, value] : d.limits) limits += key + " " + shortest_number(value) + "; ";
    out.push_back({"detector " + d.id, d.name, {limits, limits}, d.clauses});
  }
  return out;
}

void compare_said(std::vector<Difference>& out, What kind, const Sayings& before, const Sayings& after) {
  for (const auto& old : before) {
    const auto now = std::ranges::find(after, old.key, &Said::key);
    if (now == after.end())
      out.push_back({kind, Change::removed, old.key, old.title, old.words, {}, old.clauses});
    else if (now->words != old.words)
      out.push_back({kind, Change::changed, old.key, now->title, old.words, now->words, now->clauses});
  }
  for (const auto& now : after)
    if (std::ranges::find(before, now.key, &Said::key) == before.end())
      out.push_back({kind, Change::added, now.key, now.title, {}, now.words, now.clauses});
}

Sayings rows(const PackModel& m, const TableSource& table) {
  Sayings out;
  for (const auto& row : table.rows)
    out.push_back({table.id, table.title, row_of(m, table, row), m.text.ids(row.clauses)});
  return out;
}

/// A row has no name: it is known by its words. Those that only one side has are told, removed ones first.
void compare_rows(std::vector<Difference>& out, const PackModel& before, const PackModel& after) {
  const auto rows_named = [](const PackModel& m, const std::string& id) {
    const auto found = std::ranges::find(m.tables, id, &TableSource::id);
    return found == m.tables.end() ? Sayings{} : rows(m, *found);
  };
  std::vector<std::string> ids;
  for (const auto* m : {&before, &after})
    for (const auto& table : m->tables)
      if (std::ranges::find(ids, table.id) == ids.end()) ids.push_back(table.id);
  for (const auto& id : ids) {
    const auto old = rows_named(before, id), now = rows_named(after, id);
    for (const auto& row : old)
      if (std::ranges::find(now, row.words, &Said::words) == now.end())
        out.push_back({What::row, Change::removed, id, row.title, row.words, {}, row.clauses});
    for (const auto& row : now)
      if (std::ranges::find(old, row.words, &Said::words) == old.end())
        out.push_back({What::row, Change::added, id, row.title, {}, row.words, row.clauses});
  }
}

}  // namespace

std::vector<Difference> compare(const Pack& before, const Pack& after) {
  const PackModel &a = before.model(), &b = after.model();
  std::vector<Difference> out;
  compare_said(out, What::parameter, parameters(a), parameters(b));
  compare_rows(out, a, b);
  compare_said(out, What::stage, stages(a), stages(b));
  compare_said(out, What::plan, plans(a), plans(b));
  compare_said(out, What::document, documents(a), documents(b));
  compare_said(out, What::hand_over, hand_overs(a), hand_overs(b));
  compare_said(out, What::supervision, supervision(a), supervision(b));
  compare_said(out, What::text, texts(a), texts(b));
  return out;
}

json::Array to_json(const std::vector<Difference>& differences) {
  json::Array out;
  for (const auto& d : differences)
    out.push_back(json::Object{{"kind", name_of(d.kind)},
                               {"change", name_of(d.change)},
                               {"id", d.id},
                               {"title", to_json(d.title)},
                               {"before", to_json(d.before)},
                               {"after", to_json(d.after)},
                               {"clauses", json::write(d.clauses)}});
  return out;
}

}  // namespace tongdian::policy
