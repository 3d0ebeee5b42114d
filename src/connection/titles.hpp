// What happened, as people say it.
#pragma once

#include "engine/behaviour.hpp"
#include "policy/pack.hpp"

namespace tongdian::connection {

Sentence title_of(const engine::Event& event, const policy::Pack& pack);
/// The technical words that staff wrote with it; empty where there are none.
std::string note_of(const engine::Event& event);
Sentence hand_over_name(std::string_view reason, const policy::Pack& pack);
/// What the customer is told of the event; used by notify.
Sentence notice_of(std::string_view type, std::string_view number);

}  // namespace tongdian::connection
