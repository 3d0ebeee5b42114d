// tongdian key: service accounts for other systems, each by its key.
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "base/time_text.hpp"
#include "identity/service_keys.hpp"

namespace tongdian::app {
namespace {

struct Options {
  Place place;
  identity::ServiceKey key;
  int days = 365;
};

template <class Change>
void change(const Options& o, Change change) {
  auto f = open_foundation(o.place, "", Opening::write);
  store::Transaction t(f->database->writer());
  change(*f, f->database->writer());
  t.commit();
}

void add(const Options& o) {
  std::string whole;
  change(o, [&](Foundation& f, store::Session& writer) {
    auto key = o.key;
    key.made_by = "operator";
    key.made_at = SystemClock{}.now();
    key.until = key.made_at + std::chrono::days(o.days);
    whole = identity::make_key(writer, f.random, key).value();
  });
  std::cout << whole << '\n';
}

void revoke(const Options& o) {
  bool done = false;
  change(o, [&](Foundation&, store::Session& writer) {
    done = identity::revoke_key(writer, o.key.id, SystemClock{}.now());
  });
  if (!done)
    throw ProblemError(refusal("identity.not_found",
                               {"没有这个密钥，或已撤销", "there is no such key, or it is revoked"},
                               {"用 tongdian key list 核对", "look with tongdian key list"}));
  std::cout << "key " << o.key.id << " revoked\n";
}

void list(const Options& o) {
  auto f = open_foundation(o.place, "", Opening::read);
  const Zone zone = f->pack->zone();
  for (const auto& k : identity::all_keys(*f->database->reader()))
    std::cout << json::text(json::Object{
                     {"id", k.id},
                     {"name", k.name},
                     {"scopes", json::write(k.scopes)},
                     {"areas", json::write(k.areas)},
                     {"enterprises", json::write(k.enterprises)},
                     {"made_by", k.made_by},
                     {"made_at", format_instant(k.made_at, zone)},
                     {"until", format_instant(k.until, zone)},
                     {"revoked_at", k.revoked_at ? json::Value(format_instant(*k.revoked_at, zone)) : json::Value()}})
              << '\n';
}

}  // namespace

void add_key(CLI::App& program) {
  auto* command = program.add_subcommand("key", "Keys of other systems that call the interface");
  command->require_subcommand(1);
  command->footer("Example: tongdian key add --data city --scope leads 政务审批平台");
  auto o = std::make_shared<Options>();
  auto* made = command->add_subcommand("add", "Makes a key and prints it, once: only its digest is kept");
  add_place(*made, o->place);
  made->add_option("--scope", o->key.scopes, "leads (opens cases), cases (reads them, masked); may be repeated")
      ->required();
  made->add_option("--area", o->key.areas, "Area codes that it reaches; none is every area");
  made->add_option("--enterprise", o->key.enterprises, "Supply enterprises that it reaches; none is every one");
  made->add_option("--days", o->days, "How long it is good")->check(CLI::Range(1, 3650))->capture_default_str();
  made->add_option("NAME", o->key.name, "What system it is")->required();
  made->footer("Example: tongdian key add --scope leads --area 370602 政务审批平台");
  made->callback([o] { add(*o); });
  auto* revoked = command->add_subcommand("revoke", "Makes a key worthless, at once");
  add_place(*revoked, o->place);
  revoked->add_option("ID", o->key.id, "Its id, as `key list` shows it")->required();
  revoked->footer("Example: tongdian key revoke k1a2b3c4d5e6");
  revoked->callback([o] { revoke(*o); });
  auto* listing = command->add_subcommand("list", "Prints every key, one a line, as JSON, without its secret");
  add_place(*listing, o->place);
  listing->footer("Example: tongdian key list --data city");
  listing->callback([o] { list(*o); });
}

}  // namespace tongdian::app
