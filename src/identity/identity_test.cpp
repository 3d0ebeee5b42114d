#include <doctest/doctest.h>

#include "identity/gate.hpp"
#include "identity/house_for_tests.hpp"
#include "identity/sign_in.hpp"
#include "identity/throttle.hpp"

using namespace tongdian;
using namespace tongdian::identity;

namespace {

/// A clerk who has an account there.
wire::Principal clerk(House& house) { return principal_of(house.account("zhou", "correct horse")); }

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
  const auto opened = sessions.open(clerk(house));
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
  const auto opened = sessions.open(clerk(house));
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

TEST_CASE("counting tries takes no more memory than was given for it, and forgets nobody who just tried") {
  House house;
  Throttle throttle(2, std::chrono::minutes(5), house.clock, 100);
  CHECK(!throttle.count("a"));
  CHECK(!throttle.count("a"));
  for (int i = 0; i < 1000; ++i) {
    throttle.count(std::to_string(i) + std::string(10'000, 'x'));
    CHECK(throttle.count("a").has_value());
    CHECK(throttle.held() <= 200);
  }
  // Who tried once does not stay for ever.
  house.clock.advance(std::chrono::minutes(6));
  throttle.count("a");
  house.clock.advance(std::chrono::minutes(6));
  throttle.count("a");
  CHECK(throttle.held() == 1);
}

TEST_CASE("by what an address is counted: IPv4 whole, however it is written; IPv6 by its first 64 bits") {
  const std::pair<const char*, const char*> rows[] = {{"203.0.113.7", "203.0.113.7"},
                                                      {"::ffff:203.0.113.7", "203.0.113.7"},
                                                      {"2001:db8:1:2::1", "20010db800010002/64"},
                                                      {"2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002/64"},
                                                      {"2001:db8:1:3::1", "20010db800010003/64"},
                                                      {"fe80::1%eth0", "fe80000000000000/64"},
                                                      {"", ""}};
  for (const auto& [address, counted] : rows) CHECK(network_of(address) == counted);
}

TEST_CASE(
    "a session has the authority that its account has now; a sign-in under way when it changed opens nothing more") {
  House house;
  auto sessions = house.sessions();
  // What a sign-in read before an administrator's change was on disk, and what it opens after it.
  auto account = house.account("zhou", "correct horse", {wire::Role::clerk, wire::Role::admin});
  const auto read_before = principal_of(account);
  account.roles = {wire::Role::clerk};
  account.areas = {"370602"};
  set_authority(house.writer(), account);
  const auto opened = sessions.open(read_before);
  house.clock.advance(std::chrono::seconds(1));
  const auto found = sessions.find(opened.token);
  REQUIRE(found.has_value());
  CHECK(found->roles == std::vector{wire::Role::clerk});
  CHECK(found->areas == std::vector<std::string>{"370602"});
  set_disabled(house.writer(), account.id, true, house.clock.now());
  const auto late = sessions.open(read_before);
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!sessions.find(late.token).has_value());

  const auto hash = find_account(house.writer(), "zhou")->password_hash;
  REQUIRE(!set_password(house.writer(), account, "another horse").has_error());
  CHECK_THROWS_AS(sessions.open(read_before, {}, hash), ProblemError);
}

TEST_CASE("names of the single sign-on are nobody else's; a password that is none is refused") {
  House house;
  Account told;
  told.roles = {wire::Role::clerk};
  const auto made = account_of_subject(house.writer(), "https://sso.example", "s-1", told, house.clock.now());
  CHECK(is_single_sign_on(made));
  CHECK(!password_matches(made, ""));
  Account own{"u1", made.user, "x", {wire::Role::clerk}, {}, {}};
  CHECK(add_account(house.writer(), own, "correct horse", house.clock.now()).error().code == "identity.bad_user");
  CHECK(reserve_account(house.writer(), own, house.clock.now()).error().code == "identity.bad_user");
}

TEST_CASE("signed in on one node is signed in on every other, and signed out as well, within a second") {
  House house;
  auto here = house.sessions(), there = house.sessions();
  const auto opened = here.open(clerk(house));
  CHECK(there.find(opened.token).has_value());
  here.close(opened.token);
  CHECK(!here.find(opened.token).has_value());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!there.find(opened.token).has_value());

  // A new password ends the sessions of the old one.
  const Account a{"u1", "li.na", "李娜", {wire::Role::clerk}, {}, {}};
  REQUIRE(!add_account(house.db->writer(), a, "correct horse", house.clock.now()).has_error());
  const auto again = here.open(principal_of(a));
  REQUIRE(!set_password(house.writer(), *find_account(house.writer(), "li.na"), "another horse").has_error());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!here.find(again.token).has_value());
}
