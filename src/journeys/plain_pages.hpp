// Pages that only inform, as words in HTML: for who has no script, and for what is read before it runs.
#pragma once

#include <functional>

#include "wire/router.hpp"

namespace tongdian::journeys {

struct City;

/// Answers, now or later, with what /rules and /durations say, put into the page by `filled`; false for every other address.
bool inform(City& city, const wire::RequestPtr& request, const wire::Reply& reply,
            std::function<wire::Response(const std::string& html)> filled);

}  // namespace tongdian::journeys
