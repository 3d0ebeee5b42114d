// Papers that the customer hands in as files. Which may come is the decision's list, never the sender's choice; the bytes lie in
// the vault, and the event says only which paper it is, of what type and size, and a salted digest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connection/case_state.hpp"
#include "connection/commands.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

inline constexpr std::int64_t largest_paper = 10 << 20;  ///< bytes of one file
inline constexpr std::size_t files_a_paper = 5;          ///< pages photographed one by one, and a better picture

/// "application/pdf", "image/jpeg", "image/png" or "image/heic", by how the bytes begin; empty for anything else.
std::string_view paper_type(ByteView beginning);
/// Whether files of this type are taken.
bool known_paper_type(std::string_view type);

/// Papers that may be handed in now: the list of the stage that runs, or that begins when the customer gives the case back.
std::vector<std::string> papers_wanted(const CaseState& state);
/// Why a file for this paper may not come now; `path` is where the request names it.
std::optional<Problem> paper_objection(const CaseState& state, std::string_view document, const policy::Pack& pack,
                                       std::string_view path);

/// The file is handed in. Where it is the last of what the one-time notice asked for, everything is supplied with it.
Result<std::vector<engine::NewEvent>> attach_file(const CaseState& state, const AttachFile& command,
                                                  const policy::Pack& pack);

}  // namespace tongdian::connection
