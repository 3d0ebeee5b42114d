// Reads documents.yaml, permits.yaml and fees.yaml: the closed lists. What the text forbids to add is refused here.
#include <algorithm>

#include "policy/model.hpp"

namespace tongdian::policy {
namespace {

/// A document must be printed in its clause, and must not be a letter of commitment by another name.
void read_document(PackModel& model, const Yaml& at, const std::vector<std::string>& banned,
                   const std::vector<std::string>& forbidden_by) {
  at.only({"id", "name", "stage", "printed", "clause"});
  DocumentSource out;
  const Yaml id = at.need("id");
  out.document.id = id.text();
  out.document.name = at.need("name").sentence();
  const Yaml stage = at.need("stage");
  out.stage = model.stage_named(stage.raw());
  if (stage && out.stage < 0)
    stage.complain("pack.unknown_value", {"没有环节 " + stage.raw(), "no stage " + stage.raw()},
                   {"写 process.yaml 中的一个", "name a stage of process.yaml"});
  const Yaml printed = at.need("printed");
  const auto clause = model.text.cited(at.need("clause"));
  if (!clause.empty()) out.document.clause = model.text.ids(clause).front();
  const std::string words = printed.text();
  const auto forbid = [&](const Yaml& where, const std::string& zh, const std::string& en) {
    where.complain("pack.forbidden_document", {zh, en}, {"删去此资料", "leave the document out"}, forbidden_by);
  };
  for (const auto& word : banned)
    if (words.find(word) != words.npos || out.document.name.zh.find(word) != std::string::npos)
      return forbid(printed, "不得强制签订" + word + "一类的材料",
                    "a document of the kind " + word + " must not be demanded");
  if (!clause.empty() && !words.empty() && !model.text.quotes(clause.front(), words))
    forbid(printed, "条款 " + out.document.clause + " 中没有资料“" + words + "”，不得额外收取",
           "the clause " + out.document.clause + " prints no document " + words + "; none may be added");
  if (model.choices[index_of(Slot::documents)].find(out.document.id) >= 0)
    id.complain("pack.duplicate_key", {"资料重复", "the document stands twice"}, {"只保留一处", "keep one of them"});
  model.choices[index_of(Slot::documents)].add(out.document.id, out.document.name);
  model.documents.push_back(std::move(out));
}

/// What a boundary costs the user: nothing, or what the user's own works cost. A price here would be a charge.
std::optional<std::int64_t> read_user_cost(const Yaml& at, const std::vector<std::string>& forbidden_by) {
  if (!at || at.raw() == "by_works") return {};
  if (at.raw() == "0") return 0;
  at.complain("pack.forbidden_charge", {"投资界面不得收费", "an investment boundary must not carry a charge"},
              {"写 0 或 by_works", "write 0 or by_works"}, forbidden_by);
  return {};
}

void check_priced_service(const PackModel& model, const Yaml& at, const std::vector<std::string>& free_programmes,
                          const std::vector<std::string>& forbidden_by) {
  at.only({"id", "name", "contents", "price_fen", "consent", "programmes", "printed", "clause"});
  const auto forbid = [&](const Yaml& where, const std::string& zh, const std::string& en) {
    where.complain("pack.forbidden_charge", {zh, en}, {"删去此项收费", "leave the charge out"}, forbidden_by);
  };
  static_cast<void>(at.need("id").text());
  static_cast<void>(at.need("name").sentence());
  static_cast<void>(at.need("price_fen").integer(0, 2'000'000'000));
  if (!at.get("contents")) forbid(at, "延伸服务应明确服务内容", "an extended service must say what it contains");
  if (const Yaml consent = at.get("consent"); !consent || consent.raw() != "true")
    forbid(at, "延伸服务须经用户同意", "an extended service needs the user's consent");
  for (const Yaml& each : at.need("programmes").items())
    if (std::find(free_programmes.begin(), free_programmes.end(), each.raw()) != free_programmes.end())
      forbid(each, "“零投资”用户不得收费", "no charge may be tied to a programme without cost to the user");
  const Yaml clause = at.get("clause");
  if (!clause) return forbid(at, "收费没有依据条款", "a charge without a clause of the catalogue");
  const auto cited = model.text.cited(clause);
  if (!cited.empty() && !model.text.quotes(cited.front(), at.need("printed").text()))
    forbid(at, "条款中没有此项收费", "its clause prints no such charge");
}

}  // namespace

void read_documents(PackModel& model, const Yaml& file) {
  file.only({"forbidden_by", "banned_words", "most_at_once", "documents"});
  model.documents_forbidden_by = model.text.cited(file.need("forbidden_by"));
  std::vector<std::string>& banned = model.banned_words;
  for (const Yaml& each : file.need("banned_words").items()) banned.push_back(each.text());
  for (const Yaml& each : file.need("documents").items())
    read_document(model, each, banned, model.text.ids(model.documents_forbidden_by));
  model.most_documents.assign(model.stages.size(), 0);
  for (const auto& [stage, most] : file.need("most_at_once").entries()) {
    const int index = model.stage_named(stage.raw());
    if (index < 0)
      stage.complain("pack.unknown_value", {"没有环节 " + stage.raw(), "no stage " + stage.raw()},
                     {"写 process.yaml 中的一个", "name a stage of process.yaml"});
    else
      model.most_documents[static_cast<std::size_t>(index)] = most.integer(0, 100);
  }
}

void read_permits(PackModel& model, const Yaml& file) {
  file.only({"permits", "push"});
  for (const auto& [key, value] : file.need("permits").entries())
    model.choices[index_of(Slot::permit)].add(key.raw(), value.sentence());
  const Yaml push = file.need("push");
  push.only({"within", "clauses"});
  static_cast<void>(model.parameters.named(push.need("within"), push.get("within").raw(), "months"));
  static_cast<void>(model.text.cited(push.need("clauses")));
}

void read_fees(PackModel& model, const Yaml& file) {
  file.only({"forbidden_by", "free_programmes", "boundaries", "catalogue"});
  const auto forbidden_by = model.text.ids(model.text.cited(file.need("forbidden_by")));
  std::vector<std::string> free_programmes;
  for (const Yaml& each : file.need("free_programmes").items()) free_programmes.push_back(each.text());
  for (const auto& [key, value] : file.need("boundaries").entries()) {
    value.only({"name", "user_cost", "clauses"});
    model.choices[index_of(Slot::boundary)].add(key.raw(), value.need("name").sentence());
    model.boundaries.push_back(
        {read_user_cost(value.need("user_cost"), forbidden_by), model.text.cited(value.need("clauses"))});
  }
  for (const Yaml& each : file.need("catalogue").items()) {
    check_priced_service(model, each, free_programmes, forbidden_by);
    model.priced_services.push_back(each.get("id").raw());
  }
}

}  // namespace tongdian::policy
