// Tables from whoever exported them: no crash, no hang, and every row that has a case is an event. The first byte chooses whether
// a header that names its columns goes before, so that the rows below are reached.
#include <cstdint>
#include <string>

#include "check.hpp"
#include "mining/findings_json.hpp"
#include "mining/mine.hpp"

using namespace tongdian;
using namespace tongdian::mining;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 16384) return 0;
  static constexpr std::string_view headers[] = {"", "case,activity,time\n",
                                                 "工单编号;环节;完成时间;办理人;录入时间;承诺办结时间;户号\n",
                                                 "case_id\tactivity\ttimestamp\tdeadline\tlifecycle\n"};
  const std::string text =
      std::string(headers[data[0] % 4]) + std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto mined = mine(bytes_of(text), "log");
  std::uint64_t events = 0, passages = 0;
  for (const auto n : mined->figures.activities) events += n;
  for (const auto& [arc, n] : mined->figures.by_time.arcs) passages += n;
  CHECK_ALWAYS(events == mined->figures.events);
  CHECK_ALWAYS(passages + mined->figures.cases - mined->notes.cases_without_events == events);
  for (const auto& finding : mined->findings.all()) CHECK_ALWAYS(!evidence_of(*mined, finding).zh.empty());
  CHECK_ALWAYS(to_json(*mined).ends_with('}'));
  (void)read_moment(text);
  return 0;
}
