// What may stand in the few free texts of a case: they go into the journal, and from there into public proofs, for ever.
#pragma once

#include <optional>
#include <string>

#include "policy/pack.hpp"

namespace tongdian::connection {

/// `connection.required`, `connection.too_long`.
std::optional<Problem> blank(const std::string& text, std::string_view path, std::size_t limit);
/// `connection.personal_data`: a run of digits that is a mobile number (11, from 1) or an identity number (17 and a check digit).
std::optional<Problem> personal(const std::string& text, std::string_view path);
/// `connection.letter_demanded`: a letter of commitment by any of the names that the pack bans.
std::optional<Problem> letter(const std::string& text, std::string_view path, const policy::Pack& pack);
/// All three, for a technical note.
std::optional<Problem> unfit(const std::string& text, std::string_view path, const policy::Pack& pack);
/// `connection.bad_number`: letters, digits, hyphens: what equipment, projects and firms are numbered with, and no sentence.
std::optional<Problem> not_a_number(const std::string& text, std::string_view path);

}  // namespace tongdian::connection
