// A log's bytes as valid UTF-8, whatever they were: byte order marks, UTF-16, a declared encoding, GB18030 without a word.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "mining/bytes.hpp"

namespace tongdian::mining {

/// What was found out on the way.
struct Encoding {
  std::string name = "UTF-8";
  std::string declared;        ///< as an XML declaration says it; empty without one
  std::uint64_t replaced = 0;  ///< byte sequences that are no text in it, each read as U+FFFD
};

/// Decides by a byte order mark, then by the XML declaration, then by the bytes: what is not UTF-8 at its first character beyond
/// ASCII is GB18030, also where the declaration says UTF-8 (offices' tools do write that). Memory is a few fixed buffers.
class TextStream {
 public:
  explicit TextStream(std::unique_ptr<Bytes> from);
  ~TextStream();
  TextStream(const TextStream&) = delete;
  TextStream& operator=(const TextStream&) = delete;

  /// Up to `room` (at least 64) bytes of UTF-8, cut anywhere; 0 at the end. Bytes that break off end the text, and `broken`
  /// says why: what came before is read all the same. Throws `mine.encoding` for a declared one that nobody here knows.
  std::size_t read(char* to, std::size_t room);
  [[nodiscard]] const Encoding& encoding() const { return encoding_; }
  [[nodiscard]] const std::optional<Problem>& broken() const { return broken_; }

 private:
  class Converter;
  static bool is_gb18030(std::string_view text);
  void begin();
  void use(const std::string& name);
  std::size_t converted(char* to, std::size_t room);
  std::size_t checked(char* to, std::size_t room);
  std::size_t mended(char* to, std::size_t room);
  bool fill();
  std::size_t pull(char* to, std::size_t room);

  std::unique_ptr<Bytes> from_;
  Encoding encoding_;
  std::optional<Problem> broken_;
  std::string raw_;  ///< bytes that are read and not given out yet, from `at_`
  std::size_t at_ = 0;
  bool begun_ = false, ended_ = false, beyond_ascii_ = false, mend_ = false;
  std::unique_ptr<Converter> converter_;
};

/// How many bytes of `text` are valid UTF-8; `cut` where what follows may be the beginning of a character that goes on behind.
std::size_t valid_utf8(std::string_view text, bool& cut);

}  // namespace tongdian::mining
