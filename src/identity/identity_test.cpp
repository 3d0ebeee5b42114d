#include <doctest/doctest.h>

#include "identity/gate.hpp"
#include "identity/house_for_tests.hpp"
#include "identity/throttle.hpp"

using namespace tongdian;
using namespace tongdian::identity;

namespace {

wire::Principal clerk() {
  wire::Principal p;
  p.kind = wire::Principal::Kind::staff;
  p.user = "li";
  p.name = "李";
  p.roles = {wire::Role::clerk};
  return p;
}

wire::Request request(wire::Method method, const std::string& token, const std::string& csrf) {
  wire::Request r;
  r.method = method;
  if (!token.empty()) r.headers.add("Cookie", std::string(cookie_name) + "=" + token);
  if (!csrf.empty()) r.headers.add("X-CSRF-Token", csrf);
  return r;
}

std::string code(const Result<wire::Principal>& r) { return r ? "in" : r.error().code; }

}  // namespace

TEST_CASE("an account signs in with its password and with no other") {
  House house;
  Account a{"u1", "li.na", "李娜", {wire::Role::clerk}, {"370602"}, {}};
  REQUIRE(!add_account(house.db->writer(), a, "correct horse", house.clock.now()).has_error());
  CHECK(add_account(house.db->writer(), a, "correct horse", house.clock.now()).error().code == "identity.user_exists");
  a.user = "Li Na";
  CHECK(add_account(house.db->writer(), a, "correct horse", house.clock.now()).error().code == "identity.bad_user");
  a.user = "wang";
  CHECK(add_account(house.db->writer(), a, "short", house.clock.now()).error().code == "identity.short_password");
  const auto found = find_account(house.db->writer(), "li.na");
  REQUIRE(found.has_value());
  CHECK(found->roles == std::vector{wire::Role::clerk});
  CHECK(found->areas == std::vector<std::string>{"370602"});
  CHECK(password_matches(found, "correct horse"));
  CHECK(!password_matches(found, "correct horsE"));
  CHECK(!password_matches(std::nullopt, "correct horse"));
  CHECK(found->password_hash.starts_with("$argon2id$"));
}

TEST_CASE("the gate: session, role, token") {
  House house;
  auto sessions = house.sessions();
  SessionGate gate(sessions, *house.db, house.clock);
  const auto opened = sessions.open(clerk());
  const auto desk = wire::Access::any_staff();
  const auto admins = wire::Access::staff({wire::Role::admin});
  using wire::Method;
  CHECK(code(gate.admit(request(Method::get, opened.token, ""), desk)) == "in");
  CHECK(code(gate.admit(request(Method::get, "", ""), desk)) == "identity.unauthenticated");
  CHECK(code(gate.admit(request(Method::get, "made-up", ""), desk)) == "identity.unauthenticated");
  CHECK(code(gate.admit(request(Method::get, opened.token, ""), admins)) == "identity.forbidden");
  CHECK(code(gate.admit(request(Method::post, opened.token, ""), desk)) == "identity.csrf");
  CHECK(code(gate.admit(request(Method::post, opened.token, "wrong"), desk)) == "identity.csrf");
  CHECK(code(gate.admit(request(Method::post, opened.token, opened.principal.csrf), desk)) == "in");
  CHECK(code(gate.admit(request(Method::post, "", ""), wire::Access::everyone())) == "in");

  // A session outlives a restart, and not its time.
  auto after_restart = house.sessions();
  CHECK(after_restart.find(opened.token).has_value());
  house.clock.advance(std::chrono::hours(13));
  CHECK(!after_restart.find(opened.token).has_value());
}

TEST_CASE("a closed session is closed, and the database knows no token") {
  House house;
  auto sessions = house.sessions();
  const auto opened = sessions.open(clerk());
  CHECK(house.db->writer().text("SELECT principal FROM session")->find(opened.token) == std::string::npos);
  sessions.close(opened.token);
  CHECK(!sessions.find(opened.token).has_value());
  CHECK(house.db->writer().integer("SELECT count(*) FROM session") == 0);
}

TEST_CASE("tries are counted, and forgotten with time or success") {
  House house;
  Throttle throttle(3, std::chrono::minutes(5), house.clock);
  for (int i = 0; i < 3; ++i) CHECK(!throttle.count("a"));
  house.clock.advance(std::chrono::minutes(1));
  const auto later = throttle.count("a");
  REQUIRE(later.has_value());
  CHECK(later->problem.code == "identity.too_many");
  CHECK(later->wait == std::chrono::minutes(4));
  CHECK(!throttle.count("b"));
  house.clock.advance(std::chrono::minutes(5));
  CHECK(!throttle.count("a"));
  throttle.forget("a");
  for (int i = 0; i < 3; ++i) CHECK(!throttle.count("a"));
}

TEST_CASE("signed in on one node is signed in on every other, and signed out as well, within a second") {
  House house;
  auto here = house.sessions(), there = house.sessions();
  const auto opened = here.open(clerk());
  CHECK(there.find(opened.token).has_value());
  here.close(opened.token);
  CHECK(!here.find(opened.token).has_value());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!there.find(opened.token).has_value());

  // A new password ends the sessions of the old one.
  const Account a{"u1", "li.na", "李娜", {wire::Role::clerk}, {}, {}};
  REQUIRE(!add_account(house.db->writer(), a, "correct horse", house.clock.now()).has_error());
  auto who = clerk();
  who.user = a.id;
  const auto again = here.open(who);
  REQUIRE(!set_password(house.writer(), *find_account(house.writer(), "li.na"), "another horse").has_error());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!here.find(again.token).has_value());
}
