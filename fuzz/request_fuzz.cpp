// Bytes of a connection, through the request reader: in one piece and byte by byte they mean the same.
#include <cstdint>

#include "check.hpp"
#include "http/request_reader.hpp"

using namespace tongdian;
using namespace tongdian::http;

namespace {

struct Reading {
  std::string code;  ///< of the problem; "" when there was none
  bool done = false;
  std::size_t used = 0;
};

Reading read_in_steps(std::string_view bytes, std::size_t step, RequestReader& reader) {
  Reading out;
  for (std::size_t end = 0; end < bytes.size();) {
    end = std::min(end + step, bytes.size());
    while (out.used < end) {
      const bool had_header = reader.header_done();
      const auto taken = reader.take(bytes.substr(out.used, end - out.used));
      if (!taken) {
        out.code = taken.error().code;
        return out;
      }
      CHECK_ALWAYS(*taken <= end - out.used);
      out.used += *taken;
      out.done = reader.done();
      if (out.done) return out;
      if (reader.header_done() == had_header) break;
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr ReadLimits limits{.header = 512, .body = 256};
  RequestReader whole(limits);
  RequestReader dripping(limits);
  const Reading a = read_in_steps(bytes, bytes.size() + 1, whole);
  const Reading b = read_in_steps(bytes, 1, dripping);
  CHECK_ALWAYS(whole.request()->body.size() <= limits.body);
  CHECK_ALWAYS(a.done == b.done);
  if (!a.done) return 0;
  CHECK_ALWAYS(a.used == b.used);
  CHECK_ALWAYS(whole.request()->body == dripping.request()->body);
  CHECK_ALWAYS(whole.request()->target.segments == dripping.request()->target.segments);
  CHECK_ALWAYS(whole.keep_alive() == dripping.keep_alive());
  return 0;
}
