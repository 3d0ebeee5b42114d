// A pack at work: its files read, checked and compiled; deciding is Program::run and two look-ups in the calendar.
#include <algorithm>
#include <map>
#include <set>

#include "base/time_text.hpp"
#include "policy/facts_check.hpp"
#include "policy/program.hpp"

namespace tongdian::policy {
namespace {

class LoadedPack final : public Pack {
 public:
  LoadedPack(PackModel model, Problems& problems) : model_(std::move(model)) {
    for (const LocalDate from : periods()) programs_.push_back(compile(model_, from, problems));
    for (const auto& stage : model_.stages) stages_.push_back(stage.stage);
    gather_names(problems);
  }

  std::string_view id() const override { return model_.id; }
  std::string_view version() const override { return model_.version; }
  Zone zone() const override { return model_.zone; }
  Sentence title() const override { return model_.title; }
  Sentence city() const override { return model_.city; }
  const std::vector<Clause>& clauses() const override { return model_.text.clauses(); }
  const Clause* clause(std::string_view id) const override { return model_.text.get(id); }
  const std::vector<HandOver>& hand_overs() const override { return model_.hand_overs; }
  const Supervision& supervision() const override { return model_.supervision; }
  const std::vector<Area>& areas() const override { return model_.areas; }
  const std::vector<Hotline>& hotlines() const override { return model_.hotlines; }
  const std::vector<SupplyEnterprise>& enterprises() const override { return model_.enterprises; }
  const std::vector<Reason>& withdrawals() const override { return model_.withdrawals; }
  const std::vector<Reason>& erasures() const override { return model_.erasures; }
  const Complaints& complaints() const override { return model_.complaints; }
  const Visits& visits() const override { return model_.visits; }
  const std::vector<WhitelistKind>& whitelist() const override { return model_.whitelist; }
  const std::vector<std::string>& citations(std::string_view code) const override {
    static const std::vector<std::string> none;
    const auto found = model_.citations.find(code);
    return found == model_.citations.end() ? none : found->second;
  }
  const Team& team() const override { return model_.team; }
  const std::vector<Detector>& detectors() const override { return model_.detectors; }
  const Detector* detector(std::string_view id) const override {
    const auto found = std::ranges::find(model_.detectors, id, &Detector::id);
    return found == model_.detectors.end() ? nullptr : &*found;
  }
  const std::vector<std::string>& banned_words() const override { return model_.banned_words; }
  const std::vector<std::string>& priced_services() const override { return model_.priced_services; }
  const PackModel& model() const override { return model_; }
  const std::vector<std::filesystem::path>& calendar_files() const override { return model_.calendars; }

  const Sentence* resolution(std::string_view id) const override {
    const int found = model_.resolutions.find(id);
    return found < 0 ? nullptr : &model_.resolutions.names[static_cast<std::size_t>(found)];
  }
  const Stage* stage(std::string_view id) const override {
    const auto found = std::find_if(stages_.begin(), stages_.end(), [&](const Stage& s) { return s.id == id; });
    return found == stages_.end() ? nullptr : &*found;
  }
  const Document* document(std::string_view id) const override {
    for (const auto& each : model_.documents)
      if (each.document.id == id) return &each.document;
    return nullptr;
  }
  Sentence name_of(std::string_view id) const override {
    const auto found = names_.find(id);
    return found == names_.end() ? Sentence{std::string(id), std::string(id)} : found->second;
  }

  std::optional<Problem> decide(const Facts& facts, const calendar::Calendar& calendar, Decision& out) const override {
    Instant applied_at;
    if (auto problem = check_facts(facts, applied_at)) return problem;
    const LocalDate applied_on = model_.zone.date_of(applied_at);
    if (applied_on < model_.in_force_from) return not_in_force(applied_on);
    const Program& program = program_on(applied_on);
    Codes codes;  // every slot that a table looks at is written before it is read
    encode(facts, applied_on, program.thresholds, codes);
    program.run(codes, out);
    // Day one is the first working day after the submission's local day.
    out.due_on = calendar.add(applied_on, out.target_wd);
    out.ceiling_on = calendar.add(applied_on, out.ceiling_wd);
    out.target_on.reset();
    if (program.next_day(codes)) out.target_on = applied_on + std::chrono::days{1};
    return {};
  }

 private:
  /// The first days of the periods in which no parameter changes.
  std::set<LocalDate> periods() const {
    std::set<LocalDate> out{model_.in_force_from};
    for (const auto& parameter : model_.parameters.all())
      for (const auto& value : parameter.values)
        if (value.from > model_.in_force_from) out.insert(value.from);
    return out;
  }

  const Program& program_on(LocalDate day) const {
    auto program = programs_.end();
    do --program;
    while (program != programs_.begin() && program->from > day);
    return *program;
  }

  /// Pages ask for a name by its id alone, so one id must not have two names.
  void gather_names(Problems& problems) {
    const auto add = [&](const std::string& id, const Sentence& name) {
      const auto [found, fresh] = names_.emplace(id, name);
      if (!fresh && found->second != name)
        problems.add("pack.two_names", model_.folder.string(),
                     {id + " 有两个名称：" + found->second.zh + "、" + name.zh,
                      id + " has two names: " + found->second.en + ", " + name.en},
                     {"统一名称或改用不同的标识", "give it one name, or use two ids"});
    };
    for (const auto& vocabulary : model_.choices)
      for (std::size_t i = 0; i < vocabulary.ids.size(); ++i)
        if (!vocabulary.names[i].zh.empty()) add(vocabulary.ids[i], vocabulary.names[i]);
    for (std::size_t i = 0; i < model_.voltages.ids.size(); ++i) add(model_.voltages.ids[i], model_.voltages.names[i]);
    for (const auto& stage : stages_) add(stage.id, stage.name);
    for (const auto& each : model_.hand_overs) add(each.reason, each.name);
  }

  Problem not_in_force(LocalDate applied_on) const {
    const auto from = format_date(model_.in_force_from), day = format_date(applied_on);
    Problem problem = refusal("policy.not_in_force",
                              {"本政策自 " + from + " 起施行，申请日为 " + day,
                               "the policy is in force from " + from + ", the application is of " + day},
                              {"适用当时的规定", "the rules of that time apply"});
    problem.path = "/applied_at";
    return problem;
  }

  PackModel model_;
  std::vector<Program> programs_;
  std::vector<Stage> stages_;
  std::map<std::string, Sentence, std::less<>> names_;
};

}  // namespace

Result<std::shared_ptr<const Pack>> load_pack(const std::filesystem::path& folder, std::vector<Problem>* all) {
  Problems problems;
  PackModel model = read_pack(folder, problems);
  std::shared_ptr<const Pack> pack;
  // What was read with problems is not compiled: half a table would only add problems that are none.
  if (problems.empty()) pack = std::make_shared<const LoadedPack>(std::move(model), problems);
  if (all) *all = problems.list();
  if (!problems.empty()) return problems.list().front();
  return pack;
}

}  // namespace tongdian::policy
