// XES from whoever exported it, in any encoding, packed or not: no crash, no hang, and figures that agree with each other. The
// same text read through a keyhole, a few bytes at a time, comes to the same.
#include <cstdint>

#include "check.hpp"
#include "mining/mine.hpp"
#include "mining/report.hpp"

using namespace tongdian;
using namespace tongdian::mining;

namespace {

class Keyhole final : public Bytes {
 public:
  Keyhole(std::unique_ptr<Bytes> from, std::size_t most) : from_(std::move(from)), most_(most) {}
  std::size_t read(char* to, std::size_t room) override { return from_->read(to, std::min(room, most_)); }

 private:
  std::unique_ptr<Bytes> from_;
  std::size_t most_;
};

void check(const Mined& mined) {
  const auto& f = mined.figures;
  std::uint64_t events = 0, by_file = 0, by_time = 0, starts = 0;
  for (const auto n : f.activities) events += n;
  for (const auto& [arc, n] : f.by_file.arcs) by_file += n;
  for (const auto& [arc, n] : f.by_time.arcs) by_time += n;
  for (const auto& [activity, n] : f.by_file.starts) starts += n;
  CHECK_ALWAYS(events == f.events);
  CHECK_ALWAYS(by_file == by_time);
  CHECK_ALWAYS(starts == f.cases - mined.notes.cases_without_events);
  CHECK_ALWAYS(by_file + starts == events);
  CHECK_ALWAYS(f.variants_normalised <= f.variants);
  if (mined.broken) CHECK_ALWAYS(mined.broken->code.starts_with("mine."));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 16384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mined = mine(bytes_of(text), "log");
  check(*mined);
  const auto again = mine(std::make_unique<Keyhole>(bytes_of(text), 1 + size % 7), "log");
  check(*again);
  if (mined->source.encoding == again->source.encoding) CHECK_ALWAYS(mined->figures.events == again->figures.events);
  CHECK_ALWAYS(to_json(*mined).ends_with('}'));
  CHECK_ALWAYS(to_html(*mined, "log").ends_with("</html>\n"));
  return 0;
}
