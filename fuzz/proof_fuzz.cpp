// Receipts, exports and paths from anybody, through what checks them years later on a machine that has nothing else: no crash and no
// hang. A receipt of our city that passes under its key says nothing that our city did not record; a path passes only where it is
// the one that leads to the root.
#include <cstdint>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "check.hpp"
#include "journal/export.hpp"
#include "journal/receipt.hpp"

using namespace tongdian;
using namespace tongdian::journal;

namespace {

/// What the seeds' city has recorded of the seed's case, and the key that it signs with.
struct Known {
  std::set<std::string> events;
  std::string key;
};

const Known& known() {
  static const Known all = [] {
    std::ifstream file(FUZZ_CORPUS "/proof/receipt.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto receipt = json::parse(text).value();
    Known out;
    for (const auto& each : receipt.at("events").as_array()) out.events.emplace(each.at("event").as_string());
    out.key = receipt.at("head").at("public_key").as_string();
    CHECK_ALWAYS(check_receipt(text, out.key).wrong.empty());
    return out;
  }();
  return all;
}

void try_receipt(std::string_view text) {
  (void)check_receipt(text);
  if (!check_receipt(text, known().key).wrong.empty()) return;
  const auto receipt = json::parse(text).value();
  for (const auto& each : receipt.at("events").as_array())
    CHECK_ALWAYS(known().events.contains(std::string(each.at("event").as_string())));
}

void try_export(std::string_view text) {
  std::istringstream in{std::string(text)};
  try {
    const auto found = verify_export(in);
    for (const auto& problem : found.wrong) CHECK_ALWAYS(problem.code.starts_with("journal."));
  } catch (const ProblemError& e) {
    CHECK_ALWAYS(e.problem.code.starts_with("journal."));
  }
}

NodeSource tree_of(std::uint64_t size) {
  std::vector<std::vector<Hash>> levels(1);
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    levels[0].push_back(leaf_hash(Suite::standard, ByteView(&byte, 1)));
  }
  for (std::size_t at = 0; levels[at].size() > 1; ++at) {
    levels.emplace_back();
    for (std::size_t i = 0; i + 1 < levels[at].size(); i += 2)
      levels[at + 1].push_back(node_hash(Suite::standard, levels[at][i], levels[at][i + 1]));
  }
  return {Suite::standard,
          [levels](int level, std::uint64_t index) { return levels.at(static_cast<std::size_t>(level)).at(index); }};
}

/// The true path with hashes changed, taken out or put in, as the input says.
std::vector<Hash> altered(std::vector<Hash> path, ByteView edits) {
  for (std::size_t i = 0; i + 1 < edits.size(); i += 2) {
    const std::size_t at = path.empty() ? 0 : edits[i + 1] % path.size();
    switch (edits[i] % 4) {
      case 0: path.insert(path.begin() + static_cast<std::ptrdiff_t>(at), Hash{edits[i]}); break;
      case 1:
        if (!path.empty()) path.erase(path.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        if (!path.empty()) path[at][edits[i] % path[at].size()] ^= edits[i + 1];
        break;
      default:
        if (!path.empty()) std::swap(path[at], path.front());
    }
  }
  return path;
}

void try_paths(ByteView data) {
  if (data.size() < 4) return;
  const std::uint64_t size = 1 + data[0] % 70, index = data[1] % size, from = 1 + data[2] % size;
  const auto tree = tree_of(size);
  const Hash root = root_of(size, tree);
  const auto edits = data.subspan(3);
  const auto inclusion = inclusion_path(index, size, tree);
  const auto tried = altered(inclusion, edits);
  CHECK_ALWAYS(verify_inclusion(Suite::standard, tree(0, index), index, size, tried, root) == (tried == inclusion));
  const auto consistency = consistency_path(from, size, tree);
  const auto attempt = altered(consistency, edits);
  CHECK_ALWAYS(verify_consistency(Suite::standard, from, size, root_of(from, tree), root, attempt) ==
               (attempt == consistency));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_receipt(text);
  try_export(text);
  try_paths(ByteView(data, size));
  return 0;
}
