// Small readers of header field values, shared by the headers that are lists with weights.
#pragma once

#include <optional>
#include <string_view>

namespace tongdian::wire {

/// Without blanks and tabs at either end.
std::string_view trimmed(std::string_view text);

/// Equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b);

/// What stands before the next `separator`, trimmed, taken off `rest`; nothing when `rest` is used up.
std::optional<std::string_view> next_item(std::string_view& rest, char separator);

/// An item of a weighted list: "gzip;q=0.5" is {gzip, 500}. No weight is 1000, an unreadable one 0.
struct Weighted {
  std::string_view name;
  int thousandths = 1000;
};
Weighted weighted(std::string_view item);

/// Whether a weighted list (Accept-Encoding) admits `name`: named or by `*`, with a weight above zero.
bool list_admits(std::string_view list, std::string_view name);

}  // namespace tongdian::wire
