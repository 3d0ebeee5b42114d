// tongdian user: staff accounts on the command line; the first administrator is made here.
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "identity/accounts.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  std::string user, name;
  std::vector<std::string> roles, areas, enterprises;
};

/// From standard input, one line: never on the command line, where others see it.
std::string read_password() {
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

/// Makes the data folder where there is none yet, so that an account can be made before the first start.
std::unique_ptr<Foundation> open(const Place& place) {
  if (!has_city(place)) open_foundation(place, "", Opening::own);
  return open_foundation(place, "", Opening::write);
}

void add(const Options& o) {
  auto f = open(o.place);
  identity::Account account;
  account.id = "u" + f->random.token(6);
  account.user = o.user;
  account.name = o.name.empty() ? o.user : o.name;
  account.areas = o.areas;
  account.enterprises = o.enterprises;
  for (const auto& role : o.roles) account.roles.push_back(*enum_of<wire::Role>(role));
  identity::add_account(f->database->writer(), account, read_password(), SystemClock{}.now()).value();
  std::cout << "account " << o.user << " made\n";
}

void change_password(const Options& o) {
  auto f = open_foundation(o.place, "", Opening::write);
  identity::set_password(f->database->writer(), o.user, read_password()).value();
  std::cout << "password of " << o.user << " changed; whoever was signed in with the old one is signed out\n";
}

}  // namespace

void add_user(CLI::App& program) {
  auto* command = program.add_subcommand("user", "Staff accounts");
  command->require_subcommand(1);
  command->footer("Example: echo 'a long phrase' | tongdian user add --data city --name 管理员 --role admin admin");
  auto o = std::make_shared<Options>();
  auto* add_command = command->add_subcommand("add", "Makes an account; its password is read from standard input");
  add_place(*add_command, o->place);
  add_command->add_option("--name", o->name, "Name as others see it");
  add_command->add_option("--role", o->roles, "admin, clerk, manager or supervisor; may be repeated")
      ->required()
      ->check(CLI::IsMember({"admin", "clerk", "manager", "supervisor"}));
  add_command->add_option("--area", o->areas, "Area codes that they work in; none is every area");
  add_command->add_option("--enterprise", o->enterprises, "Supply enterprises that they work for; none is every one");
  add_command->add_option("USER", o->user, "Account name")->required();
  add_command->footer("Example: echo 'a long phrase' | tongdian user add --role clerk --name 李娜 li.na");
  add_command->callback([o] { add(*o); });
  auto* password = command->add_subcommand("password", "Changes a password, read from standard input");
  add_place(*password, o->place);
  password->add_option("USER", o->user, "Account name")->required();
  password->footer("Example: echo 'another long phrase' | tongdian user password li.na");
  password->callback([o] { change_password(*o); });
}

}  // namespace tongdian::app
