#pragma once

#include "journeys/city.hpp"

namespace tongdian::journeys {

/// The account that a sign-in name, or "me", stands for; `connection.unknown_account` where there is none.
Result<std::string> member_of(const City& city, const wire::Request& request, std::string_view name);

}  // namespace tongdian::journeys
