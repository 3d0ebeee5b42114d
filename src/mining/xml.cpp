#include "mining/xml.hpp"

#include <algorithm>
#include <charconv>

namespace tongdian::mining {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// What bytes may stand in: a name (letters, digits, what XML allows besides, all beyond ASCII), and a value as it is.
struct ByteKinds {
  bool name[256]{}, plain[256]{};
  constexpr ByteKinds() {
    for (int i = 0; i < 256; ++i) {
      const auto c = static_cast<char>(i);
      name[i] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_' ||
                c == '-' || c == '.' || i >= 0x80;
      plain[i] = c != '&' && c != '<' && c != '\n' && c != '\t' && c != '\r';
    }
  }
};
constexpr ByteKinds kinds;

bool in_name(char c) { return kinds.name[static_cast<unsigned char>(c)]; }
bool begins_name(char c) { return in_name(c) && c != '-' && c != '.' && !(c >= '0' && c <= '9'); }

const char* find(const char* from, const char* end, char c) {
  const auto* at = static_cast<const char*>(std::memchr(from, c, static_cast<std::size_t>(end - from)));
  return at ? at : end;
}

std::string_view local(std::string_view name) {
  const auto colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3F));
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

}  // namespace

void XmlReader::fail(const char* at, std::string zh, std::string en) const {
  const auto here = window_.position(at);
  throw ProblemError(bad_input("mine.broken_xml", std::to_string(here.line) + ":" + std::to_string(here.column),
                               {std::move(zh), std::move(en)},
                               {"从源系统重新导出，或在此处改正", "export it again, or mend it at that place"}));
}

const XmlTag& XmlReader::next() {
  if (tag_.kind == XmlTag::Kind::open && tag_.empty) {
    names_.resize(open_.back());
    open_.pop_back();
  }
  for (;;) {
    const char* from = window_.at();
    const char* at = find(from, window_.end(), '<');
    if (open_.empty()) outside(from, at);
    window_.advance(at);
    if (at == window_.end()) {
      if (window_.more()) continue;
      if (!open_.empty()) fail(window_.end(), "文件在此中断，元素尚未结束", "the file ends here, within an element");
      if (!root_seen_) fail(window_.end(), "没有根元素", "there is no root element");
      tag_.kind = XmlTag::Kind::end;
      return tag_;
    }
    switch (markup(at, window_.end())) {
      case Step::tag: return tag_;
      case Step::passed: break;
      case Step::more:
        if (!window_.more()) fail(window_.at(), "文件在此标记之中中断", "the file ends within this tag");
    }
  }
}

/// Nothing but blanks may stand outside the root.
void XmlReader::outside(const char* from, const char* to) {
  for (; from != to; ++from)
    if (!is_blank(*from)) fail(from, "根元素之外有文字", "there is text outside the root element");
}

XmlReader::Step XmlReader::markup(const char* p, const char* end) {
  tag_at_ = p;
  if (end - p < 2) return Step::more;
  if (p[1] == '/') return closing(p + 2, end);
  if (p[1] == '?') return pass(p, end, "?>", 2);
  if (p[1] != '!') return opening(p + 1, end);
  if (end - p < 9) return Step::more;  // no document ends within nine bytes of a "<!"
  const std::string_view here(p, 9);
  if (here.starts_with("<!--")) return pass(p, end, "-->", 4);
  if (here == "<![CDATA[") {
    if (open_.empty()) fail(p, "根元素之外有 CDATA", "there is a CDATA section outside the root element");
    return pass(p, end, "]]>", 9);
  }
  if (here == "<!DOCTYPE") return doctype(p + 9, end);
  fail(p, "无法识别的标记", "this is no markup of XML");
}

XmlReader::Step XmlReader::pass(const char* p, const char* end, std::string_view closer, std::size_t skip) {
  if (static_cast<std::size_t>(end - p) < skip) return Step::more;
  const std::string_view rest(p + skip, static_cast<std::size_t>(end - p) - skip);
  const auto at = rest.find(closer);
  if (at == rest.npos) return Step::more;
  window_.advance(rest.data() + at + closer.size());
  return Step::passed;
}

/// Passed over with its internal subset. Entities that it declares stay unknown: nothing here expands.
XmlReader::Step XmlReader::doctype(const char* p, const char* end) {
  int brackets = 0;
  for (; p != end; ++p) {
    if (*p == '"' || *p == '\'') {
      p = find(p + 1, end, *p);
      if (p == end) return Step::more;
    } else if (*p == '[') {
      ++brackets;
    } else if (*p == ']') {
      --brackets;
    } else if (*p == '>' && brackets <= 0) {
      window_.advance(p + 1);
      return Step::passed;
    }
  }
  return Step::more;
}

XmlReader::Step XmlReader::closing(const char* p, const char* end) {
  const char* name = p;
  while (p != end && in_name(*p)) ++p;
  const std::string_view whole(name, static_cast<std::size_t>(p - name));
  while (p != end && is_blank(*p)) ++p;
  if (p == end) return Step::more;
  if (*p != '>') fail(p, "结束标记写错", "this closing tag is malformed");
  if (open_.empty()) fail(tag_at_, "多余的结束标记", "nothing is open that this tag could close");
  if (std::string_view(names_).substr(open_.back()) != whole)
    fail(tag_at_,
         "结束标记 " + std::string(whole.substr(0, 40)) + " 与开始标记 " + names_.substr(open_.back()).substr(0, 40) +
             " 不符",
         "the closing tag " + std::string(whole.substr(0, 40)) + " meets the open element " +
             names_.substr(open_.back()).substr(0, 40));
  names_.resize(open_.back());
  open_.pop_back();
  tag_.kind = XmlTag::Kind::close;
  tag_.empty = false;
  tag_.name = local(whole);
  tag_.attributes.clear();
  window_.advance(p + 1);
  return Step::tag;
}

void XmlReader::opened(std::string_view whole_name, const char* at) {
  if (open_.empty() && root_seen_) fail(at, "有第二个根元素", "there is a second root element");
  if (open_.size() >= deepest) fail(at, "元素嵌套过深", "elements are nested too deeply");
  root_seen_ = true;
  open_.push_back(names_.size());
  names_ += whole_name;
}

XmlReader::Step XmlReader::opening(const char* p, const char* end) {
  const char* name = p;
  if (!begins_name(*p)) fail(tag_at_, "“<”之后应为元素名", "an element's name should follow this <");
  while (p != end && in_name(*p)) ++p;
  const std::string_view whole(name, static_cast<std::size_t>(p - name));
  tag_.attributes.clear();
  for (;;) {
    const char* before = p;
    while (p != end && is_blank(*p)) ++p;
    if (p == end) return Step::more;
    if (*p == '>' || *p == '/') break;
    if (p == before) fail(p, "属性之间应有空白", "a blank should stand before this attribute");
    p = attribute(p, end);
    if (p == nullptr) return Step::more;
  }
  tag_.empty = *p == '/';
  if (tag_.empty) {
    if (++p == end) return Step::more;
    if (*p != '>') fail(p, "“/”之后应为“>”", "a > should follow this /");
  }
  opened(whole, tag_at_);
  tag_.kind = XmlTag::Kind::open;
  tag_.name = local(whole);
  window_.advance(p + 1);
  return Step::tag;
}

/// Reads NAME = "VALUE" and gives back the place behind it, or nothing where the window ends before.
const char* XmlReader::attribute(const char* p, const char* end) {
  const char* name = p;
  if (!begins_name(*p)) fail(p, "这里应为属性名", "an attribute's name should stand here");
  while (p != end && in_name(*p)) ++p;
  const std::string_view whole(name, static_cast<std::size_t>(p - name));
  while (p != end && is_blank(*p)) ++p;
  if (p == end) return nullptr;
  if (*p != '=') fail(p, "属性名之后应为“=”", "a = should follow an attribute's name");
  ++p;
  while (p != end && is_blank(*p)) ++p;
  if (p == end) return nullptr;
  if (*p != '"' && *p != '\'') fail(p, "属性值应有引号", "an attribute's value should be quoted");
  const char* close = find(p + 1, end, *p);
  if (close == end) return nullptr;
  tag_.attributes.push_back({whole, {p + 1, static_cast<std::size_t>(close - p - 1)}});
  return close + 1;
}

std::string_view XmlReader::text(std::string_view raw) {
  if (std::ranges::all_of(raw, [](char c) { return kinds.plain[static_cast<unsigned char>(c)]; })) return raw;
  scratch_.clear();
  for (std::size_t at = 0; at < raw.size();) {
    const char c = raw[at];
    if (c == '&') {
      at = reference(raw, at);
    } else if (c == '<') {
      fail(raw.data() + at, "属性值中不得有“<”", "a < may not stand in an attribute's value");
    } else {
      // An end of line is one character however it was written, and one blank here.
      if (c == '\r' && at + 1 < raw.size() && raw[at + 1] == '\n') ++at;
      scratch_ += is_blank(c) ? ' ' : c;
      ++at;
    }
  }
  return scratch_;
}

/// Resolves &amp; &lt; &gt; &quot; &apos; &#10; &#xA; and gives back the place behind it.
std::size_t XmlReader::reference(std::string_view raw, std::size_t at) {
  const auto end = raw.find(';', at);
  if (end == raw.npos || end - at > 12)
    fail(raw.data() + at, "“&”应写作 &amp;", "this & begins no reference; write &amp;");
  const auto name = raw.substr(at + 1, end - at - 1);
  if (name == "amp") {
    scratch_ += '&';
  } else if (name == "lt") {
    scratch_ += '<';
  } else if (name == "gt") {
    scratch_ += '>';
  } else if (name == "quot") {
    scratch_ += '"';
  } else if (name == "apos") {
    scratch_ += '\'';
  } else {
    const bool hex = name.starts_with("#x");
    const auto digits = name.substr(std::min<std::size_t>(hex ? 2 : 1, name.size()));
    std::uint32_t c = 0;
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), c, hex ? 16 : 10);
    const bool number = name.starts_with('#') && error == std::errc{} && last == digits.data() + digits.size();
    if (!number || c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
      fail(raw.data() + at, "没有这个字符引用", "this names no character");
    append_utf8(scratch_, c);
  }
  return end + 1;
}

}  // namespace tongdian::mining
