#include "mining/mine.hpp"

#include "mining/csv.hpp"
#include "mining/tally.hpp"
#include "mining/xes.hpp"

namespace tongdian::mining {
namespace {

/// Whether the text begins as XML does; blanks before it are passed over, up to a window's length.
bool is_xml(Window& window) {
  for (;;) {
    const char* p = window.at();
    while (p != window.end() && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
    if (p != window.end()) return *p == '<';
    if (window.end() - window.at() > (1 << 20) || !window.more()) return false;
  }
}

void read(Window& window, const Mapping& mapping, Mined& mined, Cases& cases) {
  if (is_xml(window)) {
    mined.source.format = "xes";
    read_xes(window, mapping, mined.labels, mined.notes, mined.source, cases);
  } else {
    mined.source.format = "csv";
    read_csv(window, mapping, mined.labels, mined.notes, mined.source, cases);
  }
}

}  // namespace

std::unique_ptr<Mined> mine(std::unique_ptr<Bytes> bytes, const std::string& name, const Options& options) {
  auto mined = std::make_unique<Mined>(options);
  Tally tally(*mined);
  TextStream text(unpacked(std::move(bytes)));
  Window window(text);
  try {
    read(window, options.mapping, *mined, tally);
  } catch (const ProblemError& e) {
    if (e.problem.kind == Problem::Kind::failure) throw;
    mined->broken = e.problem;
  }
  // Where the bytes broke off, that is why the text does.
  if (text.broken()) mined->broken = text.broken();
  if (mined->broken) {
    auto& path = mined->broken->path;
    path = name + (path.empty() || path[0] == '/' ? "" : ":") + path;
  }
  mined->source.encoding = text.encoding().name;
  mined->source.declared_encoding = text.encoding().declared;
  mined->notes.replaced_bytes = text.encoding().replaced;
  mined->figures = tally.figures();
  mined->findings.conclude(mined->notes, mined->figures.events);
  return mined;
}

}  // namespace tongdian::mining
