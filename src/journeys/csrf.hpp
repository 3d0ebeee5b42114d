// The CSRF token where a public route acts in the name of a session.
#pragma once

#include "wire/message.hpp"

namespace tongdian::journeys {

std::optional<Problem> csrf_objection(const wire::Request& request);

}  // namespace tongdian::journeys
