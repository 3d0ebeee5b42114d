// tongdian supply: a case's supply plan computed again from what its event names.
#include <iostream>

#include "app/commands.hpp"
#include "app/foundation.hpp"
#include "app/grid_city.hpp"
#include "connection/events.hpp"
#include "journeys/city.hpp"

namespace tongdian::app {
namespace {

/// The draft of the latest plan reply, or proposal for the whitelist, that has one.
json::Value draft_of(store::Session& session, const std::string& number) {
  const auto found = journeys::find(session, number);
  if (!found)
    throw ProblemError(
        refusal("supply.no_case", {"没有这个案件：" + number, "there is no case " + number},
                {"请核对编号，或用 --data 指明数据目录", "check the number, or name the data folder with --data"}));
  json::Value draft;
  for (const auto& event : found->folded.events)
    if (event.type == connection::events::plan_replied || event.type == connection::events::accepted ||
        event.type == connection::events::whitelist_proposed)
      if (const auto* recorded = event.payload.as_object().if_contains("draft")) draft = *recorded;
  if (draft.is_null())
    throw ProblemError(refusal("supply.no_draft",
                               {"该案件的供电方案未经电网计算", "no draft was computed for the plan of this case"},
                               {"答复方案时给出 draft", "give a draft when the plan is replied to"}));
  return draft;
}

void run(const Place& place, const std::string& pack, const std::string& number, const std::string& network) {
  auto f = open_foundation(place, pack, Opening::read);
  const auto draft = draft_of(*f->database->reader(), number);
  const auto& recorded = draft.as_object();
  const auto& inputs = recorded.at("inputs").as_object();
  auto grid = supply_grid(network.empty() ? std::string(inputs.at("network").as_string()) : network);
  if (const auto* approved = inputs.if_contains("approved"))
    grid->take(journeys::approvals(*f->database->reader(), *f->connection, *grid,
                                   approved->at("through").to_number<std::uint64_t>()));
  if (inputs.at("n_minus_1_checked").as_bool()) grid->compute(2);
  const auto question = json::read<supply::Question>(inputs.at("question")).value();
  const auto again = grid->draft(question);
  const bool same_inputs = again.at("inputs_digest") == recorded.at("inputs_digest");
  const bool same_answer = again.at("answer_digest") == recorded.at("answer_digest");
  std::cout << json::text(json::Object{{"case", number},
                                       {"same_inputs", same_inputs},
                                       {"same_answer", same_answer},
                                       {"recorded", draft},
                                       {"again", again}})
            << '\n';
  if (!same_inputs || !same_answer) exit_code = 1;
}

struct ListArgs {
  std::string network, pack;
  Place place;
  std::optional<std::uint64_t> through;
};

/// The bytes that are published of a network; their SHA-256 is the edition's `list_digest`.
void print_list(const ListArgs& a) {
  auto grid = supply_grid(a.network);
  if (a.through) {
    auto f = open_foundation(a.place, a.pack, Opening::read);
    grid->take(journeys::approvals(*f->database->reader(), *f->connection, *grid, *a.through));
  }
  grid->compute(2);
  std::cout << grid->list("").csv;
}

}  // namespace

void add_supply(CLI::App& program) {
  auto* command = program.add_subcommand("supply", "supply plans: computed again from what they name");
  command->require_subcommand(1);
  command->footer("Example: tongdian supply recompute TD211115-7KQ4MX --data city");
  auto* list = command->add_subcommand("list", "the list of open capacity as it is published of a network, as CSV");
  auto of = std::make_shared<ListArgs>();
  list->add_option("NETWORK", of->network, "made-up, made-up-full, a file or a folder")->required();
  add_place(*list, of->place);
  list->add_option("--pack", of->pack, "Policy pack: an id, or a folder");
  list->add_option(
      "--through", of->through,
      "Count the cases that were approved as the journal stood after this event: an edition's approved_through");
  list->footer("Example: tongdian supply list made-up --data city --through 90210 > list.csv");
  list->callback([of] { print_list(*of); });
  auto* again = command->add_subcommand(
      "recompute",
      "the draft of a case's plan or whitelist entry again, compared with what the case recorded; exit 1 where it differs");
  auto place = std::make_shared<Place>();
  auto pack = std::make_shared<std::string>(), number = std::make_shared<std::string>(),
       network = std::make_shared<std::string>();
  add_place(*again, *place);
  again->add_option("--pack", *pack, "Policy pack: an id, or a folder");
  again->add_option("CASE", *number, "the case's number")->required();
  again->add_option("--network", *network, "Where the network lies that the draft names; not needed for a made-up one");
  again->footer("Example: tongdian supply recompute TD211115-7KQ4MX --data city");
  again->callback([place, pack, number, network] { run(*place, *pack, *number, *network); });
}

}  // namespace tongdian::app
