// Who gets in, and who does not, as tables.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>

#include "base/files.hpp"
#include "identity/house_for_tests.hpp"
#include "identity/lockout.hpp"
#include "identity/one_time.hpp"
#include "identity/passwords.hpp"
#include "identity/sign_in.hpp"
#include "identity/totp.hpp"

using namespace tongdian;
using namespace tongdian::identity;

namespace {

const std::string password = "correct horse";

std::string code(const SignIn::Outcome& o) { return o.account ? "in" : o.problem.problem.code; }

/// An account with an authenticator whose secret we know.
struct Enrolled {
  House house;
  SecondFactor factor{house.vault, house.random};
  SignIn sign_in{*house.db, house.vault, house.random, house.clock, house.write()};
  Bytes secret;
  std::vector<std::string> recovery;

  Enrolled() {
    const auto account = house.account("li.na", password);
    // What the page shows is read back from base32, as an authenticator does.
    const auto shown = house.in_transaction([&](auto& w) { return factor.begin(w, account, "city"); });
    secret = from_base32(shown.secret);
    recovery = house
                   .in_transaction([&](auto& w) {
                     return factor.confirm(w, *find_account(w, "li.na"), now_code(), house.clock.now());
                   })
                   .value();
    house.clock.advance(std::chrono::minutes(5));
  }
  std::string now_code(int steps = 0) { return totp::code(secret, totp::step_of(house.clock.now()) + steps); }

  static Bytes from_base32(std::string_view text) {
    Bytes out;
    std::uint32_t held = 0;
    int bits = 0;
    for (const char c : text) {
      held = (held << 5) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((bits += 5) >= 8) out.push_back(static_cast<std::uint8_t>(held >> (bits -= 8)));
    }
    return out;
  }
};

}  // namespace

TEST_CASE("TOTP: the vectors of RFC 6238, appendix B") {
  const auto secret = bytes_of("12345678901234567890");
  const std::pair<std::int64_t, const char*> rows[] = {{59, "94287082"},         {1111111109, "07081804"},
                                                       {1111111111, "14050471"}, {1234567890, "89005924"},
                                                       {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, expected] : rows)
    CHECK(totp::code(secret, totp::step_of(from_ms(seconds * 1000)), 8) == expected);
}

TEST_CASE("base32: the vectors of RFC 4648, without padding") {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "MY"},
                                                      {"fo", "MZXQ"},
                                                      {"foo", "MZXW6"},
                                                      {"foob", "MZXW6YQ"},
                                                      {"fooba", "MZXW6YTB"},
                                                      {"foobar", "MZXW6YTBOI"}};
  for (const auto& [plain, coded] : rows) CHECK(totp::base32(bytes_of(plain)) == coded);
}

TEST_CASE("which codes of an authenticator are taken: its own step and its neighbours, each once, none older") {
  const auto secret = bytes_of("12345678901234567890");
  const Instant now = from_ms(1'111'111'109'000);
  const auto step = totp::step_of(now);
  struct Row {
    int offset;
    std::int64_t last;  ///< relative to now's step
    bool taken;
  };
  const Row rows[] = {{0, -100, true}, {-1, -100, true}, {1, -100, true}, {-2, -100, false}, {2, -100, false},
                      {0, 0, false},   {0, -1, true},    {-1, -1, false}, {-1, 0, false},    {1, 0, true}};
  for (const auto& [offset, last, taken] : rows) {
    CAPTURE(offset);
    CAPTURE(last);
    CHECK(totp::match(secret, totp::code(secret, step + offset), now, step + last).has_value() == taken);
  }
  for (const char* wrong : {"", "0", "12345", "1234567", "abcdef", "０１２３４５"})
    CHECK_FALSE(totp::match(secret, wrong, now, 0).has_value());
  const auto spaced = totp::code(secret, step).insert(3, " ");
  CHECK(totp::match(secret, spaced, now, 0) == step);
}

TEST_CASE("what may be a password") {
  const BreachList own;
  const std::pair<const char*, const char*> rows[] = {
      {"correct horse", ""},
      {"九个字的中文口令短", "identity.short_password"},
      {"十个字的中文口令短语好", ""},
      {"123456789", "identity.short_password"},
      {"1234567890", "identity.common_password"},
      {"09876543210", "identity.common_password"},
      {"aaaaaaaaaaaa", "identity.common_password"},
      {"abababababab", "identity.common_password"},
      {"QWERTYUIOP", "identity.common_password"},
      {"Password123", "identity.common_password"},
      {"woaini1314", "identity.common_password"},
      {"zhang.wei1", "identity.common_password"},
      {"zhang.wei and the sea", ""},
      {"tongdian-demo", ""},
  };
  for (const auto& [given, expected] : rows) {
    CAPTURE(given);
    const auto problem = password_objection(given, "zhang.wei", own);
    CHECK((problem ? problem->code : "") == expected);
  }
  CHECK(password_objection(std::string(201, 'x') + "y", "u", own)->code == "identity.long_password");
}

TEST_CASE("a larger list: plain lines and SHA-1 lines") {
  const TemporaryFolder folder;
  const auto file = folder.path / "list";
  // The second is SHA-1 of "a rather long phrase".
  write_file_atomically(file, "some leaked phrase\r\n0014F983657FBF9003893018EAB25C7468E2494B:42\n\n").value();
  BreachList list;
  const auto own = list.size();
  REQUIRE(!list.load(file).has_error());
  CHECK(list.size() == own + 2);
  CHECK(list.contains("some leaked phrase"));
  CHECK(list.contains("Some Leaked Phrase"));
  CHECK(list.contains("a rather long phrase"));
  CHECK_FALSE(list.contains("0014F983657FBF9003893018EAB25C7468E2494B:42"));
  CHECK(list.load(folder.path / "none").error().code == "identity.breach_list");
}

TEST_CASE("signing in with a second factor") {
  Enrolled e;
  CHECK(code(e.sign_in.staff("li.na", password, "")) == "identity.second_factor");
  CHECK(code(e.sign_in.staff("li.na", "wrong horse", e.now_code())) == "identity.wrong_password");
  CHECK(code(e.sign_in.staff("li.na", password, "000000")) == "identity.wrong_code");
  const auto good = e.now_code();
  CHECK(code(e.sign_in.staff("li.na", password, good)) == "in");
  CHECK(code(e.sign_in.staff("li.na", password, good)) == "identity.wrong_code");  // replayed
  CHECK(code(e.sign_in.staff("li.na", password, e.now_code(-1))) ==
        "identity.wrong_code");  // older than one that was taken
  CHECK(code(e.sign_in.staff("li.na", password, e.now_code(1))) == "in");
  CHECK(e.house.writer().text("SELECT user_name FROM account WHERE totp IS NOT NULL") == "li.na");
}

TEST_CASE("a second factor that is confirmed twice at once is set once, and stays") {
  House house;
  const SecondFactor factor{house.vault, house.random};
  const auto account = house.account("li.na", password);
  const auto shown = house.in_transaction([&](auto& w) { return factor.begin(w, account, "city"); });
  const auto code = totp::code(Enrolled::from_base32(shown.secret), totp::step_of(house.clock.now()));
  // Both requests have read the account before either is written.
  const auto pending = *find_account(house.writer(), "li.na");
  const auto confirm = [&] {
    return house.in_transaction([&](auto& w) { return factor.confirm(w, pending, code, house.clock.now()); });
  };
  CHECK(confirm().has_value());
  CHECK(confirm().error().code == "identity.no_enrolment");
  CHECK(!find_account(house.writer(), "li.na")->totp.empty());
}

TEST_CASE("a recovery code is good once, however it is typed") {
  Enrolled e;
  REQUIRE(e.recovery.size() == 10);
  CHECK(code(e.sign_in.staff("li.na", password, e.recovery[0])) == "in");
  CHECK(code(e.sign_in.staff("li.na", password, e.recovery[0])) == "identity.wrong_code");
  auto typed = e.recovery[1];
  typed.erase(5, 1);
  std::ranges::transform(typed, typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  CHECK(code(e.sign_in.staff("li.na", password, typed)) == "in");
  CHECK(SecondFactor::recovery_codes_left(e.house.writer(), "u-li.na") == 8);
  SecondFactor::remove(e.house.writer(), "u-li.na");
  CHECK(code(e.sign_in.staff("li.na", password, "")) == "in");
}

TEST_CASE("failures in a row lock, for longer and longer, and tell nothing of the name") {
  House house;
  house.account("li.na", password);
  const SignIn sign_in{*house.db, house.vault, house.random, house.clock, house.write()};
  for (const char* user : {"li.na", "nobody.here"}) {
    CAPTURE(user);
    for (int i = 0; i < 10; ++i) CHECK(code(sign_in.staff(user, "wrong horse", "")) == "identity.wrong_password");
    const auto locked = sign_in.staff(user, password, "");
    CHECK(code(locked) == "identity.too_many");
    CHECK(locked.problem.wait == std::chrono::minutes(5));
    house.clock.advance(std::chrono::minutes(5));
    CHECK(code(sign_in.staff(user, "wrong horse", "")) == "identity.wrong_password");
    CHECK(sign_in.staff(user, password, "").problem.wait == std::chrono::minutes(10));
    house.clock.advance(std::chrono::minutes(10));
  }
  CHECK(code(sign_in.staff("li.na", password, "")) == "in");
  CHECK(code(sign_in.staff("li.na", "wrong horse", "")) == "identity.wrong_password");
  CHECK(code(sign_in.staff("li.na", password, "")) == "in");  // a success forgets

  // So does a new password: whoever forgot theirs has locked themselves out.
  for (int i = 0; i < 10; ++i) CHECK(code(sign_in.staff("li.na", "wrong horse", "")) == "identity.wrong_password");
  CHECK(code(sign_in.staff("li.na", password, "")) == "identity.too_many");
  sign_in.unlock(house.writer(), "li.na");
  CHECK(code(sign_in.staff("li.na", password, "")) == "in");
}

TEST_CASE("who knows a name does not lock the browsers that its owner signs in with") {
  House house;
  const auto li_na = house.account("li.na", password);
  house.account("wang.wei", password);
  const SignIn sign_in{*house.db, house.vault, house.random, house.clock, house.write()};
  const auto kept = sign_in.new_browser(li_na);
  const auto browser = sign_in.known_browser("li.na", kept);
  REQUIRE(!browser.empty());
  CHECK(sign_in.browser_cookie("li.na") != sign_in.browser_cookie("wang.wei"));
  auto forged = kept;
  forged.back() = forged.back() == '0' ? '1' : '0';
  struct Row {
    const char *what, *user;
    std::string kept;
  };
  for (const auto& row :
       {Row{"another's", "wang.wei", kept}, Row{"nobody's", "nobody.here", kept}, Row{"made up", "li.na", forged},
        Row{"cut", "li.na", kept.substr(1)}, Row{"none", "li.na", ""}}) {
    CAPTURE(row.what);
    CHECK(sign_in.known_browser(row.user, row.kept).empty());
  }
  for (int i = 0; i < 10; ++i) CHECK(code(sign_in.staff("li.na", "wrong horse", "")) == "identity.wrong_password");
  CHECK(code(sign_in.staff("li.na", password, "")) == "identity.too_many");
  CHECK(code(sign_in.staff("li.na", password, "", browser)) == "in");
  CHECK(code(sign_in.again(li_na.id, password, "", false)) == "in");  // what they do while signed in
  // Its own failures lock it, and nothing else.
  house.clock.advance(std::chrono::minutes(5));
  for (int i = 0; i < 10; ++i)
    CHECK(code(sign_in.staff("li.na", "wrong horse", "", browser)) == "identity.wrong_password");
  CHECK(code(sign_in.staff("li.na", password, "", browser)) == "identity.too_many");
  CHECK(code(sign_in.staff("li.na", password, "")) == "in");
  // A new password knows no browser: whoever forgot theirs, at their own desk, gets in with it.
  set_password(house.writer(), li_na, "another long password").value();
  CHECK(sign_in.known_browser("li.na", kept).empty());
}

TEST_CASE("a disabled account is told so by its password only, and its sessions are over") {
  House house;
  const auto account = house.account("li.na", password);
  auto sessions = house.sessions();
  const auto opened = sessions.open(principal_of(account));
  set_disabled(house.writer(), account.id, true, house.clock.now());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(!sessions.find(opened.token).has_value());
  const SignIn sign_in{*house.db, house.vault, house.random, house.clock, house.write()};
  CHECK(code(sign_in.staff("li.na", password, "")) == "identity.disabled");
  CHECK(code(sign_in.staff("li.na", "wrong horse", "")) == "identity.wrong_password");
  set_disabled(house.writer(), account.id, false, house.clock.now());
  CHECK(code(sign_in.staff("li.na", password, "")) == "in");
}

TEST_CASE("a one-time code: once, in its time, in its tries, for its subject and purpose") {
  House house;
  const auto issue_one = [&](const OneTimeKind& kind) {
    return house.in_transaction(
        [&](auto& w) { return issue(w, house.vault, house.random, kind, "who", house.clock.now()); });
  };
  const auto redeems = [&](const OneTimeKind& kind, const char* who, const std::string& given) {
    return house.in_transaction([&](auto& w) { return redeem(w, house.vault, kind, who, given, house.clock.now()); });
  };
  const auto first = issue_one(phone_code), second = issue_one(phone_code);
  CHECK(first.size() == 6);
  CHECK_FALSE(redeems(phone_code, "who", first));  // a newer one is out
  CHECK_FALSE(redeems(phone_code, "else", second));
  CHECK_FALSE(redeems(reset_code, "who", second));
  CHECK(redeems(phone_code, "who", second));
  CHECK_FALSE(redeems(phone_code, "who", second));  // replayed

  const auto guessed = issue_one(phone_code);
  for (int i = 0; i < 5; ++i) CHECK_FALSE(redeems(phone_code, "who", "wrong"));
  CHECK_FALSE(redeems(phone_code, "who", guessed));  // its tries are spent
  const auto late = issue_one(phone_code);
  house.clock.advance(std::chrono::minutes(5));
  CHECK_FALSE(redeems(phone_code, "who", late));
  CHECK(house.writer().text("SELECT subject FROM one_time_code WHERE 1 = 0") == std::nullopt);
}

TEST_CASE("sessions are listed for their owner, and end one by one or all but this") {
  House house;
  const auto account = house.account("li.na", password);
  auto sessions = house.sessions();
  const auto here = sessions.open(principal_of(account), {"10.0.0.1", "a browser"});
  const auto there = sessions.open(principal_of(account), {"10.0.0.2", "another"});
  CHECK(here.token != there.token);
  auto list = sessions.of(account.id);
  REQUIRE(list.size() == 2);
  CHECK_FALSE(sessions.close_one("u-else", there.principal.session));
  CHECK(sessions.close_one(account.id, there.principal.session));
  CHECK(!sessions.find(there.token).has_value());
  CHECK(sessions.find(here.token).has_value());
  const auto third = sessions.open(principal_of(account));
  sessions.close_others(account.id, here.principal.session);
  CHECK(!sessions.find(third.token).has_value());
  CHECK(sessions.find(here.token).has_value());
  REQUIRE(!set_password(house.writer(), account, "another long horse", {}, here.principal.session).has_error());
  house.clock.advance(std::chrono::seconds(1));
  CHECK(sessions.find(here.token).has_value());
}
