// A network from anybody, in each of the formats: it is read or refused with a place, and what was read can be inspected and solved
// without a crash, a hang or a voltage that is no number. Several CSV tables come as one input, each behind a line "#file NAME".
#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "base/json.hpp"
#include "check.hpp"
#include "grid/findings.hpp"
#include "grid/flow.hpp"
#include "grid/pgm_batch.hpp"
#include "grid/read_csv.hpp"
#include "grid/read_network.hpp"
#include "grid/read_surroundings.hpp"
#include "grid/three_phase.hpp"

using namespace tongdian;

namespace {

Result<grid::Network> read_tables(std::string_view text) {
  std::map<std::string, std::string> files;
  std::string* file = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto line = text.substr(0, end);
    if (line.starts_with("#file "))
      file = &files[std::string(line.substr(6, line.find_last_not_of("\r\n") - 5))];
    else if (file)
      *file += line;
    text.remove_prefix(end);
  }
  auto network = grid::read_csv(files, true);
  // What planning knows beside it: read or refused, and no row beyond the network's.
  if (network)
    if (const auto around = grid::read_surroundings(files, *network))
      for (const auto& each : around->approved) CHECK_ALWAYS(each.node >= 0 && each.node < network->nodes.count());
  return network;
}

/// An update dataset is as foreign as its input: one document is both.
void update(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return;
  const auto batch = grid::PgmBatch::of(*document, *document);
  if (!batch || batch->count() == 0) return;
  const auto scenario = batch->scenario(0);
  CHECK_ALWAYS(scenario || !scenario.error().code.empty());
}

void solve(const grid::Network& network) {
  const grid::FlowOptions options{grid::Method::automatic, 1e-8, 20};
  if (const auto flow = grid::flow(network, options); flow && flow->converged)
    for (const auto& v : flow->voltage) CHECK_ALWAYS(std::isfinite(std::abs(v)));
  auto solver = grid::PhaseFlowSolver::prepare(network, options);
  if (!solver || !solver->solve()) return;
  for (const auto& node : solver->answer().voltage)
    for (const auto& v : node) CHECK_ALWAYS(std::isfinite(std::abs(v)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) update(text);
  const auto network = text.starts_with("#file ") ? read_tables(text) : grid::read_network(text, true);
  if (!network) {
    CHECK_ALWAYS(!network.error().code.empty());
    return 0;
  }
  (void)grid::findings(*network);
  if (network->nodes.count() <= 50) solve(*network);
  return 0;
}
