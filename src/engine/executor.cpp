#include "engine/executor.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace tongdian::engine {
namespace {

constexpr std::size_t generation_size = 50'000;
/// A clock that is behind the journal by less than this (NTP's small steps) is taken as the journal's last time.
constexpr auto clock_tolerance = std::chrono::seconds(2);

std::int64_t row_number(std::uint64_t n) { return static_cast<std::int64_t>(n); }

std::optional<std::int64_t> ms_of(const std::optional<Instant>& t) {
  return t ? std::optional(to_ms(*t)) : std::nullopt;
}

Problem clock_behind(Instant last, Instant now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(last - now).count();
  return failure("engine.clock_behind",
                 {"服务器时钟比日志晚 " + std::to_string(seconds) + " 秒，暂停受理以免时间倒填",
                  "the server's clock is " + std::to_string(seconds) +
                      " s behind the journal; nothing is recorded under a time that has passed"},
                 {"请校准服务器时钟后重试，未确认的操作未写入",
                  "set the clock right, then try again; nothing unacknowledged was written"});
}

/// What no command can be the cause of: each alone would fail as well, after the same wait.
bool is_the_databases(const Problem& p) {
  return p.code == "store.connection_lost" || p.code == "store.commit_unknown" || p.code == "store.cannot_open" ||
         p.code == "store.busy" || p.code.starts_with("journal.") || p.code == "engine.clock_behind";
}

/// `select` with a list of values, in few statements of few lengths: each length is a statement of its own to prepare.
void query_in(store::Session& session, std::string_view select, const std::vector<std::string_view>& values,
              const store::OnRow& on_row) {
  constexpr std::size_t longest = 64;
  for (std::size_t at = 0; at < values.size();) {
    const std::size_t count = std::min(longest, values.size() - at);
    std::vector<store::Param> params(values.begin() + static_cast<std::ptrdiff_t>(at),
                                     values.begin() + static_cast<std::ptrdiff_t>(at + count));
    // The last value again up to a power of two: a value named twice is found once.
    params.resize(std::bit_ceil(count), params.back());
    std::string sql(select);
    for (std::size_t i = 1; i <= params.size(); ++i) sql += (i == 1 ? "($" : ", $") + std::to_string(i);
    session.query(sql + ")", params, on_row);
    at += count;
  }
}

}  // namespace

const store::Migration migration{3, "engine", R"(
-- One row a stream; id is the position of its first event, so that streams that live at the same time lie side by side.
-- last and sequence say where it stands, wake_at when its next deadline is due: one row written a command for all three.
CREATE TABLE stream (id BIGINT_KEY, name TEXT NOT NULL, created_by TEXT NOT NULL, last BIGINT NOT NULL, sequence BIGINT NOT NULL, wake_at BIGINT);
CREATE UNIQUE INDEX stream_name ON stream (name);
CREATE UNIQUE INDEX stream_created_by ON stream (created_by);
CREATE INDEX stream_wake ON stream (wake_at) WHERE wake_at IS NOT NULL;
-- What is to leave the city; a row goes in with its event and out when it has been handled.
CREATE TABLE outbox (id BIGINT_KEY, topic TEXT NOT NULL, stream BIGINT NOT NULL, payload TEXT NOT NULL);
)"};

Executor::Executor(store::Database& database, journal::Journal journal, std::vector<const Behaviour*> behaviours,
                   const Clock& clock)
    : database_(database),
      session_(database.writer()),
      journal_(std::move(journal)),
      behaviours_(std::move(behaviours)),
      clock_(clock) {}

const Behaviour* Executor::behaviour_of(std::string_view stream) const {
  const auto kind = stream.substr(0, stream.find('/'));
  for (const auto* b : behaviours_)
    if (b->kind() == kind) return b;
  return nullptr;
}

void Executor::execute(std::vector<Pending>& batch) {
  std::vector<Answer> answers;
  answers.reserve(batch.size());
  const auto broken = run_transaction(batch, answers);
  if (broken && batch.size() > 1 && !is_the_databases(*broken)) {
    // One of them may be the cause: each on its own, so that the others go on.
    answers.clear();
    for (auto& each : batch) {
      std::vector<Pending> alone;
      alone.push_back(std::move(each));
      std::vector<Answer> one;
      run_transaction(alone, one);
      answers.push_back(std::move(one.front()));
      each = std::move(alone.front());
    }
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    ++counters_.commands;
    if (answers[i].has_error())
      ++(answers[i].error().kind == Problem::Kind::failure ? counters_.failed : counters_.refused);
    if (batch[i].answer) batch[i].answer(answers[i]);
  }
}

std::optional<Problem> Executor::run_transaction(std::vector<Pending>& batch, std::vector<Answer>& answers) {
  auto memory = journal_.remember();
  std::optional<Problem> broken;
  try {
    store::Transaction transaction(session_, store::Order::exclusive);
    take_in();
    const Instant now = clock_.now();
    if (now + clock_tolerance < journal_.last_recorded())
      throw ProblemError(clock_behind(journal_.last_recorded(), now));
    const Instant recorded = std::max(now, journal_.last_recorded());
    look_up(batch);
    const std::uint64_t before = journal_.size();
    for (const auto& each : batch) answers.push_back(handle(each.command, recorded));
    if (journal_.size() > before) {
      journal_.seal(session_, recorded);
      const auto begun = std::chrono::steady_clock::now();
      transaction.commit();
      counters_.last_flush = std::chrono::steady_clock::now() - begun;
      counters_.events += journal_.size() - before;
      ++counters_.batches;
      counters_.batch_sizes.add(batch.size());
      counters_.flushes.add(static_cast<std::uint64_t>(counters_.last_flush / std::chrono::microseconds(64)));
    }
    return {};
  } catch (const ProblemError& e) {
    broken = e.problem;
  } catch (const std::exception& e) {
    broken = failure("engine.failed", {std::string("内部错误：") + e.what(), e.what()});
  }
  journal_.restore(std::move(memory));
  forget(batch);
  answers.assign(batch.size(), Answer(*broken));
  return broken;
}

void Executor::take_in() {
  journal_.catch_up(session_, [&](const std::string& stream) {
    next_wake_.reset();
    if (!stream.empty()) return forget(stream);
    young_.clear();
    old_.clear();
    snoozed_.clear();
  });
}

void Executor::look_up(const std::vector<Pending>& batch) {
  rows_.clear();
  created_.clear();
  std::vector<std::string_view> names, keys;
  for (const auto& [command, answer] : batch) {
    if (!young_.contains(command.stream) && !old_.contains(command.stream) && rows_.try_emplace(command.stream).second)
      names.push_back(command.stream);
    if (command.creates && created_.try_emplace(command.id).second) keys.push_back(command.id);
  }
  query_in(session_, "SELECT name, id, last FROM stream WHERE name IN ", names, [&](const store::Row& row) {
    rows_[std::string(row.text(0))] = Row{row.integer(1), static_cast<std::uint64_t>(row.integer(2))};
  });
  query_in(session_, "SELECT created_by, name FROM stream WHERE created_by IN ", keys,
           [&](const store::Row& row) { created_[std::string(row.text(0))] = row.text(1); });
}

void Executor::forget(const std::vector<Pending>& batch) {
  for (const auto& each : batch) forget(each.command.stream);
  next_wake_.reset();
}

void Executor::forget(const std::string& stream) {
  young_.erase(stream);
  old_.erase(stream);
  snoozed_.erase(stream);
}

Answer Executor::handle(const Command& command, Instant now) {
  if (command.creates) return create(command, now);
  Entry* entry = find(command.stream);
  if (!entry)
    return refusal("engine.no_such_stream", {"没有这个编号：" + command.stream, "there is no " + command.stream},
                   {"请核对编号", "check the number"});
  for (const auto& made : entry->made)
    if (made.command == command.id) return answer_again(*entry, made, command);
  if (command.expected_sequence && *command.expected_sequence != entry->sequence)
    return refusal("engine.conflict",
                   {"其他人刚刚处理过此件，页面内容已不是最新",
                    "someone else has just acted on it; what you saw is no longer current"},
                   {"请刷新后再操作", "reload, look again, then act"});
  return carry_out(*entry, command, now);
}

Answer Executor::create(const Command& command, Instant now) {
  if (const auto name = created_.at(command.id)) {
    const Entry* entry = find(*name);
    assert(entry && !entry->made.empty());
    Answer again = answer_again(*entry, entry->made.front(), command);
    if (again) again->stream = *name;
    return again;
  }
  if (find(command.stream))
    return refusal("engine.stream_exists", {"编号已被使用", "the number is taken"}, {"请重新提交", "submit again"});
  Entry entry;
  entry.behaviour = behaviour_of(command.stream);
  assert(entry.behaviour && "a command for a kind of stream that nobody answers for");
  entry.state = entry.behaviour->initial();
  entry.id = row_number(journal_.size() + 1);
  Answer answer = carry_out(entry, command, now);
  if (answer && entry.sequence > 0) {
    remember(command.stream) = std::move(entry);
    created_[command.id] = command.stream;
  }
  return answer;
}

Answer Executor::answer_again(const Entry& entry, const Made& made, const Command& command) const {
  if (made.fingerprint != command.fingerprint)
    return refusal("engine.key_reused",
                   {"该请求标识已用于另一内容", "this idempotency key was used for something else"},
                   {"请为新的请求使用新的标识", "use a new key for a new request"});
  return Ack{command.stream, entry.id, made.sequence, made.position, true};
}

Answer Executor::carry_out(Entry& entry, const Command& command, Instant now) {
  auto decided = entry.behaviour->decide(*entry.state, command, now);
  // A deadline that is refused or changes nothing stays armed, as replay arms it; it is only not tried again at once.
  if (command.channel == "clock" && (!decided || decided->empty())) {
    const auto wake = entry.behaviour->wake_at(*entry.state);
    if (wake && *wake <= now) snoozed_[command.stream] = now + std::chrono::hours(1);
  }
  if (!decided) return decided.error();
  if (decided->empty()) {
    return Ack{command.stream, entry.id, entry.sequence, entry.last, false};
  }
  std::int64_t outgoing = 0;
  for (auto& fresh : *decided) {
    Event event;
    event.stream = command.stream;
    event.sequence = entry.sequence + 1;
    event.type = std::move(fresh.type);
    event.version = fresh.version;
    event.occurred_at = command.occurred_at;
    event.recorded_at = now;
    event.actor = command.actor;
    event.channel = command.channel;
    event.command = command.id;
    event.fingerprint = command.fingerprint;
    event.pack = entry.behaviour->pack();
    event.payload = std::move(fresh.payload);
    journal_.append(session_, event, static_cast<std::uint64_t>(entry.id), entry.last);
    fold(entry, event);
    if (fresh.erases_person) journal::erase(session_, entry.id, now);
    for (const auto& message : entry.behaviour->messages(event, *entry.state)) {
      constexpr std::int64_t messages_an_event = 8;
      session_.run("INSERT INTO outbox (id, topic, stream, payload) VALUES ($1, $2, $3, $4)",
                   {row_number(event.position) * messages_an_event + outgoing++ % messages_an_event,
                    std::string_view(message.topic), entry.id, std::string_view(json::canonical(message.payload))});
    }
  }
  write_stream(entry, command);
  entry.behaviour->project(session_, entry.id, *entry.state);
  if (command.sealed) journal::put(session_, entry.id, *command.sealed);
  return Ack{command.stream, entry.id, entry.sequence, entry.last, false};
}

void Executor::write_stream(Entry& entry, const Command& command) {
  const auto wake = entry.behaviour->wake_at(*entry.state);
  if (command.creates)
    session_.run("INSERT INTO stream (id, name, created_by, last, sequence, wake_at) VALUES ($1, $2, $3, $4, $5, $6)",
                 {entry.id, std::string_view(command.stream), std::string_view(command.id), row_number(entry.last),
                  row_number(entry.sequence), store::nullable(ms_of(wake))});
  else
    session_.run("UPDATE stream SET last = $2, sequence = $3, wake_at = $4 WHERE id = $1",
                 {entry.id, row_number(entry.last), row_number(entry.sequence), store::nullable(ms_of(wake))});
  if (next_wake_ && wake && (!*next_wake_ || *wake < **next_wake_)) next_wake_ = wake;
}

void Executor::fold(Entry& entry, const Event& event) const {
  entry.behaviour->evolve(*entry.state, event);
  entry.sequence = event.sequence;
  entry.last = event.position;
  if (entry.made.empty() || entry.made.back().command != event.command)
    entry.made.push_back({event.command, event.fingerprint, event.sequence, event.position});
  entry.made.back().sequence = event.sequence;
  entry.made.back().position = event.position;
}

Executor::Entry* Executor::find(const std::string& stream) {
  if (const auto found = young_.find(stream); found != young_.end()) return &found->second;
  if (const auto found = old_.find(stream); found != old_.end()) {
    auto node = old_.extract(found);
    return &young_.insert(std::move(node)).position->second;
  }
  std::optional<Row> row;
  if (const auto looked_up = rows_.find(stream); looked_up != rows_.end())
    row = looked_up->second;
  else
    session_.query("SELECT id, last FROM stream WHERE name = $1", {std::string_view(stream)}, [&](const store::Row& r) {
      row = Row{r.integer(0), static_cast<std::uint64_t>(r.integer(1))};
    });
  return row ? load(stream, row->id, row->last) : nullptr;
}

Executor::Entry& Executor::remember(const std::string& stream) {
  if (young_.size() >= generation_size) {
    old_ = std::move(young_);
    young_.clear();
  }
  return young_[stream];
}

Executor::Entry* Executor::load(const std::string& stream, std::int64_t id, std::uint64_t last) {
  Entry& entry = remember(stream);
  entry.id = id;
  entry.behaviour = behaviour_of(stream);
  assert(entry.behaviour && "a stream of a kind that nobody answers for");
  entry.state = entry.behaviour->initial();
  journal::read_stream(session_, last, [&](Event&& event, std::string_view) { fold(entry, event); });
  return &entry;
}

std::vector<Pending> Executor::due(std::size_t limit) {
  std::vector<Pending> out;
  const Instant now = clock_.now();
  const auto next = next_wake();
  if (!next || *next > now) return out;
  session_.query("SELECT name, sequence, wake_at FROM stream WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2",
                 {to_ms(now), static_cast<std::int64_t>(limit)}, [&](const store::Row& row) {
                   Command c;
                   c.stream = row.text(0);
                   if (const auto until = snoozed_.find(c.stream); until != snoozed_.end()) {
                     if (until->second > now) return;
                     snoozed_.erase(until);
                   }
                   // The same deadline twice is the same command.
                   c.id = "clock-" + std::to_string(row.integer(2)) + "-" + std::to_string(row.integer(1));
                   c.actor = {"clock", "deadline"};
                   c.channel = "clock";
                   c.body = behaviour_of(c.stream)->wake();
                   out.push_back({std::move(c), {}});
                 });
  next_wake_.reset();
  return out;
}

std::optional<Instant> Executor::next_wake() {
  // Another node may have armed an earlier one.
  if (!next_wake_ || database_.shared()) {
    const auto ms = session_.integer("SELECT min(wake_at) FROM stream WHERE wake_at IS NOT NULL");
    next_wake_ = ms ? std::optional(from_ms(*ms)) : std::nullopt;
  }
  return *next_wake_;
}

void Executor::refresh(const std::vector<std::int64_t>& ids) {
  store::Transaction transaction(session_, store::Order::exclusive);
  take_in();
  rows_.clear();
  for (const auto id : ids) {
    const auto name = session_.text("SELECT name FROM stream WHERE id = $1", {id});
    Entry* entry = name ? find(*name) : nullptr;
    if (!entry) continue;
    Command rearm;
    rearm.stream = *name;
    write_stream(*entry, rearm);
    entry->behaviour->project(session_, id, *entry->state);
  }
  transaction.commit();
}

void Executor::in_transaction(const std::function<void(store::Session&)>& work) {
  store::Transaction transaction(session_, store::Order::exclusive);
  take_in();
  work(session_);
  transaction.commit();
}

}  // namespace tongdian::engine
