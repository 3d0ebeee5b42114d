// Which of the house's two languages the reader wants.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace tongdian::wire {

enum class Language { zh, en };

/// The better liked of the two in an Accept-Language header (RFC 9110 12.5.4). Chinese when the header is absent,
/// broken, or likes neither or both alike.
Language language_of(std::string_view accept_language);

constexpr std::string_view tag_of(Language language) { return language == Language::zh ? "zh-CN" : "en"; }

inline const std::string& in(Language language, const Sentence& sentence) {
  return language == Language::zh ? sentence.zh : sentence.en;
}

}  // namespace tongdian::wire
