#include "supervision/verdicts.hpp"

#include "connection/free_text.hpp"

namespace tongdian::supervision {
namespace {

struct Judged final : engine::State {
  Verdict verdict = Verdict::open;
};

}  // namespace

Verdicts::Verdicts(std::shared_ptr<const policy::Pack> pack) : pack_(std::move(pack)) {}

std::string Verdicts::pack() const { return std::string(pack_->id()) + "@" + std::string(pack_->version()); }

std::unique_ptr<engine::State> Verdicts::initial() const { return std::make_unique<Judged>(); }

Result<std::vector<engine::NewEvent>> Verdicts::decide(const engine::State& state, const engine::Command& command,
                                                       Instant) const {
  const auto& judge = static_cast<const Judge&>(*command.body);
  if (judge.verdict == Verdict::open || static_cast<const Judged&>(state).verdict == judge.verdict)
    return refusal("supervision.same_verdict", {"该线索已有相同的结论", "the finding has this verdict already"},
                   {"请刷新页面", "reload the page"});
  if (auto problem = connection::unfit(judge.note, "/note", *pack_)) return *std::move(problem);
  std::vector<engine::NewEvent> out;
  out.push_back({std::string(judge.verdict == Verdict::confirmed ? events::confirmed : events::dismissed),
                 json::Object{{"kind", judge.kind}, {"number", judge.number}, {"note", judge.note}}});
  return out;
}

void Verdicts::evolve(engine::State& state, const engine::Event& event) const {
  static_cast<Judged&>(state).verdict = event.type == events::confirmed ? Verdict::confirmed : Verdict::dismissed;
}

}  // namespace tongdian::supervision
