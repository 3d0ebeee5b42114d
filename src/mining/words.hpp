// How the report says things: lengths of time, numbers, texts that are cut.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tongdian::mining {

/// "3.2 天" · "3.2 days": in the unit that fits.
Sentence how_long(double seconds);
/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t n);
/// With one decimal where it is not whole.
std::string short_number(double value);
/// At most so many columns, of which a wide character takes two; cut with "…".
std::string shortened(std::string_view text, std::size_t columns);
std::size_t columns_of(std::string_view text);

}  // namespace tongdian::mining
