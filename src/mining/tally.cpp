#include "mining/tally.hpp"

#include <algorithm>
#include <cmath>

namespace tongdian::mining {
namespace {

void append_varint(std::string& out, std::uint32_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

/// The labels' numbers of a sequence.
std::vector<std::uint32_t> numbers_of(std::string_view sequence) {
  std::vector<std::uint32_t> out;
  std::uint32_t n = 0;
  int shift = 0;
  for (const char c : sequence) {
    n |= static_cast<std::uint32_t>(c & 0x7F) << shift;
    shift += 7;
    if ((c & 0x80) != 0) continue;
    out.push_back(n);
    n = 0;
    shift = 0;
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// How many bytes from `at` on join the digits before to the digits behind it; 0 where nothing does.
std::size_t joint(std::string_view text, std::size_t at) {
  static constexpr std::string_view joints[] = {"-", "/", ".", ":", "T", "年", "月", "日", "时", "分"};
  for (const auto each : joints)
    if (text.substr(at).starts_with(each) && at + each.size() < text.size() && is_digit(text[at + each.size()]))
      return each.size();
  return 0;
}

Durations durations_of(std::vector<Ticks>& all) {
  constexpr double second = ticks_per_second;
  const auto n = all.size();
  std::ranges::sort(all);
  long double sum = 0;
  for (const auto each : all) sum += static_cast<long double>(each);
  const auto seconds = [&](std::size_t i) { return static_cast<double>(all[i]) / second; };
  return {static_cast<double>(sum / static_cast<long double>(n) / static_cast<long double>(second)),
          n % 2 == 1 ? seconds(n / 2)
                     : (static_cast<double>(all[n / 2 - 1]) + static_cast<double>(all[n / 2])) / 2 / second,
          seconds((n * 95 + 99) / 100 - 1), seconds(0), seconds(n - 1)};
}

}  // namespace

std::string masked(std::string_view label) {
  std::string out;
  for (std::size_t at = 0; at < label.size();) {
    if (!is_digit(label[at])) {
      out += label[at++];
      continue;
    }
    for (std::size_t join = 0; at < label.size() && (is_digit(label[at]) || (join = joint(label, at)) > 0); join = 0)
      at += join > 0 ? join : 1;
    out += '#';
  }
  return out;
}

bool sort_by_time(std::span<Event> events, std::vector<std::pair<Ticks, std::uint32_t>>& keys,
                  std::vector<Event>& room) {
  Ticks last = no_time;
  bool sorted = true;
  for (const auto& event : events)
    if (event.time != no_time) {
      sorted = sorted && event.time >= last;
      last = event.time;
    }
  if (sorted) return false;
  keys.clear();
  last = no_time;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].time != no_time) last = events[i].time;
    keys.emplace_back(last, static_cast<std::uint32_t>(i));
  }
  std::ranges::sort(keys);
  room.assign(events.begin(), events.end());
  for (std::size_t i = 0; i < events.size(); ++i) events[i] = room[keys[i].second];
  return true;
}

std::uint32_t Tally::variant(std::span<const Event> events) {
  scratch_.clear();
  for (const auto& event : events) append_varint(scratch_, event.activity);
  const auto number = sequences_.add(scratch_);
  if (number >= counts_.size()) counts_.resize(number + 1);
  return number;
}

void Tally::note(std::string_view id, const CaseFacts& facts, std::span<const Event> events) {
  if (id.empty())
    ++notes_.cases_without_id;
  else if (!ids_.insert(std::hash<std::string_view>{}(id)).second)
    ++notes_.repeated_case_ids;
  if (facts.deadline) ++notes_.cases_with_deadline;
  if (facts.promised) ++notes_.cases_with_promise;
  for (const auto& event : events) {
    if (event.resource != no_text) ++notes_.events_with_resource;
    if (event.lifecycle != 0) ++notes_.events_with_lifecycle;
    if (event.start != no_time) ++notes_.events_with_start;
    if (event.recorded != no_time) ++notes_.events_with_recorded;
    if (event.time == no_time) continue;
    if (event.offset == no_offset) ++notes_.events_without_offset;
    const Ticks local = event.time + (event.offset == no_offset ? 0 : event.offset) * 60 * ticks_per_second;
    if (local % ticks_per_day == 0) ++notes_.events_at_midnight;
  }
}

void Tally::add(std::uint32_t number, std::string_view id, const CaseFacts& facts, std::span<Event> events) {
  ++cases_;
  events_ += events.size();
  note(id, facts, events);
  if (events.empty()) {
    ++notes_.cases_without_events;
    return;
  }
  mined_.findings.look_in_file_order(number, id, facts, events);
  const auto in_file = variant(events);
  ++counts_[in_file].in_file;
  const bool moved = sort_by_time(events, order_, sorted_);
  ++counts_[moved ? variant(events) : in_file].in_time;
  mined_.findings.look_by_time(events, facts);
  mined_.times.add(events, labels_);
  Ticks first = no_time, last = no_time;
  for (const auto& event : events) {
    if (event.time == no_time) continue;
    if (first == no_time) first = event.time;
    last = event.time;
  }
  if (first == no_time)
    ++notes_.cases_without_time;
  else
    durations_.push_back(last - first);
}

/// By cases, then by the order in which they appeared.
std::vector<Variant> Tally::top_variants() const {
  constexpr std::size_t most = 30;
  std::vector<std::uint32_t> order;
  for (std::uint32_t v = 0; v < counts_.size(); ++v)
    if (counts_[v].in_time > 0) order.push_back(v);
  const auto shown = std::min(most, order.size());
  std::ranges::partial_sort(
      order, order.begin() + static_cast<std::ptrdiff_t>(shown), [&](std::uint32_t a, std::uint32_t b) {
        return counts_[a].in_time != counts_[b].in_time ? counts_[a].in_time > counts_[b].in_time : a < b;
      });
  std::vector<Variant> out;
  for (std::size_t i = 0; i < shown; ++i) out.push_back({numbers_of(sequences_[order[i]]), counts_[order[i]].in_time});
  return out;
}

Figures Tally::figures() {
  Figures out;
  out.cases = cases_;
  out.events = events_;
  out.activities.resize(labels_.activities.size());
  out.mean_place.resize(labels_.activities.size());
  std::vector<double> cases_with(labels_.activities.size(), 0);
  std::vector<std::uint32_t> seen(labels_.activities.size(), no_text);
  std::unordered_set<std::string> normalised;
  std::vector<std::uint32_t> mask(labels_.activities.size());
  Interner masks;
  for (std::uint32_t i = 0; i < mask.size(); ++i) mask[i] = masks.add(masked(labels_.activities[i]));
  for (std::uint32_t v = 0; v < sequences_.size(); ++v) {
    const auto numbers = numbers_of(sequences_[v]);
    const auto [in_file, in_time] = counts_[v];
    for (const auto n : numbers) out.activities[n] += in_file;
    const auto count = [&](OrderFigures& order, std::uint64_t times) {
      if (times == 0) return;
      order.starts[numbers.front()] += times;
      order.ends[numbers.back()] += times;
      for (std::size_t i = 1; i < numbers.size(); ++i) order.arcs[arc(numbers[i - 1], numbers[i])] += times;
    };
    count(out.by_file, in_file);
    count(out.by_time, in_time);
    if (in_time == 0) continue;
    double different = 0;
    for (const auto n : numbers) {
      if (seen[n] == v) continue;
      seen[n] = v;
      cases_with[n] += static_cast<double>(in_time);
      out.mean_place[n] += static_cast<double>(in_time) * different++;
    }
    ++out.variants;
    scratch_.clear();
    for (const auto n : numbers) append_varint(scratch_, mask[n]);
    normalised.insert(scratch_);
  }
  for (std::size_t i = 0; i < cases_with.size(); ++i)
    if (cases_with[i] > 0) out.mean_place[i] /= cases_with[i];
  out.variants_normalised = normalised.size();
  out.top_variants = top_variants();
  if (!durations_.empty()) out.durations = durations_of(durations_);
  return out;
}

}  // namespace tongdian::mining
