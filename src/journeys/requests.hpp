// Requests as the contract shows them, and how one is made.
#pragma once

#include "journeys/city.hpp"
#include "requests/request.hpp"

namespace tongdian::journeys {

Problem no_request();
/// {kind, name}: a customer has no name here.
json::Object actor_json(const City& city, store::Session& session, const engine::Actor& actor);
json::Object request_json(const City& city, store::Session& session, const requests::Request& r,
                          const wire::Principal& reader);
/// Of the request that is made under this key: who sends it again, for the answer was lost, is not told that it waits already.
std::string request_id(const City& city, const std::string& key);
/// What goes to the vault with a request, and the words as they came: by them, where there are any, a key is known
/// to be used for the same again.
struct InTheVault {
  std::string words{};
  std::optional<journal::Sealed> sealed{};
};
/// Makes it under the caller's idempotency key, with what belongs in the vault, and answers with it (201) once it is on disk.
void make_request(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const std::string& key,
                  engine::Actor actor, requests::Make make, InTheVault said = {});
/// Whether this is an administrator of all that the calendar of the district, or with an empty code of the city, is for.
bool may_change_calendar(const wire::Principal& who, const std::string& area);
/// Whether an administrator may have to do with this account: all of its places are within their own.
bool within_authority(const wire::Principal& admin, const identity::Account& account);

}  // namespace tongdian::journeys
