#pragma once

#include "wire/router.hpp"

namespace tongdian::journeys {

struct City;
/// GET /api/v1/cases/{number}/qr.svg.
void add_qr(wire::Router& router, City& city);

}  // namespace tongdian::journeys
