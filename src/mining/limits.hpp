// What a log cannot show, in plain words: from what is missing in it, and from what reading it met with.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "mining/mine.hpp"

namespace tongdian::mining {

struct Limit {
  std::string_view id;
  Sentence text;
  std::optional<std::uint64_t> count;
};

std::vector<Limit> limits_of(const Mined& mined);

}  // namespace tongdian::mining
