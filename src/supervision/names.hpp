// Texts that come again and again (districts, classes, accounts, firms), each kept once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tongdian::supervision {

using Name = std::uint32_t;  ///< 0 is the empty text

class Names {
 public:
  Names() { of(""); }
  Name of(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    texts_.emplace_back(text);
    const auto id = static_cast<Name>(texts_.size() - 1);
    ids_.emplace(texts_.back(), id);
    return id;
  }
  [[nodiscard]] const std::string& text(Name id) const { return texts_[id]; }

 private:
  std::deque<std::string> texts_;  // a deque: the keys below point into it
  std::unordered_map<std::string_view, Name> ids_;
};

}  // namespace tongdian::supervision
