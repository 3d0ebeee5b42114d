// What auditors say of findings: a stream a finding, its events the verdicts. The finding itself is computed from the journal;
// what is kept is who judged it, when, and why.
#pragma once

#include "engine/behaviour.hpp"
#include "policy/pack.hpp"
#include "supervision/finding.hpp"
#include "supervision/verdict_events.hpp"

namespace tongdian::supervision {

/// Confirms or dismisses. `kind` and `number` are written down with it, so that the verdict can be read without recomputing.
struct Judge final : engine::Body {
  std::string finding, kind, number;
  Verdict verdict{};
  std::string note;
};

class Verdicts final : public engine::Behaviour {
 public:
  /// The city's pack, for the words that a note may not hold.
  explicit Verdicts(std::shared_ptr<const policy::Pack> pack);

  std::string_view kind() const override { return "finding"; }
  std::string pack() const override;
  std::unique_ptr<engine::State> initial() const override;
  /// `supervision.same_verdict`; what `connection` says of free texts.
  Result<std::vector<engine::NewEvent>> decide(const engine::State& state, const engine::Command& command,
                                               Instant now) const override;
  void evolve(engine::State& state, const engine::Event& event) const override;

 private:
  std::shared_ptr<const policy::Pack> pack_;
};

}  // namespace tongdian::supervision
