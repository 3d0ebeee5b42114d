// Those who act for others: agents by a grant, programs by a key; and a code's way to a phone.
#include <doctest/doctest.h>

#include "identity/code_message.hpp"
#include "identity/gate.hpp"
#include "identity/grants.hpp"
#include "identity/house_for_tests.hpp"
#include "identity/service_keys.hpp"

using namespace tongdian;
using namespace tongdian::identity;

namespace {

struct Agents {
  House house;
  Grants grants{house.vault, house.random};
  Hash firm = house.vault.phone_tag("13800000001"), agent = house.vault.phone_tag("13900000002"),
       stranger = house.vault.phone_tag("13700000003");

  Grant grant(const std::string& id, const std::string& number = "") {
    Grant g;
    g.id = id;
    g.grantor = firm;
    g.agent = agent;
    g.case_number = number;
    g.grantor_name = "示例制造有限公司";
    g.agent_name = "代办员甲";
    g.agent_phone = "13900000002";
    g.granted_at = house.clock.now();
    g.until = g.granted_at + std::chrono::days(30);
    return g;
  }
  std::string reaching(const Hash& who, const Hash& whose, const std::string& number) {
    return Grants::reaching(house.writer(), who, whose, number, house.clock.now()).value_or("none");
  }
};

wire::Request with_key(const std::string& key) {
  wire::Request r;
  r.method = wire::Method::post;
  r.headers.add("Authorization", "Bearer " + key);
  return r;
}

}  // namespace

TEST_CASE("a grant reaches its cases, its agent and its days, until either takes it back") {
  Agents a;
  REQUIRE(!a.grants.give(a.house.writer(), a.grant("g1", "TD-1")).has_error());
  CHECK(a.reaching(a.agent, a.firm, "TD-1") == "g1");
  CHECK(a.reaching(a.agent, a.firm, "TD-2") == "none");
  CHECK(a.reaching(a.stranger, a.firm, "TD-1") == "none");
  CHECK(a.reaching(a.firm, a.agent, "TD-1") == "none");  // not the other way round
  REQUIRE(!a.grants.give(a.house.writer(), a.grant("g2")).has_error());
  CHECK(a.reaching(a.agent, a.firm, "TD-2") == "g2");
  CHECK_FALSE(Grants::revoke(a.house.writer(), "g2", a.stranger, a.house.clock.now()));
  CHECK(Grants::revoke(a.house.writer(), "g2", a.agent, a.house.clock.now()));
  CHECK_FALSE(Grants::revoke(a.house.writer(), "g2", a.firm, a.house.clock.now()));
  CHECK(a.reaching(a.agent, a.firm, "TD-2") == "none");
  a.house.clock.advance(std::chrono::days(30));
  CHECK(a.reaching(a.agent, a.firm, "TD-1") == "none");
}

TEST_CASE("grants of an erased case, and of a phone without any, go; others stay") {
  Agents a;
  auto& w = a.house.writer();
  const auto owner = [&](std::int64_t id, const char* number, const Hash& phone) {
    w.run("INSERT INTO stream (id, name, created_by, last, sequence) VALUES ($1, $2, $3, $1, 1)",
          {id, std::string_view(std::string("case/") + number), std::string_view(number)});
    journal::put(w, id, {Bytes(72, 1), Bytes(80, 1), phone, {}, {}});
  };
  owner(1, "TD-1", a.firm);
  owner(2, "TD-2", a.firm);
  owner(3, "TD-3", a.stranger);
  for (const auto& [id, number] : {std::pair{"g1", "TD-1"}, {"g2", "TD-2"}, {"g0", ""}})
    REQUIRE(!a.grants.give(w, a.grant(id, number)).has_error());
  auto other = a.grant("g3");
  other.grantor = a.stranger;
  REQUIRE(!a.grants.give(w, other).has_error());
  CHECK(Grants::forget_erased(w) == 0);
  journal::erase(w, 1, a.house.clock.now());
  CHECK(Grants::forget_erased(w) == 1);
  CHECK(!a.grants.find(w, "g1").has_value());
  CHECK(a.grants.given_by(w, a.firm).size() == 2);
  journal::erase(w, 2, a.house.clock.now());
  CHECK(Grants::forget_erased(w) == 2);
  CHECK(a.grants.given_by(w, a.firm).empty());
  CHECK(a.grants.given_by(w, a.stranger).size() == 1);
}

TEST_CASE("grants that are given and taken back without end come to an end") {
  Agents a;
  auto& w = a.house.writer();
  for (int i = 0; i < 50; ++i) {
    REQUIRE(!a.grants.give(w, a.grant("g" + std::to_string(i))).has_error());
    CHECK(Grants::revoke(w, "g" + std::to_string(i), a.firm, a.house.clock.now()));
  }
  CHECK(a.grants.give(w, a.grant("more")).error().code == "identity.too_many_grants");
  CHECK(!a.grants.give(w, a.grant("g7")).has_error());  // the same once more
  a.house.clock.advance(std::chrono::hours(25));
  CHECK(!a.grants.give(w, a.grant("more")).has_error());
}

TEST_CASE("a grant names both, sealed at rest; the same twice is one; nobody is their own agent") {
  Agents a;
  REQUIRE(!a.grants.give(a.house.writer(), a.grant("g1")).has_error());
  REQUIRE(!a.grants.give(a.house.writer(), a.grant("g1")).has_error());
  const auto given = a.grants.given_by(a.house.writer(), a.firm), held = a.grants.held_by(a.house.writer(), a.agent);
  REQUIRE(given.size() == 1);
  REQUIRE(held.size() == 1);
  CHECK(held[0].grantor_name == "示例制造有限公司");
  CHECK(held[0].agent_name == "代办员甲");
  a.house.writer().query("SELECT sealed FROM agent_grant", {}, [](const store::Row& row) {
    CHECK(text_of(row.bytes(0)).find("13900000002") == std::string_view::npos);
  });
  auto own = a.grant("g2");
  own.agent = a.firm;
  CHECK(a.grants.give(a.house.writer(), own).error().code == "identity.self_grant");
  for (int i = 0; i < 49; ++i) REQUIRE(!a.grants.give(a.house.writer(), a.grant("m" + std::to_string(i))).has_error());
  CHECK(a.grants.give(a.house.writer(), a.grant("one more")).error().code == "identity.too_many_grants");
}

TEST_CASE("a program passes by its key, with its scope, until it is revoked or over; the database has no key") {
  House house;
  auto sessions = house.sessions();
  SessionGate gate(sessions, *house.db, house.clock);
  ServiceKey asked;
  asked.name = "审批平台";
  asked.scopes = {"leads"};
  asked.areas = {"370602"};
  asked.made_at = house.clock.now();
  asked.until = asked.made_at + std::chrono::days(365);
  const auto key = make_key(house.writer(), house.random, asked).value();
  const auto secret = key.substr(key.rfind('_') + 1);
  house.writer().query("SELECT secret FROM service_key", {}, [&](const store::Row& row) {
    CHECK(to_hex(row.bytes(0)) != secret);
    CHECK(to_hex(row.bytes(0)) == to_hex(sha256(secret)));
  });
  const auto leads = wire::Access::staff({wire::Role::clerk}).or_program("leads"),
             cases = wire::Access::any_staff().or_program("cases"), desk = wire::Access::any_staff();
  const auto said = [&](const std::string& given, const wire::Access& access) {
    const auto who = gate.admit(with_key(given), access);
    return who ? who->name : who.error().code;
  };
  CHECK(said(key, leads) == "审批平台");
  CHECK(said(key, cases) == "identity.forbidden");
  CHECK(said(key, desk) == "identity.forbidden");
  CHECK(gate.admit(with_key(key), leads)->areas == std::vector<std::string>{"370602"});
  for (const auto& wrong :
       {key + "0", key.substr(0, key.size() - 1), std::string("td_"), std::string(), "td_k_" + secret})
    CHECK(said(wrong, leads) == "identity.unauthenticated");
  // A wrong key is no visitor either: whoever sends one is told, on public routes as well.
  CHECK(said("td_x_y", wire::Access::everyone()) == "identity.unauthenticated");
  const auto id = all_keys(house.writer()).front().id;
  CHECK(revoke_key(house.writer(), id, house.clock.now()));
  CHECK(said(key, leads) == "identity.unauthenticated");

  const auto next = make_key(house.writer(), house.random, asked).value();
  house.clock.advance(std::chrono::days(365));
  CHECK(said(next, leads) == "identity.unauthenticated");
  asked.scopes = {"everything"};
  CHECK(make_key(house.writer(), house.random, asked).error().code == "identity.unknown_scope");
  asked.scopes = {};
  CHECK(make_key(house.writer(), house.random, asked).error().code == "identity.no_scope");
}

TEST_CASE("a code waits in the outbox sealed, before everything else") {
  House house;
  house.writer().run("INSERT INTO outbox (id, topic, stream, payload) VALUES (1, 'notice', 1, '{}')");
  post_code(house.writer(), house.vault, house.random, {"13800000001", "287082"});
  std::vector<std::string> topics;
  house.writer().query("SELECT topic, payload FROM outbox ORDER BY id", {}, [&](const store::Row& row) {
    topics.emplace_back(row.text(0));
    if (row.text(0) != code_topic) return;
    CHECK(row.text(1).find("13800000001") == std::string_view::npos);
    const auto message = read_code(house.vault, row.text(1));
    CHECK(message.phone == "13800000001");
    CHECK(message.code == "287082");
  });
  CHECK(topics == std::vector<std::string>{"code", "notice"});
}
