#include "mining/case_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "base/result.hpp"

namespace tongdian::mining {
namespace {

[[noreturn]] void no_space() {
  throw ProblemError(failure("mine.no_space", {"临时文件写不下", "the temporary files cannot be written"},
                             {"腾出空间，或用 TMPDIR 指定别处", "free some space, or name another folder in TMPDIR"}));
}

/// A file without a name, in the folder for temporary ones.
std::FILE* temporary_file() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder && *folder ? folder : "/tmp") + "/tongdian-XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) no_space();
  ::unlink(name.c_str());
  return ::fdopen(fd, "w+b");
}

}  // namespace

/// Appends what is in memory to the files, each case to the file of its number modulo `parts`.
void CaseStore::spill() {
  while (files_.size() < parts) files_.emplace_back(temporary_file());
  std::array<std::vector<Event>, parts> sorted;
  for (const auto& event : events_) sorted[event.case_number % parts].push_back(event);
  for (std::uint32_t part = 0; part < parts; ++part) {
    const auto& some = sorted[part];
    if (!some.empty() && std::fwrite(some.data(), sizeof(Event), some.size(), files_[part].get()) != some.size())
      no_space();
  }
  events_.clear();
}

void CaseStore::each(const std::function<void(std::uint32_t, std::span<Event>)>& take) {
  if (files_.empty()) return group(events_, 1, take);
  spill();
  events_.shrink_to_fit();
  std::vector<Event> some;
  for (auto& file : files_) {
    if (std::fflush(file.get()) != 0) no_space();
    const auto size = std::ftell(file.get());
    std::rewind(file.get());
    some.resize(static_cast<std::size_t>(size) / sizeof(Event));
    if (std::fread(some.data(), sizeof(Event), some.size(), file.get()) != some.size()) no_space();
    file.reset();
    group(some, parts, take);
  }
}

/// Counting sort by case, which keeps the order within one.
void CaseStore::group(std::vector<Event>& events, std::uint32_t stride,
                      const std::function<void(std::uint32_t, std::span<Event>)>& take) {
  if (events.empty()) return;
  const bool grouped = std::ranges::is_sorted(events, {}, &Event::case_number);
  if (!grouped) {
    std::uint32_t most = 0;
    for (const auto& event : events) most = std::max(most, event.case_number / stride);
    std::vector<std::uint32_t> begins(static_cast<std::size_t>(most) + 2, 0);
    for (const auto& event : events) ++begins[event.case_number / stride + 1];
    for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
    std::vector<Event> sorted(events.size());
    for (const auto& event : events) sorted[begins[event.case_number / stride]++] = event;
    events.swap(sorted);
  }
  for (std::size_t from = 0; from < events.size();) {
    auto to = from + 1;
    while (to < events.size() && events[to].case_number == events[from].case_number) ++to;
    take(events[from].case_number, std::span(events).subspan(from, to - from));
    from = to;
  }
}

}  // namespace tongdian::mining
