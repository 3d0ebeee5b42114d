#include "policy/explain.hpp"

namespace tongdian::policy {
namespace {

class Explaining {
 public:
  Explaining(const Pack& pack, json::Object& decision) : pack_(pack), decision_(decision) {}

  void run() {
    for (const auto* key : {"class", "programme", "voltage", "permit"}) name(decision_.at(key));
    name(decision_.at("investment").at("boundary"));
    for (const auto& flag : decision_.at("flags").as_array()) name(flag);
    for (const auto& stage : decision_.at("stages").as_array()) name_stage(stage.at("id"));
    for (const auto& [stage, ids] : decision_.at("documents").as_object())
      for (const auto& id : ids.as_array()) document(id);
    for (const auto& id : decision_.at("four_zero_failed").as_array())
      names_[std::string("four_zero_failed/") + id.as_string().c_str()] = to_json(pack_.name_of(id.as_string()));
    for (const auto& id : decision_.at("clauses").as_array())
      if (const auto* clause = pack_.clause(id.as_string())) clause_texts_[clause->id] = clause->text;
    notes();
    decision_["names"] = std::move(names_);
    decision_["clause_texts"] = std::move(clause_texts_);
    decision_["note_texts"] = std::move(note_texts_);
    decision_["document_clauses"] = std::move(document_clauses_);
  }

 private:
  void name(const json::Value& id) { names_[id.as_string()] = to_json(pack_.name_of(id.as_string())); }

  void name_stage(const json::Value& id) {
    if (const auto* stage = pack_.stage(id.as_string())) names_[stage->id] = to_json(stage->name);
  }

  void document(const json::Value& id) {
    const auto* d = pack_.document(id.as_string());
    if (!d) return;
    names_[d->id] = to_json(d->name);
    document_clauses_[d->id] = d->clause;
    if (const auto* clause = pack_.clause(d->clause)) clause_texts_[clause->id] = clause->text;
  }

  void notes() {
    json::Array out;
    for (const auto& note : decision_.at("notes").as_array()) {
      const std::string id(note.is_string() ? note.as_string() : note.at("id").as_string());
      const auto* text = pack_.resolution(id);
      if (!text) continue;
      note_texts_[id] = to_json(*text);
      out.push_back({{"id", id}, {"text", text->zh}, {"text_en", text->en}});
    }
    decision_["notes"] = std::move(out);
  }

  const Pack& pack_;
  json::Object& decision_;
  json::Object names_, clause_texts_, note_texts_, document_clauses_;
};

}  // namespace

json::Object to_json(const Sentence& sentence) { return {{"zh", sentence.zh}, {"en", sentence.en}}; }

json::Object explained(const Pack& pack, json::Object decision) {
  Explaining(pack, decision).run();
  return decision;
}

}  // namespace tongdian::policy
