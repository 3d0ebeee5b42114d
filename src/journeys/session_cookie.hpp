#pragma once

#include <string>

#include "journeys/city.hpp"
#include "wire/message.hpp"

namespace tongdian::journeys {

/// The session's cookie: until the browser closes, not for scripts, not across sites.
void set_session_cookie(wire::Response& response, const std::string& token, bool secure);
/// The contract's Session.
json::Object session_json(const wire::Principal& who);
/// A session with its cookie, under a new token always; the one that the request came with is over.
/// `password_hash` as in `Sessions::open`.
wire::Response open_session(City& city, const wire::Request& request, wire::Principal who,
                            const std::string& password_hash = {});

}  // namespace tongdian::journeys
