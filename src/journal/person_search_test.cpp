#include "journal/person_search.hpp"

#include <doctest/doctest.h>

#include <map>

#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

namespace {

struct People {
  City city{Suite::standard};
  Vault vault{Hash{7}, Hash{8}, city.random};

  void put(std::int64_t owner, const std::string& name, const std::string& address, const std::string& phone) {
    journal::put(city.db->writer(), owner,
                 vault.seal({{"name", name}, {"address", address}, {"phone", phone}}, phone, address));
  }
  void index() {
    store::Transaction transaction(city.db->writer());
    while (index_people(vault, city.db->writer(), 2) > 0) {}
    transaction.commit();
  }
  /// "1 3": whom the digests give, opened and looked at; the others in brackets.
  std::string find(const std::string& typed) {
    const auto query = person_query(vault, typed);
    std::string out;
    if (query.tokens.empty()) return "nothing to search for";
    std::map<std::int64_t, std::size_t> hits;
    for (const auto token : query.tokens)
      city.db->writer().query("SELECT owner FROM vault_token WHERE token = $1", {token},
                              [&](const store::Row& row) { ++hits[row.integer(0)]; });
    for (const auto& [owner, count] : hits) {
      if (count < query.tokens.size()) continue;
      const auto data = vault.open(city.db->writer(), owner);
      const bool right = data && matches(*data, query);
      out += (out.empty() ? "" : " ") + (right ? std::to_string(owner) : "(" + std::to_string(owner) + ")");
    }
    return out;
  }
};

}  // namespace

TEST_CASE("people are found by parts of name and address and by the phone's end") {
  People people;
  people.put(1, "王小明", "芝罘区南大街１２号院 3单元", "13800007531");
  people.put(2, "王明", "莱山区大街南路7号", "13800001234");
  people.put(3, "烟台 ABC 化工有限公司（虚构）", "开发区长江路88号", "05351234567");
  people.put(4, "明", "长岛🏝️海边1号", "13912340000");
  people.put(5, "欧阳·娜娜", "海阳市东村街道", "13800007531");
  people.index();
  const struct {
    const char *situation, *typed, *found;
  } rows[] = {
      {"a whole name", "王小明", "1"},
      {"its part", "小明", "1"},
      {"a surname alone", "王", "1 2"},
      {"a name of one character, and others that hold it", "明", "1 2 4"},
      {"a part of an address", "南大街", "1"},
      {"whose pairs are there, but not together", "大街南路", "2"},
      {"pairs of one who has them elsewhere", "小明南大", ""},
      {"two words, in name and address", "王 莱山", "2"},
      {"one of two is wrong", "王小明 莱山", ""},
      {"full-width digits are digits", "12号院", "1"},
      {"… also where they are typed", "１２号院", "1"},
      {"capitals are small letters, blanks nothing", "abc化工", "3"},
      {"brackets are nothing", "有限公司虚构", "3"},
      {"a dot between names is nothing", "欧阳娜娜", "5"},
      {"an emoji", "🏝", ""},
      {"an emoji between others", "长岛🏝️海边", "4"},
      {"the last four digits of a phone, shared", "7531", "1 5"},
      {"… with a name", "7531 欧阳", "5"},
      {"four digits that are an address' are no phone's end", "1234", "2"},
      {"nobody", "赵钱孙李", ""},
      {"nothing but signs", " ·（） ", "nothing to search for"},
      {"no text", "\xFF\xFE", "nothing to search for"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    CHECK(people.find(row.typed) == row.found);
  }
}

TEST_CASE("pairs that stand apart are no word: the opened data decide") {
  People people;
  people.put(1, "张大", "大三路张三街", "13800000001");
  people.index();
  CHECK(people.find("张大三") == "(1)");
}

TEST_CASE("who was corrected is found by the new words alone, who was erased by none") {
  People people;
  people.put(1, "王小明", "南大街1号", "13800000001");
  people.put(2, "王小明", "北大街1号", "13800000002");
  people.index();
  CHECK(people.find("王小明") == "1 2");
  people.put(1, "王小亮", "南大街1号", "13800000009");
  people.index();
  CHECK(people.find("王小明") == "2");
  CHECK(people.find("小亮 0009") == "1");
  CHECK(people.find("0001").empty());
  erase(people.city.db->writer(), 2, from_ms(1));
  CHECK(people.find("王小明").empty());
  CHECK(people.city.db->writer().integer("SELECT count(*) FROM vault_token WHERE owner = 2") == 0);
  // Erased before anybody came to index them.
  people.put(3, "李雷", "西大街1号", "13800000003");
  erase(people.city.db->writer(), 3, from_ms(1));
  people.index();
  CHECK(people.find("李雷").empty());
}

TEST_CASE("nothing of a person can be read from the digests, and another key makes others") {
  People people;
  const Vault other(Hash{7}, Hash{9}, people.city.random);
  const auto ours = person_query(people.vault, "王小明").tokens, theirs = person_query(other, "王小明").tokens;
  CHECK(ours.size() == 2);
  CHECK(ours != theirs);
}
