// The findings as the contract's JSON, and in words.
#pragma once

#include <string>

#include "mining/json_writer.hpp"
#include "mining/mine.hpp"

namespace tongdian::mining {

/// Writes "findings" and "finding_kinds".
void findings_to_json(JsonWriter& out, const Mined& mined);

/// What shows a finding, in one sentence.
Sentence evidence_of(const Mined& mined, const Finding& finding);

}  // namespace tongdian::mining
