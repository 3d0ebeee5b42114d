#include "supervision/page.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "policy/explain.hpp"

namespace tongdian::supervision {
namespace {

using policy::to_json;

Sentence area_name(const policy::Pack& pack, const std::string& code) {
  const auto found = std::ranges::find(pack.areas(), code, &policy::Area::code);
  return found == pack.areas().end() ? Sentence{code, code} : found->name;
}

void place(json::Object& out, Name area, Name enterprise, const PageContext& c) {
  const auto& names = c.watch.names();
  out["area"] = json::Object{{"code", names.text(area)}, {"name", to_json(area_name(c.pack, names.text(area)))}};
  out["enterprise"] =
      json::Object{{"id", names.text(enterprise)}, {"name", to_json(c.enterprise_name(names.text(enterprise)))}};
}

json::Value instant_or_null(const std::optional<Instant>& t, Zone zone) {
  return t ? json::Value(format_instant(*t, zone)) : json::Value(nullptr);
}

/// "督办〔2021〕3号".
Sentence number_of(const Order& o) {
  const auto year = std::to_string(o.year), n = std::to_string(o.number);
  return {"督办〔" + year + "〕" + n + "号", "Order " + n + " of " + year};
}

json::Array channel_cells(const PageContext& c) {
  json::Array out;
  const auto& names = c.watch.names();
  for (const auto& [key, cell] : c.watch.channels().cells()) {
    const auto& klass = names.text(key.first.first);
    out.push_back(
        json::Object{{"class", klass},
                     {"class_name", to_json(c.pack.name_of(klass))},
                     {"works", key.first.second},
                     {"channel", names.text(key.second)},
                     {"opened", cell.opened},
                     {"finished", cell.finished},
                     {"asked", cell.asked},
                     {"compared", cell.compared},
                     {"mean_wd", cell.compared ? json::Value(static_cast<double>(cell.days_sum) / cell.compared)
                                               : json::Value(nullptr)}});
  }
  return out;
}

json::Array channel_comparisons(const PageContext& c) {
  json::Array out;
  const auto& names = c.watch.names();
  for (const auto& each : c.watch.channels().compare())
    out.push_back(json::Object{{"class", names.text(each.klass)},
                               {"class_name", to_json(c.pack.name_of(names.text(each.klass)))},
                               {"works", each.works},
                               {"a", names.text(each.a)},
                               {"b", names.text(each.b)},
                               {"limits_differ", each.limits_differ},
                               {"p_days", each.p_days},
                               {"p_asked", each.p_asked},
                               {"differs", each.differs}});
  return out;
}

json::Array records(const std::map<Name, Longest::Record>& by_name, const PageContext& c) {
  json::Array out;
  for (const auto& [name, record] : by_name) {
    const auto& id = c.watch.names().text(name);
    out.push_back(json::Object{{"id", id},
                               {"name", to_json(c.pack.name_of(id))},
                               {"cases", record.cases},
                               {"longest_wd", record.working_days},
                               {"number", record.number}});
  }
  return out;
}

/// Who is appraised: an enterprise in a district.
struct Score {
  std::uint32_t open = 0, confirmed = 0, dismissed = 0, orders = 0, unanswered = 0, named = 0;
};

json::Array appraisal(const std::vector<Watch::Judged>& all, const PageContext& c) {
  std::map<std::pair<Name, Name>, Score> scores;
  for (const auto& j : all) {
    if (j.finding.area == 0) continue;
    auto& s = scores[{j.finding.enterprise, j.finding.area}];
    ++(j.opinion.verdict == Verdict::open        ? s.open
       : j.opinion.verdict == Verdict::confirmed ? s.confirmed
                                                 : s.dismissed);
  }
  for (const auto& o : c.watch.orders().all()) {
    auto& s = scores[{o.enterprise, o.area}];
    ++s.orders;
    s.unanswered += o.unanswered;
  }
  for (const auto& n : c.watch.orders().bulletin()) ++scores[{n.enterprise, n.area}].named;
  json::Array out;
  for (const auto& [who, s] : scores) {
    json::Object row{{"open", s.open},     {"confirmed", s.confirmed},   {"dismissed", s.dismissed},
                     {"orders", s.orders}, {"unanswered", s.unanswered}, {"named", s.named}};
    place(row, who.second, who.first, c);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

json::Object to_json(const Watch::Judged& judged, const PageContext& c) {
  const auto& f = judged.finding;
  const auto* detector = c.pack.detector(f.kind);
  json::Array evidence;
  for (const auto& e : f.evidence) evidence.push_back(json::Object{{"position", e.position}, {"value", e.value}});
  json::Object out{{"id", f.id},
                   {"kind", f.kind},
                   {"name", to_json(detector ? detector->name : Sentence{})},
                   {"innocent", to_json(detector ? detector->innocent : Sentence{})},
                   {"clauses", detector ? json::write(detector->clauses) : json::Value(json::Array{})},
                   {"number", f.number.empty() ? json::Value(nullptr) : json::Value(f.number)},
                   {"subject", f.subject},
                   {"strength", name_of(f.strength)},
                   {"evidence", std::move(evidence)},
                   {"evidence_count", f.evidence_count},
                   {"at", format_instant(f.at, c.pack.zone())},
                   {"verdict", name_of(judged.opinion.verdict)},
                   {"judged_at", judged.opinion.verdict == Verdict::open
                                     ? json::Value(nullptr)
                                     : json::Value(format_instant(judged.opinion.at, c.pack.zone()))},
                   {"auditor", judged.opinion.auditor.empty() ? std::string() : c.staff_name(judged.opinion.auditor)},
                   {"note", judged.opinion.note}};
  place(out, f.area, f.enterprise, c);
  return out;
}

json::Array kinds(const std::vector<Watch::Judged>& all, const PageContext& c) {
  json::Array out;
  for (const auto& d : c.pack.detectors()) {
    std::array<std::uint32_t, 3> counts{};
    for (const auto& j : all)
      if (j.finding.kind == d.id) ++counts[static_cast<std::size_t>(j.opinion.verdict)];
    out.push_back(json::Object{{"id", d.id},
                               {"name", to_json(d.name)},
                               {"innocent", to_json(d.innocent)},
                               {"clauses", json::write(d.clauses)},
                               {"open", counts[0]},
                               {"confirmed", counts[1]},
                               {"dismissed", counts[2]}});
  }
  return out;
}

json::Object to_json(const Order& o, LocalDate today, const PageContext& c) {
  const Zone zone = c.pack.zone();
  const bool closed = o.closed_at.has_value();
  const char* state = o.answered_at                         ? "answered"
                      : closed                              ? "closed"
                      : o.unanswered || today > o.answer_by ? "unanswered"
                                                            : "waiting";
  json::Object out{{"name", to_json(number_of(o))},
                   {"number", o.case_number},
                   {"complaint", o.complaint.empty() ? json::Value(nullptr) : json::Value(o.complaint)},
                   {"position", o.position},
                   {"issued_at", format_instant(o.issued_at, zone)},
                   {"due_on", format_date(o.due_on)},
                   {"answer_by", format_date(o.answer_by)},
                   {"state", state},
                   {"answered_at", instant_or_null(o.answered_at, zone)},
                   {"measure", o.measure},
                   {"done_by", o.done_by ? json::Value(format_date(*o.done_by)) : json::Value(nullptr)},
                   {"closed_at", instant_or_null(o.closed_at, zone)}};
  place(out, o.area, o.enterprise, c);
  return out;
}

json::Object to_json(const Named& n, const PageContext& c) {
  json::Object out{{"number", n.case_number},
                   {"complaint", n.complaint.empty() ? json::Value(nullptr) : json::Value(n.complaint)},
                   {"position", n.position},
                   {"at", format_instant(n.at, c.pack.zone())},
                   {"due_on", format_date(n.due_on)},
                   {"for_silence", n.for_silence}};
  place(out, n.area, n.enterprise, c);
  return out;
}

json::Object reports(const std::vector<Watch::Judged>& all, const PageContext& c) {
  const auto guard = c.watch.lock();
  return {{"channels", json::Object{{"cells", channel_cells(c)}, {"comparisons", channel_comparisons(c)}}},
          {"longest", json::Object{{"counted", records(c.watch.longest().counted(), c)},
                                   {"left_out", records(c.watch.longest().left_out(), c)}}},
          {"appraisal", appraisal(all, c)},
          {"calibration", to_json(c.watch.promises().calibration())},
          {"events", c.watch.seen()}};
}

}  // namespace tongdian::supervision
