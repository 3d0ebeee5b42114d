#include "supervision/orders.hpp"

#include "base/time_text.hpp"
#include "connection/events.hpp"
#include "requests/request_events.hpp"

namespace tongdian::supervision {
namespace {

namespace ev = connection::events;
namespace rq = requests::events;

std::string_view text(const json::Value& payload, std::string_view key) {
  const auto* v = payload.is_object() ? payload.get_object().if_contains(key) : nullptr;
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

}  // namespace

Order& Orders::issue(Order order, Zone zone) {
  order.year = static_cast<int>(std::chrono::year_month_day{zone.date_of(order.issued_at)}.year());
  order.number = ++numbers_[order.year];
  return orders_.emplace_back(std::move(order));
}

void Orders::see(const Trail& t, const Moved& moved, const journal::Event& e, const Days& days) {
  const auto found = by_case_.find(t.number);
  Order* order = found == by_case_.end() ? nullptr : &orders_[found->second];
  if (order && (moved.finished || moved.withdrawn)) order->closed_at = e.recorded_at;
  if (e.type == ev::escalated) {
    const LocalDate due_on = parse_date(text(e.payload, "due_on")).value_or(LocalDate{});
    if (const auto answer_by = parse_date(text(e.payload, "answer_by")); answer_by && !order) {
      by_case_[t.number] = orders_.size();
      issue({.case_number = t.number,
             .area = t.area,
             .enterprise = t.enterprise,
             .position = e.position,
             .issued_at = e.recorded_at,
             .due_on = due_on,
             .answer_by = *answer_by},
            days.zone);
    }
    if (text(e.payload, "step") == "named")
      bulletin_.push_back({t.number, {}, t.area, t.enterprise, e.position, e.recorded_at, due_on, false});
  } else if (order && e.type == ev::order_answered) {
    order->answered_at = e.recorded_at;
    order->measure = text(e.payload, "measure");
    order->done_by = parse_date(text(e.payload, "done_by"));
  } else if (order && e.type == ev::order_unanswered) {
    order->unanswered = true;
    bulletin_.push_back({t.number, {}, t.area, t.enterprise, e.position, e.recorded_at, order->due_on, true});
  }
}

void Orders::see(const Complained& c, const journal::Event& e, Zone zone) {
  const auto found = by_complaint_.find(c.id);
  // Who was answered and complains that it settled nothing waits again: the order before that is over.
  Order* order = found == by_complaint_.end() || orders_[found->second].answered_at ? nullptr : &orders_[found->second];
  const auto name = [&](LocalDate due_on, bool for_silence) {
    bulletin_.push_back({c.case_number, c.id, c.area, c.enterprise, e.position, e.recorded_at, due_on, for_silence});
  };
  if (e.type == rq::escalated) {
    const LocalDate due_on = parse_date(text(e.payload, "due_on")).value_or(LocalDate{});
    if (const auto answer_by = parse_date(text(e.payload, "answer_by")); answer_by && !order) {
      by_complaint_[c.id] = orders_.size();
      issue({.case_number = c.case_number,
             .complaint = c.id,
             .area = c.area,
             .enterprise = c.enterprise,
             .position = e.position,
             .issued_at = e.recorded_at,
             .due_on = due_on,
             .answer_by = *answer_by},
            zone);
    }
    if (text(e.payload, "step") == "named") name(due_on, false);
  } else if (order && (e.type == rq::granted || e.type == rq::declined)) {
    order->answered_at = e.recorded_at;
    order->measure = text(e.payload, "words");
  } else if (order && e.type == rq::withdrawn) {
    order->closed_at = e.recorded_at;
  } else if (order && e.type == rq::order_unanswered) {
    order->unanswered = true;
    name(order->due_on, true);
  }
}

}  // namespace tongdian::supervision
