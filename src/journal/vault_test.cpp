#include "journal/vault.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <set>

#include "base/files.hpp"
#include "journal/world_for_tests.hpp"
#include "store/scrub.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

namespace {

constexpr Instant noon{std::chrono::hours(24 * 365 * 51)};

Sealed sealed_person(const Vault& vault, std::int64_t n) {
  const std::string phone = std::to_string(13800000000 + n);
  return vault.seal({{"name", "王小明" + std::to_string(n)}, {"phone", phone}}, phone, "370602/" + std::to_string(n));
}

}  // namespace

TEST_CASE("the vault opens what it sealed, and nothing that was altered") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const Vault vault(Hash{7}, Hash{8}, city.random);
  const auto sealed = vault.seal({{"name", "王小明"}, {"phone", "13800000000"}}, "13800000000", "370602/1");
  put(session, 5, sealed);
  const auto open = vault.open(session, 5);
  REQUIRE(open.has_value());
  CHECK(open->at("name").as_string() == "王小明");
  CHECK(sha256(json::canonical(*open)) == sealed.commitment);
  CHECK(vault.phone_matches(session, 5, "13800000000"));
  CHECK(vault.owners_of_phone(session, "13800000000") == std::vector<std::int64_t>{5});
  CHECK(!vault.phone_matches(session, 5, "13800000001"));
  CHECK(!vault.phone_matches(session, 6, "13800000000"));
  CHECK(!vault.open(session, 6).has_value());
  const std::string box(text_of(sealed.box));
  CHECK(box.find("13800000000") == std::string::npos);
  CHECK_THROWS_AS((void)Vault(Hash{9}, Hash{8}, city.random).open(session, 5), ProblemError);
  session.script("UPDATE vault SET box = wrapped_key");
  CHECK_THROWS_AS((void)vault.open(session, 5), ProblemError);
}

TEST_CASE("a new vault key opens everyone and the old one nobody; tags and the erased stay as they are") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const Vault before(Hash{7}, Hash{8}, city.random);
  {
    store::Transaction transaction(session);
    for (std::int64_t n = 1; n <= 2500; ++n) put(session, n, sealed_person(before, n));
    transaction.commit();
  }
  erase(session, 17, noon);
  CHECK(!wrapped_under(session, Hash{9}).value_or(false));
  CHECK(rewrap(session, Hash{7}, Hash{9}, city.random) == 2499);
  CHECK(wrapped_under(session, Hash{9}) == true);
  CHECK(wrapped_under(session, Hash{7}) == false);
  const Vault after(Hash{9}, Hash{8}, city.random);
  for (std::int64_t n : {1, 1000, 1001, 2500}) {
    CHECK(after.open(session, n)->at("name").as_string() == "王小明" + std::to_string(n));
    CHECK(after.phone_matches(session, n, std::to_string(13800000000 + n)));
    CHECK_THROWS_AS((void)before.open(session, n), ProblemError);
  }
  CHECK(!after.open(session, 17).has_value());
  CHECK(erased_at(session, 17) == noon);
}

TEST_CASE(
    "what belongs to a person has no tags and goes with them, also when it comes too late; a new vault key opens the rest") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const Vault vault(Hash{7}, Hash{8}, city.random);
  for (std::int64_t n : {1, 2}) put(session, n, sealed_person(vault, n));
  const auto say = [&](std::int64_t row, std::int64_t person) {
    auto said = vault.seal({{"text", "said"}}, "", "");
    said.belongs_to = person;
    put(session, row, said);
  };
  say(11, 1);
  say(12, 2);
  CHECK(belongs_to(session, 11) == 1);
  CHECK(!belongs_to(session, 1).has_value());
  CHECK(!belongs_to(session, 99).has_value());
  CHECK(belonging_to(session, 1) == std::vector<std::int64_t>{11});
  CHECK(vault.owners_of_phone(session, "").empty());
  erase(session, 1, noon);
  CHECK(!vault.open(session, 11).has_value());
  say(13, 1);
  CHECK(!vault.open(session, 13).has_value());
  CHECK(vault.open(session, 12)->at("text").as_string() == "said");
  CHECK(rewrap(session, Hash{7}, Hash{9}, city.random) == 2);
  CHECK(Vault(Hash{9}, Hash{8}, city.random).open(session, 12)->at("text").as_string() == "said");
}

TEST_CASE("an erased person's key is nowhere in the database's files; the others' keys are untouched") {
  if (store::tests_on_postgres()) return;  // its files are the operator's: docs/journal.md says what stays in its log
  City city(Suite::standard);
  auto& session = city.db->writer();
  const Vault vault(Hash{7}, Hash{8}, city.random);
  std::vector<Bytes> keys(401);
  for (std::int64_t n = 1; n <= 400;) {
    store::Transaction transaction(session);
    for (const auto end = n + 20; n < end; ++n) {
      const Sealed sealed = sealed_person(vault, n);
      put(session, n, sealed);
      keys[static_cast<std::size_t>(n)] = sealed.wrapped_key;
    }
    transaction.commit();
  }
  const auto everything = [&] {
    std::string all;
    for (const auto& each :
         std::filesystem::directory_iterator(std::filesystem::path(city.place.address()).parent_path()))
      if (each.is_regular_file()) all += read_file(each.path()).value();
    return all;
  };
  const auto holds = [](const std::string& all, const Bytes& key) {
    return all.find(text_of(key)) != std::string::npos;
  };
  const std::string full = everything();
  for (std::int64_t n = 1; n <= 400; ++n) REQUIRE(holds(full, keys[static_cast<std::size_t>(n)]));

  std::set<std::int64_t> gone;
  while (gone.size() < 150) gone.insert(static_cast<std::int64_t>(1 + city.random.engine()() % 400));
  for (auto n = gone.begin(); n != gone.end();) {
    store::Transaction transaction(session);
    for (int i = 0; i < 10; ++i) erase(session, *n++, noon);
    transaction.commit();
  }
  store::scrub(*city.db, "vault");
  const std::string after = everything();
  for (std::int64_t n = 1; n <= 400; ++n) {
    CAPTURE(n);
    const bool erased = gone.contains(n);
    REQUIRE(holds(after, keys[static_cast<std::size_t>(n)]) != erased);
    REQUIRE(vault.open(session, n).has_value() != erased);
    REQUIRE(erased_at(session, n).has_value() == erased);
    REQUIRE(vault.phone_matches(session, n, std::to_string(13800000000 + n)) != erased);
    REQUIRE(vault.owners_of_phone(session, std::to_string(13800000000 + n)).empty() == erased);
  }
  // The name was never there in the clear.
  CHECK(full.find("王小明") == std::string::npos);
}

TEST_CASE("who read is noted once a day each") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const LocalDate day{std::chrono::days(19000)};
  note_read(session, 3, "u1", day, noon);
  note_read(session, 3, "u1", day, noon + std::chrono::hours(1));
  note_read(session, 3, "u2", day, noon);
  note_read(session, 3, "u1", day + std::chrono::days(1), noon + std::chrono::hours(24));
  note_read(session, 4, "u1", day, noon);
  const auto reads = reads_of(session, 3);
  REQUIRE(reads.size() == 3);
  CHECK(reads[0].reader == "u1");
  CHECK(reads[0].first_at == noon);
  CHECK(reads[1].reader == "u2");
}

TEST_CASE("who looked at masked data is noted apart from who saw them whole, and stays when the person goes") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const LocalDate day{std::chrono::days(19000)};
  note_read(session, 3, "u1", day, noon);
  CHECK_FALSE(was_glanced(session, 3, "u1", day));
  note_glance(session, 3, "u1", day, noon + std::chrono::hours(1));
  note_glance(session, 3, "u1", day, noon + std::chrono::hours(2));
  note_glance(session, 3, "u2", day, noon);
  note_glance(session, 4, "u2", day, noon);
  CHECK(was_glanced(session, 3, "u1", day));
  CHECK_FALSE(was_glanced(session, 3, "u1", day + std::chrono::days(1)));
  erase(session, 3, noon);
  const auto glances = glances_of(session, 3);
  REQUIRE(glances.size() == 2);
  CHECK(glances[0].reader == "u2");
  CHECK(glances[1].reader == "u1");
  CHECK(glances[1].first_at == noon + std::chrono::hours(1));
  CHECK(reads_of(session, 3).size() == 1);
}

TEST_CASE("a row of a list is one entry for a reader and a case, with the days counted once each") {
  City city(Suite::standard);
  auto& session = city.db->writer();
  const LocalDate day{std::chrono::days(19000)};
  const auto next = day + std::chrono::days(1);
  CHECK(not_listed(session, {3, 4, 5}, "u1", day) == std::vector<std::int64_t>{3, 4, 5});
  note_listed(session, {3, 4}, "u1", day, noon);
  note_listed(session, {3}, "u1", day, noon + std::chrono::hours(1));
  note_listed(session, {3}, "u2", day, noon + std::chrono::hours(1));
  CHECK(not_listed(session, {3, 4, 5}, "u1", day) == std::vector<std::int64_t>{5});
  CHECK(not_listed(session, {3, 4}, "u1", next) == std::vector<std::int64_t>{3, 4});
  note_listed(session, {3}, "u1", next, noon + std::chrono::hours(24));
  // Another node's clock may still be on the day before.
  note_listed(session, {3}, "u1", day, noon + std::chrono::hours(25));
  std::vector<std::int64_t> sheet(20'000);
  std::iota(sheet.begin(), sheet.end(), 1);
  CHECK(not_listed(session, sheet, "u2", day).size() == sheet.size() - 1);
  const auto listed = listed_of(session, 3);
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].reader == "u1");
  CHECK(listed[0].first_at == noon);
  CHECK(listed[0].last_on == next);
  CHECK(listed[0].days == 2);
  CHECK(listed[1].days == 1);
}
