// Looks a statement up by its text without copying it.
#pragma once

#include <functional>
#include <string_view>

namespace tongdian::store {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view t) const { return std::hash<std::string_view>{}(t); }
};

}  // namespace tongdian::store
