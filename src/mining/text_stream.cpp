#include "mining/text_stream.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tongdian::mining {
namespace {

constexpr std::size_t block = 256 << 10;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_ascii(const char* p, std::size_t n) {
  std::uint64_t bits = 0;
  for (; n >= 32; p += 32, n -= 32) {
    std::uint64_t w[4];
    std::memcpy(w, p, 32);
    bits |= w[0] | w[1] | w[2] | w[3];
  }
  for (; n > 0; ++p, --n) bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(*p) & 0x80);
  return (bits & 0x8080808080808080u) == 0;
}

/// The length of the character at p by the table 3-7 of the Unicode standard; 0: not one; -1: cut by the end.
int character_at(const unsigned char* p, std::size_t n) {
  const unsigned char a = p[0];
  if (a < 0x80) return 1;
  const int length = a >= 0xC2 && a <= 0xDF ? 2 : (a & 0xF0) == 0xE0 ? 3 : a >= 0xF0 && a <= 0xF4 ? 4 : 0;
  if (length == 0) return 0;
  unsigned char low = 0x80, high = 0xBF;
  if (a == 0xE0) low = 0xA0;
  if (a == 0xED) high = 0x9F;
  if (a == 0xF0) low = 0x90;
  if (a == 0xF4) high = 0x8F;
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) >= n) return -1;
    if (p[i] < low || p[i] > high) return 0;
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

/// The value of `encoding` in an XML declaration at the very beginning; empty without one.
std::string declared_encoding(std::string_view head) {
  if (!head.starts_with("<?xml")) return "";
  head = head.substr(0, head.find("?>"));
  auto at = head.find("encoding");
  if (at == head.npos) return "";
  at = head.find_first_of("\"'", at);
  if (at == head.npos) return "";
  const auto end = head.find(head[at], at + 1);
  return end == head.npos ? "" : std::string(head.substr(at + 1, end - at - 1));
}

std::string upper(std::string text) {
  for (auto& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
  return text;
}

[[noreturn]] void unknown(const std::string& name) {
  throw ProblemError(
      bad_input("mine.encoding", "",
                {"不认识的字符编码 " + name.substr(0, 40), "nobody here knows the encoding " + name.substr(0, 40)},
                {"另存为 UTF-8 后再读", "save the log as UTF-8"}));
}

}  // namespace

std::size_t valid_utf8(std::string_view text, bool& cut) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t n = text.size();
  std::size_t at = 0;
  cut = false;
  while (at < n) {
    std::uint64_t eight = 0;
    if (at + 8 <= n && (std::memcpy(&eight, p + at, 8), (eight & 0x8080808080808080u) == 0)) {
      at += 8;
      continue;
    }
    if (p[at] < 0x80) {
      ++at;
      continue;
    }
    // Nearly every Chinese character: three bytes whose first is neither of the two with rules of their own.
    if (at + 3 <= n && (p[at] & 0xF0) == 0xE0 && p[at] != 0xE0 && p[at] != 0xED && (p[at + 1] & 0xC0) == 0x80 &&
        (p[at + 2] & 0xC0) == 0x80) {
      at += 3;
      continue;
    }
    const int length = character_at(p + at, n - at);
    if (length <= 0) {
      cut = length < 0;
      return at;
    }
    at += static_cast<std::size_t>(length);
  }
  return at;
}

class TextStream::Converter {
 public:
  explicit Converter(const std::string& name) : handle_(::iconv_open("UTF-8", name.c_str())) {
    if (handle_ == reinterpret_cast<iconv_t>(-1)) unknown(name);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { ::iconv_close(handle_); }

  /// Moves both ends forward; errno as iconv leaves it, 0 where all was taken.
  int convert(const char*& from, std::size_t& n, char*& to, std::size_t& room) {
    errno = 0;
    auto* in = const_cast<char*>(from);  // iconv's signature; it does not write there
    ::iconv(handle_, &in, &n, &to, &room);
    from = in;
    return errno;
  }

 private:
  iconv_t handle_;
};

/// Whether the bytes are GB18030 from beginning to end, the last character perhaps cut.
bool TextStream::is_gb18030(std::string_view text) {
  Converter converter("GB18030");
  const char* from = text.data();
  std::size_t n = text.size();
  while (n > 0) {
    std::array<char, 4096> ignored;
    char* to = ignored.data();
    std::size_t room = ignored.size();
    const int error = converter.convert(from, n, to, room);
    if (error == EINVAL) return true;
    if (error != 0 && error != E2BIG) return false;
  }
  return true;
}

TextStream::TextStream(std::unique_ptr<Bytes> from) : from_(std::move(from)) {}
TextStream::~TextStream() = default;

std::size_t TextStream::pull(char* to, std::size_t room) {
  if (broken_) return 0;
  try {
    return from_->read(to, room);
  } catch (const ProblemError& e) {
    if (e.problem.kind == Problem::Kind::failure) throw;
    broken_ = e.problem;
    return 0;
  }
}

bool TextStream::fill() {
  if (ended_) return false;
  raw_.erase(0, at_);
  at_ = 0;
  const auto old = raw_.size();
  raw_.resize(old + block);
  const auto n = pull(raw_.data() + old, block);
  raw_.resize(old + n);
  ended_ = n == 0;
  return n > 0;
}

void TextStream::use(const std::string& name) {
  const auto known = [&](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::strchr("-_.:+()", c);
  };
  if (name.empty() || name.size() > 40 || !std::ranges::all_of(name, known)) unknown(name);
  // The older sets are parts of GB18030, and programs that declare them write the newer characters all the same.
  const bool chinese = name == "GB2312" || name == "GBK" || name == "GB_2312-80" || name == "CP936" || name == "EUC-CN";
  encoding_.name = chinese ? "GB18030" : name;
  converter_ = std::make_unique<Converter>(encoding_.name);
}

void TextStream::begin() {
  begun_ = true;
  while (raw_.size() < 512 && fill()) {}
  const std::string_view head = raw_;
  const auto starts = [&](std::string_view mark) { return head.starts_with(mark); };
  if (starts("\xEF\xBB\xBF")) {
    at_ = 3;
    return;
  }
  using namespace std::string_view_literals;
  if (starts("\xFF\xFE\0\0"sv) || starts("<\0\0\0"sv)) return use("UTF-32LE");
  if (starts("\0\0\xFE\xFF"sv) || starts("\0\0\0<"sv)) return use("UTF-32BE");
  if (starts("\xFF\xFE") || starts("\xFE\xFF")) {
    at_ = 2;
    return use(head[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE");
  }
  if (starts("<\0"sv)) return use("UTF-16LE");
  if (starts("\0<"sv)) return use("UTF-16BE");
  encoding_.declared = declared_encoding(head);
  const auto name = upper(encoding_.declared);
  // UTF-16 that is declared in bytes of ASCII is none; the bytes decide.
  if (name.empty() || name == "UTF-8" || name == "UTF8" || name == "US-ASCII" || name == "ASCII" ||
      name.starts_with("UTF-16") || name.starts_with("UTF-32") || name.starts_with("UCS") ||
      name.starts_with("ISO-10646"))
    return;
  use(name);
}

std::size_t TextStream::read(char* to, std::size_t room) {
  if (!begun_) begin();
  if (converter_) return converted(to, room);
  return mend_ ? mended(to, room) : checked(to, room);
}

/// Bytes that are UTF-8 already, straight into the reader's memory: nearly every log.
std::size_t TextStream::checked(char* to, std::size_t room) {
  std::size_t n = std::min(room, raw_.size() - at_);
  std::memcpy(to, raw_.data() + at_, n);
  at_ += n;
  if (n < room && !ended_ && at_ == raw_.size()) {
    const auto more = pull(to + n, room - n);
    ended_ = more == 0;
    n += more;
  }
  if (n == 0 || is_ascii(to, n)) return n;
  bool cut = false;
  const auto good = valid_utf8({to, n}, cut);
  if (good == n) {
    beyond_ascii_ = true;
    return n;
  }
  // A character that the end of a block cuts is no fault; it goes back in front of what is not read yet.
  const bool fault = !cut || (ended_ && at_ == raw_.size());
  const bool gb = fault && !beyond_ascii_ && is_gb18030({to, n});
  const auto keep = gb ? 0 : good;
  raw_.replace(0, at_, to + keep, n - keep);
  at_ = 0;
  if (!is_ascii(to, keep)) beyond_ascii_ = true;
  if (gb)
    use("GB18030");
  else if (fault)
    mend_ = true;
  if (keep > 0) return keep;
  if (!fault && !fill()) mend_ = true;
  return read(to, room);
}

/// UTF-8 with faults in it: each byte that is none becomes U+FFFD.
std::size_t TextStream::mended(char* to, std::size_t room) {
  std::size_t out = 0;
  while (out + 4 <= room) {
    if (raw_.size() - at_ < 4) fill();
    const std::size_t n = raw_.size() - at_;
    if (n == 0) break;
    const int length = character_at(reinterpret_cast<const unsigned char*>(raw_.data()) + at_, n);
    if (length <= 0) {
      ++encoding_.replaced;
      std::memcpy(to + out, replacement.data(), replacement.size());
      out += replacement.size();
      ++at_;
      continue;
    }
    std::memcpy(to + out, raw_.data() + at_, static_cast<std::size_t>(length));
    out += static_cast<std::size_t>(length);
    at_ += static_cast<std::size_t>(length);
  }
  return out;
}

std::size_t TextStream::converted(char* to, std::size_t room) {
  char* out = to;
  std::size_t left = room;
  while (left >= replacement.size()) {
    if (at_ == raw_.size() && !fill()) break;
    const char* from = raw_.data() + at_;
    std::size_t n = raw_.size() - at_;
    const int error = converter_->convert(from, n, out, left);
    at_ = raw_.size() - n;
    if (error == E2BIG) break;
    if (error == 0 || (error == EINVAL && fill())) continue;
    if (n == 0) continue;
    // No character of this encoding, or one that the end of the file cuts.
    ++encoding_.replaced;
    ++at_;
    std::memcpy(out, replacement.data(), replacement.size());
    out += replacement.size();
    left -= replacement.size();
  }
  return static_cast<std::size_t>(out - to);
}

}  // namespace tongdian::mining
