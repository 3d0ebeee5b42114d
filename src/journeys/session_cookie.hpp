#pragma once

#include <string>

#include "wire/message.hpp"

namespace tongdian::journeys {

/// The session's cookie: until the browser closes, not for scripts, not across sites.
void set_session_cookie(wire::Response& response, const std::string& token, bool secure);

}  // namespace tongdian::journeys
