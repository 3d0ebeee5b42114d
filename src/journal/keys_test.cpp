#include "journal/keys.hpp"

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "journal/verify.hpp"
#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

TEST_CASE("what a key signs verifies under it and under no other, and nothing else does") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    SeededRandom random(4);
    const SigningKey key(suite, new_seed(random)), other(suite, new_seed(random));
    const auto good = key.sign("text");
    CHECK(verify_signature(suite, key.public_key(), "text", good));
    CHECK(!verify_signature(suite, key.public_key(), "Text", good));
    CHECK(!verify_signature(suite, other.public_key(), "text", good));
    CHECK(!verify_signature(suite, {}, "text", good));
    CHECK(!verify_signature(suite, key.public_key(), "text", {}));
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto bad = good;
      bad[i] ^= 1;
      REQUIRE(!verify_signature(suite, key.public_key(), "text", bad));
    }
    CHECK(!verify_signature(suite, Bytes(key.public_key().size()), "text", good));
  }
}

TEST_CASE("the published examples: RFC 8032 test 1; GB/T 32905 example 1; an SM2 signature of another program") {
  Hash seed{};
  const auto bytes = *from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  std::copy(bytes.begin(), bytes.end(), seed.begin());
  const SigningKey key(Suite::standard, seed);
  CHECK(to_hex(key.public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(to_hex(key.sign("")) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b");
  CHECK(to_hex(digest(Suite::sm, {bytes_of("abc")})) ==
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  // Made with the formulas of GB/T 32918.2 in plain integers (Python), id 1234567812345678.
  CHECK(verify_signature(
      Suite::sm,
      *from_hex("0480ce41a0a75087a62506ecfb944c92d7eab5d216e3d366bb3d3ef246fb44e151a6e957798e5f9b17c684312300cc4e"
                "601fff9d162b61a6d4fcd5cf0f0033d3a2"),
      "message digest",
      *from_hex("b9b11185e663b5f5abc8df1fd9557a63eb1560bf3c0709275c75a423dde5104b8ed32a2caa3adf26a5c0a66828ed5c17"
                "47c336882053e9cc3a7b2f276b083bcc")));
}

TEST_CASE("keys are made once and kept private") {
  const TemporaryFolder folder;
  SeededRandom random(3);
  const auto first = load_or_make_keys(folder.path, random);
  REQUIRE(first.has_value());
  CHECK(load_or_make_keys(folder.path, random)->head_seed == first->head_seed);
  for (const char* name : {"head.key", "vault.key", "tag.key"})
    CHECK((std::filesystem::status(folder.path / "keys" / name).permissions() & std::filesystem::perms(077)) ==
          std::filesystem::perms::none);
  std::filesystem::remove(folder.path / "keys" / "vault.key");
  CHECK(load_or_make_keys(folder.path, random).has_error());
}

TEST_CASE("a staged key takes over whole or not at all, and the old one is gone") {
  for (const KeyFile file : {KeyFile::head, KeyFile::vault}) {
    const TemporaryFolder folder;
    SeededRandom random(3);
    const auto first = load_or_make_keys(folder.path, random).value();
    const auto of = [&](const Keys& k) { return file == KeyFile::head ? k.head_seed : k.vault; };
    (void)stage_key(folder.path, file, random).value();
    CHECK(of(*load_or_make_keys(folder.path, random)) == of(first));
    settle(folder.path, file, false).value();
    CHECK(!staged_key(folder.path, file)->has_value());
    CHECK(of(*load_or_make_keys(folder.path, random)) == of(first));
    const auto fresh = stage_key(folder.path, file, random).value();
    settle(folder.path, file, true).value();
    settle(folder.path, file, true).value();
    CHECK(of(*load_or_make_keys(folder.path, random)) == fresh);
    CHECK(load_or_make_keys(folder.path, random)->tag == first.tag);
    for (const auto& each : std::filesystem::directory_iterator(folder.path / "keys"))
      CHECK(read_file(each.path())->find(to_hex(of(first))) == std::string::npos);
  }
}

TEST_CASE("data of before there was a tag key keep their tags when the vault key changes") {
  const TemporaryFolder folder;
  SeededRandom random(3);
  (void)load_or_make_keys(folder.path, random).value();
  std::filesystem::remove(folder.path / "keys" / "tag.key");
  const auto before = load_or_make_keys(folder.path, random)->tag;
  (void)stage_key(folder.path, KeyFile::vault, random).value();
  settle(folder.path, KeyFile::vault, true).value();
  CHECK(load_or_make_keys(folder.path, random)->tag == before);
}

TEST_CASE("a rotated key: heads of all times verify, each under the key that was in force") {
  for (const Suite suite : suites) {
    CAPTURE(name_of(suite));
    City city(suite);
    {
      Journal journal = city.open();
      city.grow(journal, 30, 10);
    }
    const SigningKey stolen = city.key();
    for (int i = 0; i < 3; ++i) {
      city.rotate_key();
      Journal journal = city.open();
      city.grow(journal, 30, 10);
    }
    auto& session = city.db->writer();
    const auto sound = verify(session);
    CHECK(sound.wrong.empty());
    CHECK(sound.keys == 4);
    CHECK(sound.heads == 12);
    CHECK_THROWS_AS(Journal(session, stolen, city.random), ProblemError);
    CHECK(rotate(session, stolen, city.key(), Instant{}).has_error());

    // Who stole the old key signs a head after its end, under its own name.
    Head forged = *head_at(session, 100);
    const auto forge = [&](const SigningKey& key) {
      forged.key_id = key.id();
      const auto signature = key.sign(signed_text(log_id(session), forged));
      forged.signature.assign(signature.begin(), signature.end());
      session.run("UPDATE head SET key_id = $1, signature = $2 WHERE size = 100",
                  {std::string_view(forged.key_id), ByteView(forged.signature)});
      return verify(session).wrong.size();
    };
    CHECK(forge(stolen) == 1);
    CHECK(forge(city.key()) == 0);
    CHECK(forge(SigningKey(suite, Hash{9})) == 1);
  }
}

TEST_CASE("a chain of keys that was changed is found") {
  for (const Suite suite : suites)
    for (const char* sql :
         {"UPDATE head_key SET until_size = NULL WHERE number = 1",
          "UPDATE head_key SET until_size = 30 WHERE number = 1",
          "UPDATE head_key SET since_size = 10 WHERE number = 2",
          "UPDATE head_key SET until_size = 20 WHERE number = 2", "DELETE FROM head_key WHERE number = 1",
          "UPDATE head_key SET announcement_signature = public_key WHERE number = 2",
          "UPDATE head_key SET announcement = replace(announcement, '\"size\":20', '\"size\":21')",
          "UPDATE head_key SET number = 3 WHERE number = 2"}) {
      CAPTURE(sql);
      City city(suite);
      {
        Journal journal = city.open();
        city.grow(journal, 20, 10);
      }
      city.rotate_key();
      Journal journal = city.open();
      city.grow(journal, 20, 10);
      CHECK(verify(city.db->writer()).wrong.empty());
      city.db->writer().script(sql);
      CHECK(!verify(city.db->writer()).wrong.empty());
    }
}
