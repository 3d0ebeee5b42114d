// What may be a password: long enough, and not one that everybody tries first. No ornament is asked for: rules on capitals
// and signs make passwords shorter and more alike (NIST SP 800-63B 5.1.1.2).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tongdian::identity {

/// Passwords that were in somebody's breach. The house brings a short list of its own; a city may load a large one.
class BreachList {
 public:
  /// The house's own list.
  BreachList();
  /// Adds a file: a password a line, or the upper-case SHA-1 of one, with ":COUNT" behind it or not, as breach services give
  /// them out. `identity.breach_list` where it cannot be read; throws no half of it away.
  Result<void> load(const std::filesystem::path& file);
  [[nodiscard]] bool contains(std::string_view password) const;
  [[nodiscard]] std::size_t size() const { return prefixes_.size(); }

 private:
  void add(std::string_view password);
  void order();
  /// The first 64 bits of each SHA-1, sorted: eight bytes a password, and one in 10^12 wrongly found among ten million.
  std::vector<std::uint64_t> prefixes_;
};

/// `identity.short_password` (under 10 characters), `identity.long_password` (over 200 bytes), `identity.common_password`
/// (on the list, one unit repeated, keys in their order, or little but the account's name).
std::optional<Problem> password_objection(std::string_view password, std::string_view user, const BreachList& breached);

}  // namespace tongdian::identity
