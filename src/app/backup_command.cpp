// tongdian backup, tongdian restore.
#include <iostream>

#include "app/backup.hpp"
#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/progress.hpp"

namespace tongdian::app {
namespace {

void run_backup(const BackupOrder& order) {
  Progress progress("copying pages");
  const auto manifest = back_up(order, SystemClock{}, [&](std::uint64_t n, std::uint64_t) { progress.at(n); });
  progress.done();
  std::cout << json::text(json::write(manifest)) << '\n';
  if (order.keys_to.empty())
    std::cerr << "the keys are not in the backup, and without them it cannot be restored: copy them with --keys-to, to "
                 "another place\n";
}

void run_restore(const RestoreOrder& order) {
  Progress progress("verifying events");
  const auto manifest = restore(order, [&](std::uint64_t n, std::uint64_t) { progress.at(n); });
  progress.done();
  std::cout << json::text(json::Object{{"data", order.data.string()},
                                       {"made_at", manifest.made_at},
                                       {"journal_size", manifest.journal_size},
                                       {"head", manifest.head},
                                       {"erased_again", manifest.erased_again},
                                       {"sound", true}})
            << '\n';
  std::cerr << "restored and verified; tongdian replay --data " << order.data.string()
            << " compares every view, tongdian serve goes on\n";
}

}  // namespace

void add_backup(CLI::App& program) {
  auto* command = program.add_subcommand("backup", "Copies a city's data while it runs; the keys go to another place");
  auto o = std::make_shared<BackupOrder>();
  add_place(*command, o->place);
  command->add_option("--to", o->to, "A new folder, or a new file *.tar, *.tar.zst or *.tar.gz")->required();
  command->add_option("--keys-to", o->keys_to, "Folder for the keys, apart from the backup");
  command->footer("Example: tongdian backup --data city --to /backup/2026-11-24.tar.zst --keys-to /media/keys/city");
  command->callback([o] { run_backup(*o); });
}

void add_restore(CLI::App& program) {
  auto* command = program.add_subcommand(
      "restore", "Brings a backup back into a new folder and verifies all of it; exit 1 where it is damaged");
  auto o = std::make_shared<RestoreOrder>();
  command->add_option("--from", o->from, "The backup: its folder or file")->required()->check(CLI::ExistingPath);
  command->add_option("--keys", o->keys, "The folder that the keys were copied to")->required();
  command->add_option("--data", o->data, "The new data folder")->required();
  command
      ->add_option("--erasures", o->erasures,
                   "A list of the erased that is newer than the one beside the keys: OLD_DATA/erasures.jsonl")
      ->check(CLI::ExistingFile);
  command->footer("Example: tongdian restore --from /backup/2026-11-24.tar.zst --keys /media/keys/city --data city");
  command->callback([o] { run_restore(*o); });
}

}  // namespace tongdian::app
