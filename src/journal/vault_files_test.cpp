#include "journal/vault_files.hpp"

#include <doctest/doctest.h>

#include "journal/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::journal;
using namespace tongdian::journal::tests;

namespace {

constexpr Instant noon{std::chrono::hours(24 * 365 * 51)};

/// A person with one file of two parts.
struct Desk {
  City city{Suite::standard};
  store::Session& session = city.db->writer();
  Vault vault{Hash{7}, Hash{8}, city.random};
  VaultFile file{"f1", 5, "identity", "application/pdf", 10, 0, noon};

  Desk() {
    put(session, 5, vault.seal({{"name", "王小明"}}, "13800000000", "370602/1"));
    put(session, 6, vault.seal({{"name", "李四"}}, "13800000001", "370602/2"));
    begin_file(session, file);
    add("%PDF-1");
    add(".7xy");
  }
  void add(std::string_view part) {
    const auto now = *find_file(session, 5, "f1");
    const auto sealed = seal_part(*file_key(vault, session, 5, "f1"), now.received, bytes_of(part), city.random);
    CHECK(text_of(sealed).find(part) == std::string_view::npos);
    add_part(session, now, sealed, static_cast<std::int64_t>(part.size()), noon);
  }
  std::string read(const Vault& with) {
    const auto content = open_file(session, *find_file(session, 5, "f1"), *file_key(with, session, 5, "f1"));
    return std::string(text_of(content));
  }
};

}  // namespace

TEST_CASE("a file comes back as it came, to its person alone") {
  Desk desk;
  CHECK(find_file(desk.session, 5, "f1")->complete());
  CHECK(desk.read(desk.vault) == "%PDF-1.7xy");
  CHECK(!find_file(desk.session, 6, "f1"));
  CHECK(!file_key(desk.vault, desk.session, 7, "f1"));
  // Beginning it again changes nothing of what is there.
  begin_file(desk.session, {"f1", 6, "other", "image/png", 3, 0, noon});
  CHECK(find_file(desk.session, 5, "f1")->received == 10);
  CHECK(files_of(desk.session, 5).size() == 1);
  CHECK(files_of(desk.session, 6).empty());
}

TEST_CASE("parts that change places, are lost or belong to another file do not open") {
  for (const char* harm :
       {"UPDATE vault_file_part SET box = (SELECT box FROM vault_file_part WHERE part = 6) WHERE part = 0",
        "DELETE FROM vault_file_part WHERE part = 6", "UPDATE vault_file SET received = 11"}) {
    Desk desk;
    desk.session.script(harm);
    CHECK_THROWS_AS(desk.read(desk.vault), ProblemError);
  }
}

TEST_CASE("files go with their person, and stay through a correction and a change of the vault's key") {
  Desk desk;
  const auto kept = desk.vault.key_of(desk.session, 5);
  put(desk.session, 5, desk.vault.seal({{"name", "王晓明"}}, "13800000009", "370602/1", kept));
  CHECK(desk.read(desk.vault) == "%PDF-1.7xy");
  CHECK(rewrap(desk.session, Hash{7}, Hash{9}, desk.city.random) == 2);
  const Vault next(Hash{9}, Hash{8}, desk.city.random);
  CHECK(desk.read(next) == "%PDF-1.7xy");
  erase(desk.session, 5, noon);
  CHECK(!find_file(desk.session, 5, "f1"));
  CHECK(desk.session.integer("SELECT count(*) FROM vault_file_part") == 0);
  CHECK(!file_key(next, desk.session, 5, "f1"));
}
