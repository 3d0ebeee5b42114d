#include "policy/compare.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace tongdian::policy {
namespace {

std::shared_ptr<const Pack> loaded(const std::string& folder) {
  return load_pack(std::string(TONGDIAN_SOURCE_DIR) + folder).value();
}

std::string told(const Difference& d) {
  return std::string(name_of(d.change)) + " " + std::string(name_of(d.kind)) + " " + d.id + ": " + d.before.en +
         " -> " + d.after.en;
}

/// An amendment in a folder of its own, of the pack of Yantai.
struct Amendment {
  Amendment() : folder(std::filesystem::temp_directory_path() / ("tongdian-amendment-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    write("pack.yaml", "amends: " TONGDIAN_SOURCE_DIR
                       "/packs/yantai-2021-168\nid: changed\nversion: 1.0.0\ntitle: {zh: 变, en: changed}\n");
  }
  ~Amendment() { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }
  std::filesystem::path folder;
};

}  // namespace

TEST_CASE("a pack compared with itself has no difference") {
  const auto pack = loaded("/packs/yantai-2021-168");
  CHECK(compare(*pack, *pack).empty());
}

TEST_CASE("an amendment says what it changes: the number with its unit, and the clause that it stands in") {
  const auto before = loaded("/packs/yantai-2021-168"), after = loaded("/tests/packs/ten-days");
  const auto found = compare(*before, *after);
  REQUIRE(found.size() == 2);
  CHECK(told(found[0]) == "changed parameter 10kv_single_plan_reply_wd: 5 working days -> 7 working days");
  CHECK(found[0].after.zh == "7 个工作日");
  CHECK(found[0].clauses == std::vector<std::string>{"附件1·10千伏单电源"});
  CHECK(found[1].kind == Difference::Kind::text);
  CHECK(found[1].id == "附件1·10千伏单电源");
  // Turned round, the same two.
  CHECK(compare(*after, *before).size() == 2);
}

TEST_CASE("a changed row of a table is told as a sentence") {
  Amendment amendment;
  amendment.write(
      "tables/81-statistics.yaml",
      "table: statistics\ntitle: {zh: 统计, en: statistics}\nhit: first\ninputs: [supply_kind]\n"
      "outputs: [counts_in_longest_time]\nrows:\n"
      "  - when: {supply_kind: [ev_charger, pv]}\n    then: {counts_in_longest_time: false}\n    clauses: 附件1·注3\n"
      "  - when: {}\n    then: {counts_in_longest_time: true}\n    clauses: 附件1·注3\n");
  const auto after = load_pack(amendment.folder).value();
  std::string all;
  for (const auto& d : compare(*loaded("/packs/yantai-2021-168"), *after))
    if (d.kind == Difference::Kind::row) all += told(d) + "\n";
  INFO(all);
  CHECK(all.find("-> if supply_kind is ev_charger or pv: counts_in_longest_time no") != std::string::npos);
}

TEST_CASE("an amendment of nothing is refused with its place") {
  Amendment amendment;
  amendment.write("pack.yaml", "amends: ../nowhere\nid: x\nversion: 1.0.0\ntitle: {zh: 变, en: changed}\n");
  const auto refused = load_pack(amendment.folder);
  REQUIRE(!refused);
  CHECK(refused.error().code == "pack.missing");
  CHECK(refused.error().path.find("pack.yaml:1:") != std::string::npos);
}

}  // namespace tongdian::policy
