// GET /api/v1/packs, GET /api/v1/packs/{pack}/what-if: how another pack differs from the city's, in words, and what it would
// have made of the past.
#include <algorithm>
#include <filesystem>
#include <mutex>

#include "connection/what_if.hpp"
#include "journal/journal.hpp"
#include "journeys/city.hpp"
#include "policy/compare.hpp"
#include "policy/explain.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

/// Cases that are listed one by one; the sums are over all of them, and the command lists all.
constexpr std::size_t most_cases = 500;

/// Ids of the packs beside the city's own, examples included.
std::vector<std::string> pack_ids() {
  std::vector<std::string> out;
  std::error_code none;
  const auto packs = policy::packs_folder();
  for (const auto& folder : {packs, packs / "examples"})
    for (const auto& entry : std::filesystem::directory_iterator(folder, none))
      if (std::filesystem::is_regular_file(entry.path() / "pack.yaml", none))
        out.push_back(entry.path().filename().string());
  std::ranges::sort(out);
  return out;
}

json::Object named(const policy::Pack& pack) {
  return {{"id", pack.id()}, {"version", pack.version()}, {"title", policy::to_json(pack.title())}};
}

json::Value list(const City& city) {
  json::Array packs;
  for (const auto& id : pack_ids()) {
    const auto folder = policy::find_pack(id);
    const auto pack = folder ? policy::load_pack(*folder) : Result<std::shared_ptr<const policy::Pack>>(folder.error());
    if (!pack || (*pack)->id() == city.pack().id()) continue;
    packs.push_back(named(**pack));
  }
  return json::Object{{"own", named(city.pack())}, {"packs", std::move(packs)}};
}

Result<wire::Response> replay(const City& city, const wire::Request& request) {
  const std::string id(request.parameter("pack"));
  // Only what the list has: a name from outside never becomes a path.
  const auto ids = pack_ids();
  if (std::ranges::find(ids, id) == ids.end())
    return refusal("pack.not_found", {"没有这个政策包", "there is no such pack"},
                   {"请从列表中选择", "choose one of the list"});
  const auto pack = policy::load_pack(policy::find_pack(id).value());
  if (!pack) return pack.error();
  auto then_calendar = calendar::load_for((*pack)->calendar_files(), {});
  if (!then_calendar) return then_calendar.error();
  const auto now_calendar = city.connection.calendar();
  const auto& who = request.principal;
  connection::WhatIf what_if(
      **pack, {now_calendar.get(), city.pack().zone()}, {&*then_calendar, (*pack)->zone()},
      [&who](const connection::CaseState& s) { return within_district(who, s.area, s.enterprise); });
  auto reader = city.database.reader();
  journal::read_all(*reader, 0,
                    [&](std::uint64_t, std::string_view bytes) { what_if.take(journal::decode(bytes).value()); });
  json::Object out{{"pack", named(**pack)},
                   {"own", named(city.pack())},
                   {"differences", policy::to_json(policy::compare(city.pack(), **pack))}};
  for (auto& [key, value] : to_json(what_if.finish(), most_cases)) out.emplace(key, std::move(value));
  return wire::json_response(out);
}

/// One at a time: it reads the whole journal, and a city has other work to do.
void replay_alone(const City& city, const wire::Request& request, const wire::Reply& reply) {
  static std::mutex mutex;
  const std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock)
    return reply(failure("engine.overloaded", {"另一次推演正在进行", "another replay is running"},
                         {"请稍后再试", "try again in a moment"}));
  reply(replay(city, request));
}

}  // namespace

void add_what_if(wire::Router& router, City& city) {
  using wire::Access;
  using wire::Role;
  const auto access = Access::staff({Role::manager, Role::supervisor, Role::admin});
  router.get("/api/v1/packs", access,
             [&city](const wire::Request&) -> Result<wire::Response> { return wire::json_response(list(city)); });
  router.get("/api/v1/packs/{pack}/what-if", access.within(Access::Reach::rows),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               city.workers.answer(reply, [&city, request, reply] { replay_alone(city, *request, reply); });
             });
}

}  // namespace tongdian::journeys
