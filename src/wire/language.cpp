#include "wire/language.hpp"

#include "wire/field.hpp"

namespace tongdian::wire {

Language language_of(std::string_view accept_language) {
  int zh = 0;
  int en = 0;
  while (const auto item = next_item(accept_language, ',')) {
    const auto [tag, weight] = weighted(*item);
    const auto primary = tag.substr(0, tag.find('-'));
    if (same_word(primary, "zh")) zh = std::max(zh, weight);
    if (same_word(primary, "en")) en = std::max(en, weight);
  }
  return en > zh ? Language::en : Language::zh;
}

}  // namespace tongdian::wire
