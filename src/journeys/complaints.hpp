// A complaint about how a case was handled: its kind is an event, its words lie in the vault and go with the person.
#pragma once

#include "journeys/requests.hpp"

namespace tongdian::journeys {

/// {about, about_name, area_name, text, due_on, overdue, settled}; `text` is null once the person is erased.
json::Object complaint_json(const City& city, store::Session& session, const requests::Request& r);
/// What the list of complaints answers: they, what may be complained of, and within how many working days there is an answer.
json::Object complaints_json(const City& city, store::Session& session, const std::vector<requests::Request>& those,
                             const wire::Principal& reader);
/// `requests.no_complaints`, and what is wrong with the two.
std::optional<Problem> complaint_defect(const std::string& about, const std::string& text, const policy::Pack& pack);
/// Where one about the same waits already: whoever complains a hundred times does not bury what others say.
std::optional<Problem> waits_already(const std::vector<requests::Request>& those, const std::string& about);
/// What goes on with its request: sealed, and belonging to the person of this row.
struct Complaint {
  std::string about, text, subject, area, enterprise;
  std::int64_t person = 0;
};
void make_complaint(City& city, const wire::RequestPtr& request, const wire::Reply& reply, const std::string& key,
                    engine::Actor actor, const Complaint& complaint);
/// In whose name this complaint is settled, or why they may not.
using Settler = Result<engine::Actor> (*)(const City& city, const wire::Request& request, const std::string& id);
/// Says whether the answer settled it, and answers with the complaint.
void settle_complaint(City& city, const wire::RequestPtr& request, const wire::Reply& reply, Settler settler);
/// Whether this member of staff has done anything in the case, or has a role in it.
bool had_a_hand(store::Session& session, std::string_view number, const std::string& user);

}  // namespace tongdian::journeys
