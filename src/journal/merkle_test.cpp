#include "journal/merkle.hpp"

#include <doctest/doctest.h>

#include <bit>

#include "base/random.hpp"

using namespace tongdian;
using namespace tongdian::journal;

namespace {

/// The definition of RFC 9162, 2.1.1, word for word and as slow as it reads.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

std::vector<Hash> some_leaves(std::size_t n) {
  std::vector<Hash> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(leaf_hash(bytes_of(std::to_string(i))));
  return out;
}

NodeSource over(const std::vector<Hash>& leaves) {
  return [&leaves](int level, std::uint64_t index) {
    return naive_root(std::span(leaves).subspan(index << level, std::size_t{1} << level));
  };
}

}  // namespace

TEST_CASE("the frontier's root is the definition's, and so is a frontier that is loaded") {
  const auto leaves = some_leaves(300);
  Frontier f;
  CHECK(to_hex(f.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t n = 1; n <= leaves.size(); ++n) {
    f.append(leaves[n - 1]);
    const Hash want = naive_root(std::span(leaves).first(n));
    REQUIRE(f.root() == want);
    REQUIRE(Frontier::of(n, over(leaves)).root() == want);
    REQUIRE(root_of(n, over(leaves)) == want);
  }
}

TEST_CASE("every leaf of every tree up to 80 has a path that verifies, and no other") {
  const auto leaves = some_leaves(80);
  for (std::uint64_t n = 1; n <= leaves.size(); ++n) {
    const Hash root = naive_root(std::span(leaves).first(n));
    for (std::uint64_t i = 0; i < n; ++i) {
      auto path = inclusion_path(i, n, over(leaves));
      REQUIRE(verify_inclusion(leaves[i], i, n, path, root));
      REQUIRE(!verify_inclusion(leaves[i], i, n, path, leaf_hash(bytes_of("other"))));
      REQUIRE(!verify_inclusion(leaf_hash(bytes_of("other")), i, n, path, root));
      REQUIRE(!verify_inclusion(leaves[i], n, n, path, root));
      if (i + 1 < n) REQUIRE(!verify_inclusion(leaves[i], i + 1, n, path, root));
      path.push_back(root);
      REQUIRE(!verify_inclusion(leaves[i], i, n, path, root));
      path.pop_back();
      if (!path.empty()) {
        path.front()[3] ^= 1;
        REQUIRE(!verify_inclusion(leaves[i], i, n, path, root));
        path.erase(path.begin());
        REQUIRE(!verify_inclusion(leaves[i], i, n, path, root));
      }
    }
  }
}

TEST_CASE("every tree up to 80 is consistent with each of its beginnings, and with nothing else") {
  const auto leaves = some_leaves(80);
  for (std::uint64_t n = 1; n <= leaves.size(); ++n) {
    const Hash to = naive_root(std::span(leaves).first(n));
    for (std::uint64_t m = 1; m <= n; ++m) {
      const Hash from = naive_root(std::span(leaves).first(m));
      auto path = consistency_path(m, n, over(leaves));
      REQUIRE(verify_consistency(m, n, from, to, path));
      const Hash other = leaf_hash(bytes_of("other"));
      REQUIRE(!verify_consistency(m, n, other, to, path));
      REQUIRE(!verify_consistency(m, n, from, other, path));
      path.push_back(other);
      REQUIRE(!verify_consistency(m, n, from, to, path));
    }
  }
  CHECK(!verify_consistency(0, 5, empty_root(), naive_root(std::span(leaves).first(5)), {}));
}
