#include "supervision/orders.hpp"

#include "base/time_text.hpp"
#include "connection/events.hpp"

namespace tongdian::supervision {
namespace {

namespace ev = connection::events;

std::string_view text(const json::Value& payload, std::string_view key) {
  const auto* v = payload.is_object() ? payload.get_object().if_contains(key) : nullptr;
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

}  // namespace

void Orders::see(const Trail& t, const Moved& moved, const journal::Event& e, const Days& days) {
  const auto found = by_case_.find(t.number);
  Order* order = found == by_case_.end() ? nullptr : &orders_[found->second];
  if (order && (moved.finished || moved.withdrawn)) order->closed_at = e.recorded_at;
  if (e.type == ev::escalated) {
    const LocalDate due_on = parse_date(text(e.payload, "due_on")).value_or(LocalDate{});
    if (const auto answer_by = parse_date(text(e.payload, "answer_by")); answer_by && !order) {
      const int year = static_cast<int>(std::chrono::year_month_day{days.zone.date_of(e.recorded_at)}.year());
      by_case_[t.number] = orders_.size();
      orders_.push_back({year,
                         ++numbers_[year],
                         t.number,
                         t.area,
                         t.enterprise,
                         e.position,
                         e.recorded_at,
                         due_on,
                         *answer_by,
                         {},
                         {},
                         {},
                         {},
                         false});
    }
    if (text(e.payload, "step") == "named")
      bulletin_.push_back({t.number, t.area, t.enterprise, e.position, e.recorded_at, due_on, false});
  } else if (order && e.type == ev::order_answered) {
    order->answered_at = e.recorded_at;
    order->measure = text(e.payload, "measure");
    order->done_by = parse_date(text(e.payload, "done_by"));
  } else if (order && e.type == ev::order_unanswered) {
    order->unanswered = true;
    bulletin_.push_back({t.number, t.area, t.enterprise, e.position, e.recorded_at, order->due_on, true});
  }
}

}  // namespace tongdian::supervision
