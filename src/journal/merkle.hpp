// The Merkle tree of RFC 9162, section 2.1, pure: hashes in, hashes out.
//
// MTH({d0}) = H(0x00 ‖ d0); MTH(D[n]) = H(0x01 ‖ MTH(D[0:k]) ‖ MTH(D[k:n])), k the largest power of two below n.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "journal/suite.hpp"

namespace tongdian::journal {

Hash leaf_hash(Suite suite, ByteView leaf);
Hash node_hash(Suite suite, const Hash& left, const Hash& right);
/// The root of no leaves: H("").
Hash empty_root(Suite suite);

/// A tree's complete subtrees.
struct NodeSource {
  Suite suite;
  /// The root over the leaves [index · 2^level, (index + 1) · 2^level).
  std::function<Hash(int level, std::uint64_t index)> node;
  Hash operator()(int level, std::uint64_t index) const { return node(level, index); }
};

/// The roots of the complete subtrees that a tree of `size` leaves falls into, largest first: all that appending needs.
class Frontier {
 public:
  explicit Frontier(Suite suite) : suite_(suite) {}
  /// The frontier of the first `size` leaves.
  static Frontier of(std::uint64_t size, const NodeSource& nodes);
  void append(const Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;

 private:
  Suite suite_;
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

/// The root of the first `size` leaves.
Hash root_of(std::uint64_t size, const NodeSource& nodes);
/// RFC 9162 2.1.3.1; `index` < `size`.
std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size, const NodeSource& nodes);
/// RFC 9162 2.1.4.1; 0 < `from` ≤ `to`. Empty where they are equal.
std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const NodeSource& nodes);

/// RFC 9162 2.1.3.2.
bool verify_inclusion(Suite suite, const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> path, const Hash& root);
/// RFC 9162 2.1.4.2. A tree is consistent with itself by an empty path; from the empty tree nothing can be shown, so
/// `from` = 0 is refused unless `to` = 0 as well and both roots are the empty one.
bool verify_consistency(Suite suite, std::uint64_t from, std::uint64_t to, const Hash& from_root, const Hash& to_root,
                        std::span<const Hash> path);

}  // namespace tongdian::journal
