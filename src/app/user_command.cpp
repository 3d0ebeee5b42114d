// tongdian user: staff accounts on the command line; the first administrator is made here, and whoever has the data folder
// and its keys gets back in.
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "identity/accounts.hpp"
#include "identity/one_time.hpp"
#include "identity/second_factor.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string user, name, breach_list;
  std::vector<std::string> roles, areas, enterprises;
  bool second_factor = false;
};

/// From standard input, one line: never on the command line, where others see it.
std::string read_password() {
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

identity::BreachList breached(const Options& o) {
  identity::BreachList list;
  if (!o.breach_list.empty()) list.load(o.breach_list).value();
  return list;
}

/// Makes the data folder where there is none yet, so that an account can be made before the first start.
std::unique_ptr<Foundation> open(const Place& place) {
  if (!has_city(place)) open_foundation(place, "", Opening::own);
  return open_foundation(place, "", Opening::write);
}

void take_authority(const Options& o, identity::Account& account) {
  account.roles.clear();
  for (const auto& role : o.roles) account.roles.push_back(*enum_of<wire::Role>(role));
  account.areas = o.areas;
  account.enterprises = o.enterprises;
}

void add(const Options& o) {
  auto f = open(o.place);
  identity::Account account;
  account.id = "u" + f->random.token(6);
  account.user = o.user;
  account.name = o.name.empty() ? o.user : o.name;
  take_authority(o, account);
  identity::add_account(f->database->writer(), account, read_password(), SystemClock{}.now(), breached(o)).value();
  std::cout << "account " << o.user << " made\n";
}

/// A change of one account that is there, in one transaction.
template <class Change>
void change(const Options& o, Change change) {
  auto f = open_foundation(o.place, "", Opening::write);
  auto& writer = f->database->writer();
  const auto account = identity::require_account(writer, o.user).value();
  store::Transaction t(writer);
  change(*f, writer, account);
  t.commit();
}

void change_password(const Options& o) {
  change(o, [&](Foundation&, store::Session& writer, const identity::Account& account) {
    identity::set_password(writer, account, read_password(), breached(o)).value();
  });
  std::cout << "password of " << o.user << " changed; whoever was signed in with the old one is signed out\n";
}

void set_disabled(const Options& o, bool disabled) {
  change(o, [&](Foundation&, store::Session& writer, const identity::Account& account) {
    identity::set_disabled(writer, account.id, disabled, SystemClock{}.now());
  });
  std::cout << "account " << o.user << (disabled ? " disabled, and signed out\n" : " enabled\n");
}

/// The code goes to standard output, once: only its digest is kept.
void reset(const Options& o) {
  std::string code;
  change(o, [&](Foundation& f, store::Session& writer, const identity::Account& account) {
    code = identity::issue(writer, *f.vault, f.random, identity::reset_code, account.id, SystemClock{}.now());
    if (o.second_factor) identity::SecondFactor::remove(writer, account.id);
  });
  std::cout << "code for a new password of " << o.user << ", good once, for 24 hours, at /reset: " << code << '\n';
}

void set_role(const Options& o) {
  change(o, [&](Foundation&, store::Session& writer, identity::Account account) {
    take_authority(o, account);
    identity::set_authority(writer, account);
  });
  std::cout << "authority of " << o.user << " changed, and signed out\n";
}

json::Object listed(const identity::Account& a) {
  return {{"user", a.user},
          {"id", a.id},
          {"name", a.name},
          {"roles", json::write(a.roles)},
          {"areas", json::write(a.areas)},
          {"enterprises", json::write(a.enterprises)},
          {"second_factor", !a.totp.empty()},
          {"disabled", a.disabled}};
}

void list(const Options& o) {
  auto f = open_foundation(o.place, "", Opening::read);
  json::Array rows;
  for (const auto& account : identity::all_accounts(*f->database->reader())) rows.push_back(listed(account));
  for (const auto& row : rows) std::cout << json::text(row) << '\n';
}

void add_authority(CLI::App& command, const std::shared_ptr<Options>& o) {
  command.add_option("--role", o->roles, "admin, clerk, manager or supervisor; may be repeated")
      ->required()
      ->check(CLI::IsMember({"admin", "clerk", "manager", "supervisor"}));
  command.add_option("--area", o->areas, "Area codes that they work in; none is every area");
  command.add_option("--enterprise", o->enterprises, "Supply enterprises that they work for; none is every one");
}

void add_breach_list(CLI::App& command, const std::shared_ptr<Options>& o) {
  command.add_option("--breach-list", o->breach_list, "File of breached passwords, none of which is taken")
      ->envname("TONGDIAN_BREACH_LIST");
}

CLI::App* add_one(CLI::App& command, const std::shared_ptr<Options>& o, const char* name, const char* what,
                  const char* example, void (*run)(const Options&)) {
  auto* one = command.add_subcommand(name, what);
  add_place(*one, o->place);
  one->add_option("USER", o->user, "Account name")->required();
  one->footer(std::string("Example: ") + example);
  one->callback([o, run] { run(*o); });
  return one;
}

}  // namespace

void add_user(CLI::App& program) {
  auto* command = program.add_subcommand("user", "Staff accounts");
  command->require_subcommand(1);
  command->footer("Example: echo 'a long phrase' | tongdian user add --data city --name 管理员 --role admin admin");
  auto o = std::make_shared<Options>();
  auto* made = add_one(*command, o, "add", "Makes an account; its password is read from standard input",
                       "echo 'a long phrase' | tongdian user add --role clerk --name 李娜 li.na", add);
  made->add_option("--name", o->name, "Name as others see it");
  add_authority(*made, o);
  add_breach_list(*made, o);
  add_breach_list(*add_one(*command, o, "password", "Changes a password, read from standard input",
                           "echo 'another long phrase' | tongdian user password li.na", change_password),
                  o);
  add_one(*command, o, "disable", "Signs an account out and lets it in no more", "tongdian user disable li.na",
          [](const Options& options) { set_disabled(options, true); });
  add_one(*command, o, "enable", "Lets a disabled account in again", "tongdian user enable li.na",
          [](const Options& options) { set_disabled(options, false); });
  add_one(*command, o, "reset", "Prints a code by which its owner sets a new password", "tongdian user reset li.na",
          reset)
      ->add_flag("--second-factor", o->second_factor, "Also removes the second factor: the phone is lost");
  add_authority(*add_one(*command, o, "role", "Sets what an account may do and where, in the place of what it was",
                         "tongdian user role --role clerk --role manager --area 370602 li.na", set_role),
                o);
  auto* listing = command->add_subcommand("list", "Prints every account, one a line, as JSON");
  add_place(*listing, o->place);
  listing->footer("Example: tongdian user list --data city");
  listing->callback([o] { list(*o); });
}

}  // namespace tongdian::app
