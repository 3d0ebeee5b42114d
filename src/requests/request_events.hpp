// The types of a request's events and their payloads' keys: what is written here stays readable for ever.
#pragma once

#include <string_view>

namespace tongdian::requests::events {

inline constexpr std::string_view made = "request.made";            // kind, subject, area, enterprise, content; digest
inline constexpr std::string_view granted = "request.granted";      // words
inline constexpr std::string_view declined = "request.declined";    // words
inline constexpr std::string_view withdrawn = "request.withdrawn";  // nothing
inline constexpr std::string_view settled = "request.settled";      // satisfied
inline constexpr std::string_view reopened = "request.reopened";  // due_on: the answer settled nothing, another is due
// What the clock says of a complaint that waits, as it does of cases.
inline constexpr std::string_view warned = "request.warned";                      // due_on
inline constexpr std::string_view overdue = "request.overdue";                    // due_on
inline constexpr std::string_view escalated = "request.escalated";                // level, due_on, step, answer_by?
inline constexpr std::string_view order_unanswered = "request.order_unanswered";  // answer_by

}  // namespace tongdian::requests::events
