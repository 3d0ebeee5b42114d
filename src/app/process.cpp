#include "app/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace tongdian::app {
namespace {

double resident() {
  std::ifstream in("/proc/self/statm");
  double all = 0, pages = 0;
  in >> all >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double processor() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_files() {
  std::error_code none;
  const std::filesystem::directory_iterator all("/proc/self/fd", none);
  return none ? 0 : static_cast<double>(std::distance(begin(all), end(all)));
}

/// Boot time plus the ticks from boot to this process's start: the 22nd field, counted from behind the name in brackets.
double started() {
  std::string stat, word;
  std::getline(std::ifstream("/proc/self/stat"), stat);
  std::istringstream fields(stat.substr(stat.rfind(')') == std::string::npos ? 0 : stat.rfind(')') + 1));
  double ticks = 0;
  for (int field = 3; field < 22; ++field) fields >> word;
  fields >> ticks;
  std::ifstream system("/proc/stat");
  double boot = 0;
  while (system >> word)
    if (word == "btime") {
      system >> boot;
      break;
    }
  return boot + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessFigures process_figures() {
  static const double start = started();
  return {resident(), processor(), open_files(), start};
}

}  // namespace tongdian::app
