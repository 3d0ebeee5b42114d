// Requests as the contract shows them, and how one is made.
#pragma once

#include "journeys/city.hpp"
#include "requests/request.hpp"

namespace tongdian::journeys {

json::Object request_json(const City& city, store::Session& session, const requests::Request& r,
                          const wire::Principal& reader);
/// Makes it under the caller's idempotency key, and answers with it (201) once it is on disk.
void make_request(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const std::string& key,
                  engine::Actor actor, requests::Make make);
/// Whether an administrator may have to do with this account: all of its places are within their own.
bool within_authority(const wire::Principal& admin, const identity::Account& account);

}  // namespace tongdian::journeys
