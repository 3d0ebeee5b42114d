#pragma once

#include <string>
#include <string_view>

namespace tongdian {

/// `text` for an HTML element's content or a quoted attribute. Control characters, which HTML does not allow, become U+FFFD.
std::string html_escaped(std::string_view text);

}  // namespace tongdian
