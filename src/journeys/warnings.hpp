// What staff must know before they go on: shown over the inbox and by /health.
#pragma once

#include "journeys/city.hpp"

namespace tongdian::journeys {

json::Array staff_warnings(const City& city, store::Session& session);

}  // namespace tongdian::journeys
