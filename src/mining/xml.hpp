// Tags of an XML document, one after the other, out of a window: what an event log needs of XML 1.0 and no more. Text between
// tags, comments, CDATA and processing instructions are passed over; a document that is not well-formed ends with its place.
//
// Written by hand for its speed (docs/decisions/0011): a tag costs a few memchr and no allocation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mining/window.hpp"

namespace tongdian::mining {

struct XmlAttribute {
  std::string_view name;   ///< with its prefix
  std::string_view value;  ///< raw: `XmlReader::text` makes it a text
};

struct XmlTag {
  enum class Kind { open, close, end };
  Kind kind = Kind::end;
  bool empty = false;     ///< <tag/>: no closing tag follows
  std::string_view name;  ///< without its prefix
  std::vector<XmlAttribute> attributes;
};

class XmlReader {
 public:
  static constexpr std::size_t deepest = 512;

  explicit XmlReader(Window& window) : window_(window) {}

  /// The next tag; its views last until the next call. Closing tags match their opening ones, and one root spans them all.
  /// Throws `mine.broken_xml` with LINE:COLUMN.
  const XmlTag& next();
  /// How many elements are open: 0 outside the root; inside a tag that has just opened, it counts too.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  /// An attribute's value with references resolved and white space made blanks (XML 1.0, 3.3.3); lasts until the next call.
  std::string_view text(std::string_view raw);
  /// Where the current tag begins.
  [[nodiscard]] Position position() const { return window_.position(tag_at_); }
  [[noreturn]] void fail(const char* at, std::string zh, std::string en) const;
  [[nodiscard]] const char* tag_at() const { return tag_at_; }

 private:
  enum class Step { tag, passed, more };
  Step markup(const char* p, const char* end);
  Step pass(const char* p, const char* end, std::string_view closer, std::size_t skip);
  Step doctype(const char* p, const char* end);
  Step opening(const char* p, const char* end);
  Step closing(const char* p, const char* end);
  const char* attribute(const char* p, const char* end);
  void opened(std::string_view whole_name, const char* at);
  void outside(const char* from, const char* to);
  std::size_t reference(std::string_view raw, std::size_t at);

  Window& window_;
  XmlTag tag_;
  const char* tag_at_ = nullptr;
  std::vector<std::size_t> open_;  ///< where each open element's name begins in `names_`
  std::string names_;
  bool root_seen_ = false;
  std::string scratch_;
};

}  // namespace tongdian::mining
