// YAML from whoever writes a pack or a configuration: no crash however it is read, and every complaint names its line and
// column in the file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "check.hpp"
#include "policy/yaml_reader.hpp"

using namespace tongdian;
using namespace tongdian::policy;

namespace {

/// A file that is in memory alone.
std::string file_of(const std::uint8_t* data, std::size_t size) {
  static const int fd = ::memfd_create("yaml", 0);
  CHECK_ALWAYS(fd >= 0 && ::ftruncate(fd, 0) == 0);
  CHECK_ALWAYS(::pwrite(fd, data, size, 0) == static_cast<ssize_t>(size));
  return "/proc/self/fd/" + std::to_string(fd);
}

/// Reads a value in every way that there is: the wrong ones are to complain, not to fail.
void read(const Yaml& value) {
  (void)value.text();
  (void)value.boolean();
  (void)value.integer(0, 10);
  (void)value.number();
  (void)value.date();
  (void)value.sentence();
  (void)value.json();
  (void)value.one_or_more();
  (void)value.need("stages");
  value.only({"id", "stages"});
  for (const auto& [key, each] : value.entries()) {
    (void)key.raw();
    read(each);
  }
  for (const auto& each : value.items()) read(each);
}

bool is_place(std::string_view path) {
  const auto column = path.rfind(':');
  if (column == path.npos || column + 1 == path.size()) return false;
  const auto line = path.rfind(':', column - 1);
  if (line == path.npos || line + 1 == column) return false;
  return path.find_first_not_of("0123456789", column + 1) == path.npos && path[line + 1] != '0' &&
         path[column + 1] != '0';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  Problems problems;
  const Yaml file = Yaml::load(file_of(data, size), problems);
  if (file) read(file);
  for (const auto& problem : problems.list()) {
    CHECK_ALWAYS(problem.code.starts_with("pack."));
    CHECK_ALWAYS(is_place(problem.path));
  }
  return 0;
}
