// Texts by number: each distinct text of a log is kept once, everything else is counted by its number.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace tongdian::mining {

inline constexpr std::uint32_t no_text = 0xFFFFFFFF;

/// Numbers are dense from 0, in order of first appearance; views live as long as the interner. Open addressing, at most half
/// full; at most 2^32 - 2 texts.
class Interner {
 public:
  /// The number of `text`, which is added where it is new.
  std::uint32_t add(std::string_view text) {
    if (texts_.size() * 2 >= slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
    auto& slot = slots_[find(text, hash)];
    if (slot.number == no_text) {
      slot = {hash, static_cast<std::uint32_t>(texts_.size())};
      texts_.push_back(keep(text));
    }
    return slot.number;
  }
  [[nodiscard]] std::string_view operator[](std::uint32_t number) const { return texts_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(texts_.size()); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = no_text;
  };

  /// The slot that has the text, or the empty one where it belongs.
  [[nodiscard]] std::size_t find(std::string_view text, std::uint32_t hash) const {
    const auto mask = slots_.size() - 1;
    auto at = hash & mask;
    while (slots_[at].number != no_text && (slots_[at].hash != hash || texts_[slots_[at].number] != text))
      at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
    old.swap(slots_);
    for (const auto& slot : old)
      if (slot.number != no_text) {
        auto at = slot.hash & (slots_.size() - 1);
        while (slots_[at].number != no_text) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
      }
  }

  std::string_view keep(std::string_view text) {
    constexpr std::size_t block = 64 << 10;
    if (text.size() > room_) {
      room_ = std::max(block, text.size());
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
      next_ = blocks_.back().get();
    }
    if (!text.empty()) std::memcpy(next_, text.data(), text.size());
    const std::string_view kept(next_, text.size());
    next_ += text.size();
    room_ -= text.size();
    return kept;
  }

  std::vector<Slot> slots_;
  std::vector<std::string_view> texts_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t room_ = 0;
};

}  // namespace tongdian::mining
