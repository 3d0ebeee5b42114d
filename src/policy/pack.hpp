// A policy pack: a city's policy as data, checked at loading, compiled to a flat decision program.
//
// The interface that rooms above use; the pack's files are described in docs/packs.md.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "calendar/calendar.hpp"
#include "policy/detectors.hpp"
#include "policy/facts.hpp"

namespace tongdian::policy {

/// A stage of the process as the decision gives it.
struct StageLimit {
  std::string_view id;  ///< lives in the pack
  int limit_wd = 0;
  bool operator==(const StageLimit&) const = default;
};

/// The documents that one stage may ask for, and no others.
struct StageDocuments {
  std::string_view stage;
  std::span<const std::string_view> documents;
};

/// A value that the decision used, for the trace: a parameter of the pack as it was on that day.
struct UsedValue {
  std::string_view parameter;
  double value = 0;       ///< of a date: days since 1970-01-01
  std::string_view unit;  ///< "kW", "kVA", "m", "working_days", "date" …
};

/// What the policy decides. Views point into the Pack, which outlives it; the object may be reused for the next decision.
struct Decision {
  std::vector<std::string_view> clauses;
  std::vector<std::string_view> four_zero_failed;
  std::string_view programme, voltage, klass;
  std::vector<StageLimit> stages;
  int target_wd = 0;
  int ceiling_wd = 0;
  /// Empty past the calendar's last loaded year: the case is accepted, its date reads "calendar not loaded".
  std::optional<LocalDate> due_on, ceiling_on, target_on;
  std::string_view permit, boundary;
  std::optional<std::int64_t> user_cost_fen;
  std::vector<StageDocuments> documents;
  bool zero_application = false;
  bool counts_in_longest_time = true;
  std::vector<std::string_view> flags;
  std::vector<std::string_view> notes;  ///< resolution ids, e.g. "A36"; their text is Pack::resolution
  std::vector<UsedValue> values;
};

struct Clause {
  std::string id;    ///< "二·省钱", "三(一)2", "附件1·注2", "#9"
  std::string text;  ///< as printed
};

struct Stage {
  std::string id;
  Sentence name;
};

/// Between `after` and `before` the customer may hold the case, for one of these reasons only (A44).
struct HandOver {
  std::string reason;  ///< "customer_design", "customer_works"
  Sentence name;
  std::string after;                ///< stage that has ended
  std::vector<std::string> before;  ///< stages that may come next
};

struct Document {
  std::string id;
  Sentence name;
  std::string clause;
};

/// When staff are warned, and how far an overdue case climbs. Shares and working days of the pack.
struct Supervision {
  double warn_share = 0.8;             ///< of a limit's working days that have begun
  std::vector<int> escalate_after_wd;  ///< working days past the due date, one an escalation level
  /// The ladder's upper rungs: from which level a case is under a numbered order 督办, by when it is to be answered, and from
  /// which level it is named in the bulletin 通报. 0: the pack has no such rung.
  int order_at_level = 0;
  int answer_within_wd = 0;
  int bulletin_at_level = 0;
};

/// One of a closed list of the process: why a customer withdraws, and the like; from process.yaml.
struct Reason {
  std::string id;
  Sentence name;
};

/// What a customer may complain about, and by when they are answered; from process.yaml. A pack without takes none.
struct Complaints {
  int answer_within_wd = 0;
  std::vector<Reason> about;
  std::optional<Supervision>
      supervision{};  ///< how one that is not answered climbs; a pack without only shows that it is late
};

/// A kind of case that may be entered in the whitelist 白名单; from process.yaml. A pack without has no whitelist.
struct WhitelistKind {
  std::string id;
  Sentence name;
  bool enterprises_only = false;                      ///< nobody's home
  std::vector<std::pair<LocalDate, double>> most_kw;  ///< from a day on, ascending; empty: whatever is asked for
  /// What may be asked for at most on that day; nothing where there is no limit.
  [[nodiscard]] std::optional<double> most_on(LocalDate day) const;
};

/// When staff may be met about a case; from process.yaml. A pack without has no visits.
struct Visits {
  int minutes = 0;       ///< how long a visit is; times begin at its multiples, so that no two of one person overlap
  int cancel_hours = 0;  ///< up to so long before a customer may cancel
  int from_hour = 0, to_hour = 0;  ///< of a day, in the city's time
};

/// 双经理+双专员 (A28): the roles of the team that follows a case, and why a role may pass from one to another.
struct Team {
  struct PassReason {
    std::string id;
    Sentence name;
    bool for_a_time = false;  ///< covers an absence: needs its last day
  };
  std::vector<Reason> roles;
  std::vector<PassReason> reasons;
};

struct Township {
  std::string code;  ///< nine digits
  std::string name;
};

/// A district or county of the city.
struct Area {
  std::string code;  ///< six digits
  Sentence name;
  std::vector<Township> townships;
};

struct Hotline {
  std::string number;
  Sentence name;
};

/// A supply enterprise that the pack binds (三(一)1: 含增量配电企业); from enterprises.yaml.
struct SupplyEnterprise {
  std::string id;  ///< "sgcc-yantai"
  Sentence name;
};

/// The pack as its files say it (model.hpp), for `compare`.
struct PackModel;

class Pack {
 public:
  virtual ~Pack() = default;

  [[nodiscard]] virtual std::string_view id() const = 0;
  [[nodiscard]] virtual std::string_view version() const = 0;
  [[nodiscard]] virtual Zone zone() const = 0;
  [[nodiscard]] virtual Sentence title() const = 0;
  /// The city whose policy it is: "烟台".
  [[nodiscard]] virtual Sentence city() const = 0;

  /// Decides into `out`, which is overwritten. `applied_at` of the facts must parse. Problems: `policy.not_in_force`
  /// (before the pack's first day, local), `policy.bad_facts` with a path. `calendar` may end before the due date.
  [[nodiscard]] virtual std::optional<Problem> decide(const Facts& facts, const calendar::Calendar& calendar,
                                                      Decision& out) const = 0;

  [[nodiscard]] virtual const std::vector<Clause>& clauses() const = 0;
  [[nodiscard]] virtual const Clause* clause(std::string_view id) const = 0;
  [[nodiscard]] virtual const Sentence* resolution(std::string_view id) const = 0;
  [[nodiscard]] virtual const Stage* stage(std::string_view id) const = 0;
  [[nodiscard]] virtual const Document* document(std::string_view id) const = 0;
  [[nodiscard]] virtual const std::vector<HandOver>& hand_overs() const = 0;
  [[nodiscard]] virtual const Supervision& supervision() const = 0;
  [[nodiscard]] virtual const std::vector<Area>& areas() const = 0;
  [[nodiscard]] virtual const std::vector<Hotline>& hotlines() const = 0;
  [[nodiscard]] virtual const std::vector<SupplyEnterprise>& enterprises() const = 0;
  /// process.yaml `withdrawals`: why a customer may say that they withdraw.
  [[nodiscard]] virtual const std::vector<Reason>& withdrawals() const = 0;
  /// process.yaml `erasures`: the grounds on which a person's data are erased.
  [[nodiscard]] virtual const std::vector<Reason>& erasures() const = 0;
  [[nodiscard]] virtual const Complaints& complaints() const = 0;
  [[nodiscard]] virtual const Visits& visits() const = 0;
  [[nodiscard]] virtual const std::vector<WhitelistKind>& whitelist() const = 0;
  /// process.yaml `citations`: the clauses that a refusal or an event of the rooms above rests on, by its code, e.g.
  /// "connection.document_not_on_list" → 三(二)1, #21. Empty where the pack says nothing. C++ holds no clause id.
  [[nodiscard]] virtual const std::vector<std::string>& citations(std::string_view code) const = 0;
  /// Name of a class, programme, permit route, boundary, flag or four-zero condition for pages.
  [[nodiscard]] virtual Sentence name_of(std::string_view id) const = 0;

  /// process.yaml `team`; empty where the pack has none.
  [[nodiscard]] virtual const Team& team() const = 0;
  /// detectors.yaml: those that run, in their order.
  [[nodiscard]] virtual const std::vector<Detector>& detectors() const = 0;
  [[nodiscard]] virtual const Detector* detector(std::string_view id) const = 0;
  /// documents.yaml `banned_words`: letters that nobody may be made to sign, by any name.
  [[nodiscard]] virtual const std::vector<std::string>& banned_words() const = 0;
  /// fees.yaml `catalogue`: what may be charged for.
  [[nodiscard]] virtual const std::vector<std::string>& priced_services() const = 0;
  [[nodiscard]] virtual const PackModel& model() const = 0;
  /// The calendars that the pack counts by, for calendar::load_for.
  [[nodiscard]] virtual const std::vector<std::filesystem::path>& calendar_files() const = 0;
};

/// Loads and checks a pack folder. Every problem names file, line and column and the mend; the first is returned,
/// all of them are in `problems` where it is given.
Result<std::shared_ptr<const Pack>> load_pack(const std::filesystem::path& folder,
                                              std::vector<Problem>* problems = nullptr);

/// A pack's folder from what someone typed: an id in packs_folder() or its `examples`, or a folder with a pack.yaml; empty is
/// the only pack there is, examples not counted. `pack.not_found`.
Result<std::filesystem::path> find_pack(const std::string& id_or_folder);

/// Runs the pack's own situations, `tests/*.yaml`: facts, what they must come to, and the clause that says so. A problem
/// each that comes out otherwise, at its place in the file; `count` is how many were run.
std::vector<Problem> check_situations(const Pack& pack, const std::filesystem::path& folder,
                                      const calendar::Calendar& calendar, int* count = nullptr);

/// The folder of packs: $TONGDIAN_PACKS, or beside the program (build/../packs, …/share/tongdian/packs).
std::filesystem::path packs_folder();

/// The decision as the contract's JSON, keys in the contract's order.
json::Object to_json(const Pack& pack, const Decision& decision);
/// The same with notes by their ids alone, as an event keeps it; `explained` gives them their words again.
json::Object to_record(const Pack& pack, const Decision& decision);

}  // namespace tongdian::policy
