#include "journal/merkle.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <map>

#include "base/random.hpp"

using namespace tongdian;
using namespace tongdian::journal;

namespace {

constexpr Suite suites[] = {Suite::standard, Suite::sm};

/// RFC 9162, 2.1.1, 2.1.3.1 and 2.1.4.1, word for word: D is a list of leaf hashes, D[a:b] a part of it. Only a root that
/// was computed once is remembered, so that thousands of trees take seconds.
class Naive {
 public:
  Naive(Suite suite, std::size_t n) : suite_(suite) {
    for (std::size_t i = 0; i < n; ++i) leaves_.push_back(leaf_hash(suite, bytes_of(std::to_string(i))));
  }
  [[nodiscard]] const std::vector<Hash>& leaves() const { return leaves_; }

  Hash mth(std::size_t a, std::size_t b) {
    if (a == b) return digest(suite_, {});
    if (b - a == 1) return leaves_[a];
    const auto known = known_.find({a, b});
    if (known != known_.end()) return known->second;
    const std::size_t k = std::bit_floor(b - a - 1);
    const std::uint8_t one[] = {1};
    return known_[{a, b}] = digest(suite_, {one, mth(a, a + k), mth(a + k, b)});
  }
  std::vector<Hash> path(std::size_t m, std::size_t a, std::size_t b) {
    if (b - a == 1) return {};
    const std::size_t k = std::bit_floor(b - a - 1);
    return m < k ? followed(path(m, a, a + k), mth(a + k, b)) : followed(path(m - k, a + k, b), mth(a, a + k));
  }
  std::vector<Hash> subproof(std::size_t m, std::size_t a, std::size_t b, bool whole) {
    if (m == b - a) return whole ? std::vector<Hash>{} : std::vector{mth(a, b)};
    const std::size_t k = std::bit_floor(b - a - 1);
    return m <= k ? followed(subproof(m, a, a + k, whole), mth(a + k, b))
                  : followed(subproof(m - k, a + k, b, false), mth(a, a + k));
  }
  NodeSource nodes() {
    return {suite_, [this](int level, std::uint64_t index) { return mth(index << level, (index + 1) << level); }};
  }

 private:
  static std::vector<Hash> followed(std::vector<Hash> list, const Hash& by) {
    list.push_back(by);
    return list;
  }

  Suite suite_;
  std::vector<Hash> leaves_;
  std::map<std::pair<std::size_t, std::size_t>, Hash> known_;
};

}  // namespace

TEST_CASE("the root of no leaves and of one are the published ones") {
  CHECK(to_hex(Frontier(Suite::standard).root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(leaf_hash(Suite::standard, {})) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(to_hex(Frontier(Suite::sm).root()) == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

TEST_CASE("trees of 0 to 5,000 leaves have the definition's roots, however they are reached") {
  constexpr std::size_t most = 5000;
  for (const Suite suite : suites) {
    Naive naive(suite, most);
    const NodeSource nodes = naive.nodes();
    Frontier f(suite);
    for (std::size_t n = 0; n <= most; ++n) {
      if (n > 0) f.append(naive.leaves()[n - 1]);
      const Hash want = naive.mth(0, n);
      REQUIRE(f.root() == want);
      REQUIRE(root_of(n, nodes) == want);
      REQUIRE(Frontier::of(n, nodes).root() == want);
    }
  }
}

TEST_CASE("proofs in trees of 1 to 5,000 leaves are the definition's and verify, at sampled places of each") {
  constexpr std::size_t most = 5000;
  for (const Suite suite : suites) {
    Naive naive(suite, most);
    const NodeSource nodes = naive.nodes();
    SeededRandom random(9);
    for (std::size_t n = 1; n <= most; ++n) {
      const Hash root = naive.mth(0, n);
      for (const std::size_t m : {std::size_t{random.engine()() % n}, n - 1}) {
        const auto path = inclusion_path(m, n, nodes);
        REQUIRE(path == naive.path(m, 0, n));
        REQUIRE(verify_inclusion(suite, naive.leaves()[m], m, n, path, root));
        const auto proof = consistency_path(m + 1, n, nodes);
        REQUIRE(proof == naive.subproof(m + 1, 0, n, true));
        REQUIRE(verify_consistency(suite, m + 1, n, naive.mth(0, m + 1), root, proof));
      }
    }
  }
}

TEST_CASE("every leaf of every tree up to 80 has a path that verifies, and no other") {
  for (const Suite suite : suites) {
    Naive naive(suite, 80);
    const NodeSource nodes = naive.nodes();
    const Hash other = leaf_hash(suite, bytes_of("other"));
    for (std::uint64_t n = 1; n <= 80; ++n) {
      const Hash root = naive.mth(0, n);
      for (std::uint64_t i = 0; i < n; ++i) {
        const Hash& leaf = naive.leaves()[i];
        auto path = inclusion_path(i, n, nodes);
        REQUIRE(verify_inclusion(suite, leaf, i, n, path, root));
        REQUIRE(!verify_inclusion(suite, leaf, i, n, path, other));
        REQUIRE(!verify_inclusion(suite, other, i, n, path, root));
        REQUIRE(!verify_inclusion(suite, leaf, n, n, path, root));
        if (i + 1 < n) REQUIRE(!verify_inclusion(suite, leaf, i + 1, n, path, root));
        path.push_back(root);
        REQUIRE(!verify_inclusion(suite, leaf, i, n, path, root));
        path.pop_back();
        if (!path.empty()) {
          path.front()[3] ^= 1;
          REQUIRE(!verify_inclusion(suite, leaf, i, n, path, root));
          path.erase(path.begin());
          REQUIRE(!verify_inclusion(suite, leaf, i, n, path, root));
        }
      }
    }
  }
}

TEST_CASE("every tree up to 80 is consistent with each of its beginnings, and with nothing else") {
  for (const Suite suite : suites) {
    Naive naive(suite, 80);
    const NodeSource nodes = naive.nodes();
    const Hash other = leaf_hash(suite, bytes_of("other"));
    for (std::uint64_t n = 1; n <= 80; ++n) {
      const Hash to = naive.mth(0, n);
      for (std::uint64_t m = 1; m <= n; ++m) {
        const Hash from = naive.mth(0, m);
        auto path = consistency_path(m, n, nodes);
        REQUIRE(verify_consistency(suite, m, n, from, to, path));
        REQUIRE(!verify_consistency(suite, m, n, other, to, path));
        REQUIRE(!verify_consistency(suite, m, n, from, other, path));
        path.push_back(other);
        REQUIRE(!verify_consistency(suite, m, n, from, to, path));
      }
    }
    CHECK(!verify_consistency(suite, 0, 5, empty_root(suite), naive.mth(0, 5), {}));
    CHECK(verify_consistency(suite, 0, 0, empty_root(suite), empty_root(suite), {}));
    CHECK(!verify_consistency(suite, 0, 0, other, other, {}));
  }
}
