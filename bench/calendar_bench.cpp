// Deadlines a second: the n-th working day after a date, for dates and limits in no order. Beside it, in the same run, the
// obvious way: going through the days one by one. calendar_bench [FILE]: the questions, "DATE N" a line.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <vector>

#include "base/time_text.hpp"
#include "calendar/calendar.hpp"

namespace {
using namespace tongdian;

struct Question {
  LocalDate date;
  int days;
};

// 100,000 questions fit into the cache no worse than a day's deadlines of a province would.
std::vector<Question> questions(const calendar::Calendar& calendar) {
  std::mt19937 random(20210610);
  const auto span = static_cast<int>((calendar.last_day() - calendar.first_day()).count()) - 60;
  std::uniform_int_distribution<int> day(0, span), limit(1, 30);
  std::vector<Question> all(100'000);
  for (auto& q : all) q = {calendar.first_day() + std::chrono::days{day(random)}, limit(random)};
  return all;
}

std::vector<Question> questions_of(const char* file) {
  std::vector<Question> all;
  std::ifstream in(file);
  std::string date;
  for (int days = 0; in >> date >> days;)
    if (const auto parsed = parse_date(date)) all.push_back({*parsed, days});
  return all;
}

std::optional<LocalDate> day_by_day(const calendar::Calendar& calendar, LocalDate date, int days) {
  while (days > 0) {
    date += std::chrono::days{1};
    if (!calendar.covers(date)) return {};
    days -= calendar.is_working_day(date) ? 1 : 0;
  }
  return date;
}

struct Measured {
  double per_second;
  std::int64_t sum;  ///< of the answers: both ways must agree, and the compiler must not leave them out
};

template <class F>
Measured measure(const std::vector<Question>& all, int rounds, F answer) {
  std::int64_t sum = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round)
    for (const auto& q : all) sum += answer(q)->time_since_epoch().count();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  return {static_cast<double>(all.size()) * rounds / took.count(), sum / rounds};
}
}  // namespace

int main(int argc, char** argv) {
  const auto calendar = calendar::Calendar::load({TONGDIAN_SOURCE_DIR "/calendars/china.csv"});
  if (!calendar) {
    std::cerr << calendar.error() << '\n';
    return 3;
  }
  const auto all = argc > 1 ? questions_of(argv[1]) : questions(*calendar);
  if (all.empty()) {
    std::cerr << "no questions in " << argv[1] << '\n';
    return 3;
  }
  const auto sums = measure(all, 500, [&](const Question& q) { return calendar->add(q.date, q.days); });
  const auto steps = measure(all, 10, [&](const Question& q) { return day_by_day(*calendar, q.date, q.days); });
  if (sums.sum != steps.sum) {
    std::cerr << "the two ways disagree\n";
    return 1;
  }
  std::printf("{\"calendar_deadlines_per_second\":%.0f,\"calendar_day_by_day_per_second\":%.0f}\n", sums.per_second,
              steps.per_second);
}
