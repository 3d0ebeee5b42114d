#include "mining/findings.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace tongdian::mining {
namespace {

double seconds(Ticks ticks) { return static_cast<double>(ticks) / static_cast<double>(ticks_per_second); }

bool at_midnight(const Event& e) {
  if (e.time == no_time) return false;
  const Ticks local = e.time + (e.offset == no_offset ? 0 : e.offset) * 60 * ticks_per_second;
  return local % ticks_per_day == 0;
}

/// The start and the end of one piece of work: no two steps.
bool one_piece(const Event& a, const Event& b) { return a.activity == b.activity && a.lifecycle != b.lifecycle; }

const std::array<KindText, kind_count> texts{{
    {"overdue",
     {"超过自身期限", "past its own deadline"},
     {"期限可能依法中止或延长而日志没有更新；末尾的事件可能是办结后的归档、回访。",
      "The deadline may have been suspended or extended by rule without the log saying so; the last event may be filing or a call after the end."}},
    {"missed_promise",
     {"没有兑现承诺时间", "a promise that was not kept"},
     {"客户可能要求改期；承诺时间可能只是系统默认值。",
      "The customer may have asked for another day; the promised day may be a default of the system."}},
    {"over_limit",
     {"超过政策包的时限", "more working days than the pack allows"},
     {"客户侧用时按政策不计入，而日志可能看不出谁在办理；首末事件可能不是受理和送电。",
      "Days that the customer holds the case do not count, and the log may not show who does; the first and last event may not be application and energisation."}},
    {"stage_over_limit",
     {"环节超过政策包的时限", "a stage longer than the pack allows"},
     {"环节中可能有客户侧用时，或一次性告知后的等待；日志里的步骤可能与政策的环节不完全对应。",
      "The customer may have held the case within the stage, or been waited for after the one-time notice; the log's steps may not be those of the pack."}},
    {"back_dated",
     {"疑似后补", "perhaps filled in afterwards"},
     {"离线办理、系统停机后集中录入，或只记日期的环节。",
      "Work done offline, entries made up after an outage, or a step for which only the day is kept."}},
    {"out_of_order",
     {"文件中次序颠倒", "out of order in the file"},
     {"导出时按别的列排序；并行的步骤；各系统时钟不一致。",
      "An export sorted by another column; steps done in parallel; systems whose clocks differ."}},
    {"tie",
     {"同一时刻多个步骤", "several steps at one instant"},
     {"系统自动连续完成的步骤；时间只精确到日或分。",
      "Steps that the system does by itself one after the other; times kept to the day or minute only."}},
    {"repeat",
     {"步骤重复", "a step taken again"},
     {"正常的往复，如补件、再次审核、多次回访。", "An ordinary loop, as a second review or a further call."}},
    {"rewalked",
     {"重走流程", "a way walked again"},
     {"材料退回后依规重新审核；同一案件包含多个分项。",
      "A review made anew by rule after papers went back; one case that holds several parts."}},
    {"reopened",
     {"同一客户短期内再次立案", "a further case for the same customer soon after"},
     {"客户确有新的需求；一户多表、分期建设。",
      "The customer needed something new; several meters or phases at one place."}},
}};

}  // namespace

const KindText& text_of(Kind kind) { return texts[static_cast<std::size_t>(kind)]; }

std::uint32_t Findings::name() {
  if (name_ == no_text) name_ = names_.add(id_.empty() ? "#" + std::to_string(number_ + 1) : id_);
  return name_;
}

Finding& Findings::add(Kind kind, bool strong) {
  auto& finding = all_.emplace_back();
  finding.kind = kind;
  finding.strong = strong;
  finding.case_number = number_;
  finding.case_name = name();
  return finding;
}

void Findings::look_in_file_order(std::uint32_t number, std::string_view id, const CaseFacts&,
                                  std::span<const Event> events) {
  number_ = number;
  id_ = id;
  name_ = no_text;
  out_of_order(events);
  back_dated(events);
}

void Findings::out_of_order(std::span<const Event> events) {
  Ticks latest = no_time, before = no_time, latest_start = no_time;
  Ticks furthest = 0;
  std::uint32_t count = 0, position = 0;
  bool by_start = true;  // whether the file is in order of starts, which explains it
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const auto& e = events[i];
    if (e.time == no_time) continue;
    by_start = by_start && e.start != no_time && e.start >= latest_start;
    latest_start = std::max(latest_start, e.start);
    if (before != no_time && e.time < before) ++count;
    if (latest != no_time && latest - e.time > furthest) {
      furthest = latest - e.time;
      position = i + 1;
    }
    before = e.time;
    latest = std::max(latest, e.time);
  }
  if (count == 0) return;
  auto& f = add(Kind::out_of_order, !by_start && seconds(furthest) >= t_.back_strong_s);
  f.activity = events[position - 1].activity;
  f.position = position;
  f.count = count;
  f.found = {events[position - 1].time, events[position - 1].offset};
  f.expected = {events[position - 1].time + furthest, events[position - 1].offset};
  f.amount = seconds(furthest);
}

/// With a time of recording: recorded late. Without: a whole day; `conclude` drops those again where the log is full of them.
void Findings::back_dated(std::span<const Event> events) {
  const Event* worst = nullptr;
  const Event* whole_day = nullptr;
  std::uint32_t late = 0, whole_days = 0;
  for (const auto& e : events) {
    if (e.time == no_time) continue;
    if (e.recorded != no_time) {
      if (seconds(e.recorded - e.time) < t_.recorded_late_s) continue;
      ++late;
      if (worst == nullptr || e.recorded - e.time > worst->recorded - worst->time) worst = &e;
    } else if (at_midnight(e)) {
      ++whole_days;
      if (whole_day == nullptr) whole_day = &e;
    }
  }
  if (worst == nullptr && whole_day == nullptr) return;
  const Event& shown = worst ? *worst : *whole_day;
  auto& f = add(Kind::back_dated, worst != nullptr);
  f.activity = shown.activity;
  f.position = static_cast<std::uint32_t>(&shown - events.data()) + 1;
  f.count = worst ? late : whole_days;
  f.found = {shown.time, shown.offset};
  if (worst != nullptr) {
    f.expected = {shown.recorded, shown.offset};
    f.amount = seconds(shown.recorded - shown.time);
  }
}

void Findings::look_by_time(std::span<const Event> events, const CaseFacts& facts) {
  const Event *first = nullptr, *last = nullptr;
  for (const auto& e : events)
    if (e.time != no_time) {
      if (first == nullptr) first = &e;
      last = &e;
    }
  if (last != nullptr) {
    deadlines(facts, *last);
    over_limit(*first, *last);
    stage_over_limit(events);
  }
  ties(events);
  repeats(events);
  if (facts.customer != no_text && first != nullptr)
    visits_.push_back({facts.customer, number_, first->time, last->time, name()});
}

/// The system's own word for when it was finished weighs more than the last event, which may come after the end.
void Findings::deadlines(const CaseFacts& facts, const Event& last) {
  const auto compare = [&](Kind kind, Moment expected) {
    if (!expected) return;
    const bool said_late = facts.finished && facts.finished.at > expected.at;
    const bool last_late = last.time > expected.at;
    if (!said_late && !last_late) return;
    auto& f = add(kind, said_late || !facts.finished);
    f.expected = expected;
    f.found = said_late ? facts.finished : Moment{last.time, last.offset};
    f.count = said_late ? 1 : 0;
    f.activity = said_late ? no_text : last.activity;
    f.amount = seconds(f.found.at - expected.at);
  };
  compare(Kind::overdue, facts.deadline);
  compare(Kind::missed_promise, facts.promised);
}

void Findings::over_limit(const Event& first, const Event& last) {
  if (!limit_ || time_.calendar == nullptr) return;
  const auto used = working_days(time_, first.time, first.offset, last.time, last.offset);
  if (!used || *used <= limit_->working_days) return;
  auto& f = add(Kind::over_limit, false);
  f.expected = {first.time, first.offset};
  f.found = {last.time, last.offset};
  f.count = static_cast<std::uint32_t>(limit_->working_days);
  f.amount = *used;
}

void Findings::stage_over_limit(std::span<const Event> events) {
  const auto worst = stages_.worst(events, activities_);
  if (!worst) return;
  auto& f = add(Kind::stage_over_limit, false);
  f.other = static_cast<std::uint32_t>(worst->stage);
  f.expected = worst->begun;
  f.found = worst->ended;
  f.count = static_cast<std::uint32_t>(limit_->stages[worst->stage].working_days);
  f.amount = worst->used;
}

/// The largest group of steps at one instant, and how many events share theirs with the one before.
void Findings::ties(std::span<const Event> events) {
  std::uint32_t tied = 0;
  std::size_t best_from = 0, best_steps = 1;
  bool best_one_person = false;
  for (std::size_t from = 0; from < events.size();) {
    std::size_t to = from + 1, steps = 1;
    bool one_person = events[from].resource != no_text;
    while (to < events.size() && events[from].time != no_time && events[to].time == events[from].time) {
      if (!one_piece(events[to - 1], events[to])) ++tied;
      steps += events[to].activity != events[to - 1].activity ? 1 : 0;
      one_person = one_person && events[to].resource == events[from].resource;
      ++to;
    }
    if (to - from > 1 && steps > best_steps) {
      best_from = from;
      best_steps = steps;
      best_one_person = one_person;
    }
    from = to;
  }
  if (tied == 0) return;
  const auto& e = events[best_from];
  auto& f =
      add(Kind::tie, best_one_person && static_cast<double>(best_steps) >= t_.tie_strong_steps && !at_midnight(e));
  f.count = tied;
  f.activity = e.activity;
  f.position = static_cast<std::uint32_t>(best_from) + 1;
  f.amount = static_cast<double>(best_steps);
  if (best_steps > 1) f.found = {e.time, e.offset};
}

void Findings::repeats(std::span<const Event> events) {
  ++cases_seen_;
  std::uint32_t different = 0, again = 0, first_again = 0;
  // A run of steps that the case had before, in the order in which it had them.
  std::uint32_t run = 0, run_from = 0, last_rank = 0, best = 0, best_from = 0, best_to = 0;
  for (std::uint32_t i = 0; i < events.size(); ++i) {
    const auto& e = events[i];
    auto& step = steps_[static_cast<std::uint64_t>(e.activity) << 16 | e.lifecycle];
    if (step.seen_in != cases_seen_) {
      step = {cases_seen_, different++};
      run = 0;
      continue;
    }
    if (again++ == 0) first_again = i;
    if (run > 0 && step.rank > last_rank) {
      run += e.activity != events[i - 1].activity ? 1 : 0;
    } else {
      run = 1;
      run_from = i;
    }
    last_rank = step.rank;
    if (run > best) {
      best = run;
      best_from = run_from;
      best_to = i;
    }
  }
  if (again == 0) return;
  auto& f = add(Kind::repeat, false);
  f.count = again;
  f.activity = events[first_again].activity;
  f.position = first_again + 1;
  f.found = {events[first_again].time, events[first_again].offset};
  if (static_cast<double>(best) < std::max(2.0, t_.rewalked_steps)) return;
  const bool from_the_start = events[best_from].activity == events[0].activity;
  auto& w = add(Kind::rewalked, from_the_start && static_cast<double>(best) >= t_.rewalked_strong_steps);
  w.count = best;
  w.activity = events[best_from].activity;
  w.other = events[best_to].activity;
  w.position = best_from + 1;
  w.found = {events[best_from].time, events[best_from].offset};
}

void Findings::reopened() {
  std::ranges::sort(visits_, [](const Visit& a, const Visit& b) {
    return std::tuple(a.customer, a.first, a.case_number) < std::tuple(b.customer, b.first, b.case_number);
  });
  for (std::size_t i = 1; i < visits_.size(); ++i) {
    const auto &earlier = visits_[i - 1], &later = visits_[i];
    const Ticks gap = later.first - earlier.last;
    if (earlier.customer != later.customer || gap < 0 || seconds(gap) > t_.reopened_days * 86'400) continue;
    number_ = later.case_number;
    name_ = later.name;
    auto& f = add(Kind::reopened, false);
    f.other = earlier.name;
    f.expected = {earlier.last, no_offset};
    f.found = {later.first, no_offset};
    f.amount = seconds(gap);
  }
}

void Findings::conclude(const Notes& notes, std::uint64_t events) {
  reopened();
  const bool whole_days_are_usual =
      static_cast<double>(notes.events_at_midnight) > t_.whole_day_share * static_cast<double>(events);
  std::erase_if(all_,
                [&](const Finding& f) { return f.kind == Kind::back_dated && !f.strong && whole_days_are_usual; });
  std::ranges::stable_sort(all_, {}, [](const Finding& f) { return std::pair(f.case_number, f.kind); });
}

}  // namespace tongdian::mining
