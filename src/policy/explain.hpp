// A decision made readable: every id in it with its name, every clause with its words.
#pragma once

#include "policy/pack.hpp"

namespace tongdian::policy {

json::Object to_json(const Sentence& sentence);

/// `decision` as `to_json` gives it, or as an event kept it (notes by id); returns it with `names`, `clause_texts`,
/// `note_texts` and `document_clauses` of the HTTP contract. An unmet condition is named under "four_zero_failed/ID",
/// since a condition and a document may share an id.
json::Object explained(const Pack& pack, json::Object decision);

}  // namespace tongdian::policy
