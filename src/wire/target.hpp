// The request target (RFC 9112 3.2, RFC 3986), read strictly: what is doubtful is refused, not repaired.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace tongdian::wire {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Target {
  std::vector<std::string> segments;  ///< decoded; "/" has one empty segment, "/a/" has {"a", ""}
  Pairs query;                        ///< decoded, in their order; no name twice
};

/// Percent-decoded UTF-8. Nothing for a broken escape, a control character or broken UTF-8. With `plus_is_blank` a `+`
/// reads as a blank, as forms write it.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank = false);

/// `text` with everything escaped but the unreserved characters: fit for one segment or one query value.
std::string percent_encoded(std::string_view text);

/// Origin form ("/a/b?c=d") or absolute form ("http://host/a/b"). `http.bad_target` otherwise, and for a segment that is
/// "." or "..", or that hides a slash, a backslash or a control character behind an escape.
Result<Target> read_target(std::string_view target);

/// True when `text` is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

}  // namespace tongdian::wire
