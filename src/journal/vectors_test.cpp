// Published test vectors of RFC 9162 proofs, good and bad ones: our own few always, the collection of transparency-dev/merkle
// where TONGDIAN_MERKLE_VECTORS names its testdata folder.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/json.hpp"
#include "journal/merkle.hpp"

using namespace tongdian;
using namespace tongdian::journal;

namespace {

struct Inclusion {
  json::Value leafIdx, treeSize;
  std::string root, leafHash;
  std::optional<std::vector<std::string>> proof;
  std::string desc;
  bool wantErr = false;
};
struct Consistency {
  json::Value size1, size2;
  std::string root1, root2;
  std::optional<std::vector<std::string>> proof;
  std::string desc;
  bool wantErr = false;
};
BOOST_DESCRIBE_STRUCT(Inclusion, (), (leafIdx, treeSize, root, leafHash, proof, desc, wantErr))
BOOST_DESCRIBE_STRUCT(Consistency, (), (size1, size2, root1, root2, proof, desc, wantErr))

/// Whatever is not 32 bytes is no hash: our verifiers cannot even be asked, which is how they refuse it.
std::optional<Hash> hash_of(const std::string& text) {
  const auto bytes = from_base64(text);
  Hash out{};
  if (!bytes || bytes->size() != out.size()) return {};
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::optional<std::vector<Hash>> hashes_of(const std::optional<std::vector<std::string>>& texts) {
  std::vector<Hash> out;
  for (const auto& text : texts.value_or(std::vector<std::string>{})) {
    const auto hash = hash_of(text);
    if (!hash) return {};
    out.push_back(*hash);
  }
  return out;
}

/// The whole range of 64 bits, which the vectors use.
std::uint64_t number(const json::Value& value) {
  return value.is_uint64() ? value.get_uint64() : static_cast<std::uint64_t>(value.as_int64());
}

bool holds(Suite suite, const Inclusion& v) {
  const auto leaf = hash_of(v.leafHash), root = hash_of(v.root);
  const auto path = hashes_of(v.proof);
  return leaf && root && path && verify_inclusion(suite, *leaf, number(v.leafIdx), number(v.treeSize), *path, *root);
}

bool holds(Suite suite, const Consistency& v) {
  const auto from = hash_of(v.root1), to = hash_of(v.root2);
  const auto path = hashes_of(v.proof);
  return from && to && path && verify_consistency(suite, number(v.size1), number(v.size2), *from, *to, *path);
}

/// A vector that does not apply: its two roots are alike, and twelve letters long. Our verifiers take hashes.
constexpr std::string_view not_hashes = "sizes-are-equal-one-and-proof-is-empty.json";

struct Count {
  int good = 0, bad = 0;
};

template <class Vector>
Count run(Suite suite, const std::filesystem::path& folder) {
  Count count;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
    if (each.path().extension() != ".json" || each.path().filename() == not_hashes) continue;
    INFO(each.path().string());
    const auto vector = json::read_text<Vector>(read_file(each.path()).value()).value();
    CHECK(holds(suite, vector) != vector.wantErr);
    ++(vector.wantErr ? count.bad : count.good);
  }
  return count;
}

}  // namespace

TEST_CASE("our own vectors: what is true verifies, what is not does not, in both suites") {
  const std::filesystem::path folder = TONGDIAN_SOURCE_DIR "/tests/merkle";
  for (const auto& [suite, at] : {std::pair(Suite::standard, folder), std::pair(Suite::sm, folder / "sm3")}) {
    const Count inclusion = run<Inclusion>(suite, at / "inclusion");
    const Count consistency = run<Consistency>(suite, at / "consistency");
    CHECK(inclusion.good == 4);
    CHECK(inclusion.bad == 6);
    CHECK(consistency.good == 4);
    CHECK(consistency.bad == 5);
  }
}

TEST_CASE("the vectors of transparency-dev/merkle") {
  const char* folder = std::getenv("TONGDIAN_MERKLE_VECTORS");
  if (!folder) {
    MESSAGE("skipped: TONGDIAN_MERKLE_VECTORS does not name the testdata folder of github.com/transparency-dev/merkle");
    return;
  }
  const Count inclusion = run<Inclusion>(Suite::standard, std::filesystem::path(folder) / "inclusion");
  const Count consistency = run<Consistency>(Suite::standard, std::filesystem::path(folder) / "consistency");
  CHECK(inclusion.good >= 6);
  CHECK(consistency.good >= 5);
  MESSAGE("inclusion: " << inclusion.good << " good, " << inclusion.bad << " bad; consistency: " << consistency.good
                        << " good, " << consistency.bad << " bad");
}
