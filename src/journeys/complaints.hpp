// A complaint about how a case was handled: its kind is an event, its words lie in the vault and go with the person.
#pragma once

#include "journeys/requests.hpp"

namespace tongdian::journeys {

/// {about, about_name, text, due_on, overdue, settled}; `text` is null once the person is erased.
json::Object complaint_json(const City& city, store::Session& session, const requests::Request& r);
/// Whether this member of staff has done anything in the case, or has a role in it.
bool had_a_hand(store::Session& session, std::string_view number, const std::string& user);

}  // namespace tongdian::journeys
