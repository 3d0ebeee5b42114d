// What an auditor says of a finding, as the journal has it.
#pragma once

#include <string_view>

namespace tongdian::supervision::events {

inline constexpr std::string_view confirmed = "finding.confirmed";  // kind, number, note
inline constexpr std::string_view dismissed = "finding.dismissed";  // kind, number, note

}  // namespace tongdian::supervision::events
