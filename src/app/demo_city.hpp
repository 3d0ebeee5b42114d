// The people and the work of the made-up city: who applies for what, when, and how long everyone takes. Deterministic from
// its seed; the engine decides everything else.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/demo.hpp"
#include "app/demo_network.hpp"
#include "app/demo_people.hpp"
#include "connection/commands.hpp"
#include "engine/executor.hpp"
#include "journeys/application.hpp"

namespace tongdian::app {

class DemoCity {
 public:
  /// `network` is asked for the plans, where there is one.
  DemoCity(Foundation& foundation, const DemoOptions& options, const Clock& clock, DemoNetwork* network = nullptr);

  static Instant first_day();
  [[nodiscard]] bool finished() const { return agenda_.empty(); }
  [[nodiscard]] Instant next_at() const { return agenda_.begin()->first; }
  /// The commands of this moment.
  std::vector<engine::Pending> take(Instant at);
  /// Once their answers are in: what follows goes on the agenda.
  void answered();
  void on_progress(std::function<void(std::uint64_t)> progress) { progress_ = std::move(progress); }
  /// "NUMBER, phone PHONE" of a case that has much to see.
  [[nodiscard]] std::string showcase() const;
  /// The irregularities that came into the journal.
  [[nodiscard]] std::vector<Planted> planted() const;

 private:
  /// What may follow an opening. An opening is ten times as large, and a city of a million plans eight million steps.
  /// A record about the case, made when its time comes, for it tells of times: `value` hours before now or before the opening,
  /// or the number of a firm.
  struct Note {
    enum class Kind : std::uint8_t {
      meter_now,
      meter_early,
      contract_early,
      firm,
      charge,
      refusal,
      whitelist,
      works_done
    } kind{};
    std::int16_t value = 0;
  };
  using Next =
      std::variant<connection::Open, connection::AskDocuments, connection::Supplement, connection::Accept,
                   connection::ReplyPlan, connection::TakeBack, connection::ReviewDesign, connection::InspectMidway,
                   connection::Energise, connection::Rate, connection::Withdraw, connection::Tick, Note>;
  struct Step {
    Next command;
    std::string_view actor_kind, actor, channel;
    int working_days = 0;         ///< after the step before
    std::int16_t minutes = -1;    ///< exactly so many after the step before instead
    std::int16_t at_hour = -1;    ///< of that day, at night
    std::int16_t late_hours = 0;  ///< said to have happened so long before it was recorded
  };
  struct Life {
    std::vector<Step> steps;  ///< after the opening
    std::size_t next = 0;
    std::string stream, number, phone, klass;
    journeys::Submission submission;
    bool lead = false;
    bool computed = false;     ///< its plan was, by the network
    std::string_view planted;  ///< the detector that should find it, or empty
    std::size_t again = 0;     ///< the life that opens when this one has withdrawn
    std::string lead_arrived;
    Instant opens{};
  };

  [[nodiscard]] policy::Decision decision_of(const Life& life) const;
  [[nodiscard]] engine::Command step_command(Life& life);
  std::optional<connection::Command::Any> planned(Life& life, const Step& step);
  void plan(std::size_t index);
  void plan_stages(Life& life, const policy::Decision& decision);
  void plan_acceptance(Life& life, const policy::Decision& decision, int days);
  // demo_records.cpp: what else is recorded about cases, honestly and not.
  [[nodiscard]] std::string_view manager_of(const Life& life);
  void add_records(Life& life);
  void plant(std::size_t index);
  void plant_steps(Life& life);
  static void gather(Life& life);
  void plant_habits(Life& life);
  [[nodiscard]] int plan_limit(const Life& life) const;
  [[nodiscard]] connection::Command::Any made_of(const Note& note, const Life& life) const;
  [[nodiscard]] std::string_view habit_of(std::string_view manager) const;
  bool maybe(double share) { return std::uniform_real_distribution<double>(0, 1)(extra_.engine()) < share; }
  int one_of(int n) { return std::uniform_int_distribution<int>(0, n - 1)(extra_.engine()); }
  Instant when(const Step& step);
  [[nodiscard]] std::string hand_over_after(const std::string& stage, const std::string& next, bool self_built);
  int days_within(int limit);
  Instant opening_time(bool counter);
  Instant later(Instant from, int working_days);
  void schedule(std::size_t life, Instant at);
  engine::Command opening_command(Life& life);
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_.engine()); }
  bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_.engine()) < share; }

  Foundation& f_;
  DemoOptions options_;
  const Clock& clock_;
  DemoNetwork* network_;
  SeededRandom random_;
  SeededRandom extra_;  ///< for records and plants: the rest of the city stays as its seed made it
  DemoPeople people_;
  std::deque<std::string> managers_;  ///< by district, `managers` each; steps point into it
  std::shared_ptr<const calendar::Calendar> calendar_;
  std::deque<Life> lives_;  ///< a deque: planning one may add another
  std::map<Instant, std::vector<std::size_t>> agenda_;
  struct Done {
    std::size_t life;
    std::string stream;
  };
  std::vector<Done> done_;
  std::vector<std::size_t> again_;  ///< lives whose number was taken
  std::vector<std::string> failed_;
  std::uint64_t opened_ = 0;
  std::uint64_t commands_ = 0;
  std::function<void(std::uint64_t)> progress_;
};

}  // namespace tongdian::app
