#include "supervision/finding.hpp"

#include "base/digest.hpp"

namespace tongdian::supervision {

Finding& Findings::raise(std::string_view kind, std::string_view key) {
  std::string whole(kind);
  whole += '/';
  whole += key;
  const auto [found, fresh] = index_.emplace(whole, all_.size());
  if (fresh) {
    auto& f = all_.emplace_back();
    f.id = to_hex(sha256({bytes_of(whole)})).substr(0, 16);
    f.kind = kind;
  }
  return all_[found->second];
}

void Findings::add(Finding& finding, Evidence evidence) {
  ++finding.evidence_count;
  if (finding.evidence.size() < most_evidence) finding.evidence.push_back(std::move(evidence));
}

}  // namespace tongdian::supervision
