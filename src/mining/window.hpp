// A sliding window over a text of any length: what a reader is at lies whole in memory, what is behind it is forgotten.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/result.hpp"
#include "mining/text_stream.hpp"

namespace tongdian::mining {

/// Where something stands in the text, for people; both from 1, columns in bytes of UTF-8.
struct Position {
  std::uint64_t line = 1, column = 1;
};

class Window {
 public:
  /// A single tag or row longer than this is refused: memory stays bounded whatever the file is.
  static constexpr std::size_t longest = 64u << 20;

  explicit Window(TextStream& text) : text_(text), buffer_(512 << 10, '\0') {}

  [[nodiscard]] const char* at() const { return buffer_.data() + at_; }
  [[nodiscard]] const char* end() const { return buffer_.data() + until_; }
  /// Everything before `p` is done with.
  void advance(const char* p) { at_ = static_cast<std::size_t>(p - buffer_.data()); }

  /// Reads more behind `end()`; pointers into the window are void after it. False at the text's end. Throws
  /// `mine.too_long` where what begins at `at()` does not end in reach.
  bool more() {
    if (ended_) return false;
    if (at_ > 0 && until_ - at_ <= buffer_.size() / 2) {
      count_lines(buffer_.data() + at_, counted_);
      std::memmove(buffer_.data(), buffer_.data() + at_, until_ - at_);
      until_ -= at_;
      at_ = 0;
    }
    if (buffer_.size() - until_ < 64) {
      if (buffer_.size() >= longest) too_long();
      buffer_.resize(buffer_.size() * 2);
    }
    // In steps that stay in the processor's cache between unpacking and reading.
    const auto n = text_.read(buffer_.data() + until_, std::min<std::size_t>(buffer_.size() - until_, 256 << 10));
    until_ += n;
    ended_ = n == 0;
    return n > 0;
  }

  /// Of a place inside the window.
  [[nodiscard]] Position position(const char* p) const {
    Position here = counted_;
    count_lines(p, here);
    return here;
  }
  [[nodiscard]] const TextStream& text() const { return text_; }

 private:
  /// Moves `here`, the position of the buffer's first byte, to that of `p`.
  void count_lines(const char* p, Position& here) const {
    const char* from = buffer_.data();
    const char* line = nullptr;
    std::uint64_t lines = 0;
    for (const char* c = from; (c = static_cast<const char*>(std::memchr(c, '\n', static_cast<std::size_t>(p - c))));
         ++c) {
      ++lines;
      line = c + 1;
    }
    here.line += lines;
    here.column = line ? static_cast<std::uint64_t>(p - line) + 1 : here.column + static_cast<std::uint64_t>(p - from);
  }

  [[noreturn]] void too_long() const {
    const auto here = position(at());
    throw ProblemError(
        bad_input("mine.too_long", std::to_string(here.line) + ":" + std::to_string(here.column),
                  {"这里开始的一个标记或一行超过 64 MB", "a tag or row that begins here is longer than 64 MB"},
                  {"检查引号是否闭合", "look for a quotation mark that is not closed"}));
  }

  TextStream& text_;
  std::string buffer_;
  std::size_t at_ = 0, until_ = 0;
  bool ended_ = false;
  Position counted_;  ///< of the buffer's first byte
};

}  // namespace tongdian::mining
