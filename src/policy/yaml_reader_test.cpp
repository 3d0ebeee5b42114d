// The traps of YAML, each named with its place and the mend.
#include "policy/yaml_reader.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

using namespace tongdian;
using namespace tongdian::policy;

namespace {

struct File {
  explicit File(std::string_view text)
      : path(std::filesystem::temp_directory_path() / ("tongdian-yaml-" + std::to_string(::getpid()) + ".yaml")) {
    std::ofstream(path, std::ios::binary) << text;
    root = Yaml::load(path, problems);
  }
  ~File() { std::filesystem::remove(path); }
  /// "LINE:COLUMN code" of the only problem.
  std::string only() const {
    if (problems.list().size() != 1) return std::to_string(problems.list().size()) + " problems";
    const auto& p = problems.list().front();
    CHECK(!p.next.en.empty());
    return p.path.substr(path.string().size() + 1) + " " + p.code;
  }
  std::filesystem::path path;
  Problems problems;
  Yaml root;
};

}  // namespace

TEST_CASE("values of their types") {
  const File f("a: text\nb: true\nc: 12\nd: 0.25\ne: 2020-12-01\nf: {zh: 甲, en: a}\ng: [1, 2]\nh: \"no\"\n");
  CHECK(f.root.need("a").text() == "text");
  CHECK(f.root.need("b").boolean());
  CHECK(f.root.need("c").integer(0, 100) == 12);
  CHECK(f.root.need("d").number() == 0.25);
  CHECK(f.root.need("f").sentence() == Sentence{"甲", "a"});
  CHECK(f.root.need("g").items().size() == 2);
  CHECK(f.root.need("h").text() == "no");
  CHECK(!f.root.get("z"));
  CHECK(f.problems.empty());
  CHECK(boost::json::serialize(f.root.get("g").json()) == "[1,2]");
}

TEST_CASE("each trap at its place") {
  SUBCASE("duplicate key") { CHECK(File("a: 1\nb: 2\na: 3\n").only() == "3:1 pack.duplicate_key"); }
  SUBCASE("duplicate key inside") { CHECK(File("a:\n  b: 1\n  b: 2\n").only() == "3:3 pack.duplicate_key"); }
  SUBCASE("unknown key") {
    const File f("a: 1\nbb: 2\n");
    f.root.only({"a", "b"});
    CHECK(f.only() == "2:1 pack.unknown_key");
  }
  SUBCASE("a missing key has its parent's place") {
    const File f("a:\n  x: 1\n");
    static_cast<void>(f.root.need("a").need("y"));
    CHECK(f.only() == "2:3 pack.missing");
  }
  SUBCASE("010 is not 8") {
    const File f("a: 010\n");
    static_cast<void>(f.root.need("a").integer(0, 100));
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("0x10 and 1e3 are not numbers here") {
    const File f("a: 0x10\n");
    static_cast<void>(f.root.need("a").number());
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("no is not a text") {
    const File f("a: no\n");
    static_cast<void>(f.root.need("a").text());
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("yes is not a boolean") {
    const File f("a: yes\n");
    static_cast<void>(f.root.need("a").boolean());
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("a quoted number is a text") {
    const File f("a: \"12\"\n");
    static_cast<void>(f.root.need("a").integer(0, 100));
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("out of range") {
    const File f("a: 101\n");
    static_cast<void>(f.root.need("a").integer(0, 100));
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("no such day") {
    const File f("a: 2021-02-29\n");
    static_cast<void>(f.root.need("a").date());
    CHECK(f.only() == "1:4 pack.wrong_type");
  }
  SUBCASE("half a sentence") {
    const File f("a: {zh: 甲}\n");
    static_cast<void>(f.root.need("a").sentence());
    CHECK(f.only() == "1:4 pack.missing");
  }
  SUBCASE("broken YAML") { CHECK(File("a: [1, 2\nb: }\n").only().find("pack.syntax") != std::string::npos); }
  SUBCASE("an empty file") { CHECK(File("").only() == "1:1 pack.syntax"); }
  SUBCASE("two documents") { CHECK(File("a: 1\n---\nb: 2\n").only() == "1:1 pack.syntax"); }
  // Found by the fuzzer: read to its end, this value has none.
  SUBCASE("an alias within itself") { CHECK(File("a: &x {b: *x}\n").only() == "1:11 pack.syntax"); }
  SUBCASE("a text in which the library finds documents without end") {
    CHECK(File(std::string(",\0:i", 4)).only() == "1:1 pack.syntax");
  }
  SUBCASE("an alias elsewhere") { CHECK(File("a: &x 1\nb: *x\n").only() == "2:4 pack.syntax"); }
  SUBCASE("too deep") {
    std::string deep = "a: ";
    for (int i = 0; i < 20; ++i) deep += "[";
    for (int i = 0; i < 20; ++i) deep += "]";
    CHECK(File(deep).only().find("pack.syntax") != std::string::npos);
  }
  SUBCASE("far too deep for the library") {
    CHECK(File(std::string(100'000, '[')).only().find("pack.syntax") != std::string::npos);
  }
}
