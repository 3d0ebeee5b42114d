#include "engine/replay.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "journal/journal.hpp"

namespace tongdian::engine {
namespace {

struct Rebuilt {
  std::int64_t id = 0;
  std::uint64_t last = 0, sequence = 0;
  std::string created_by;
  const Behaviour* behaviour = nullptr;
  std::unique_ptr<State> state;
};

const Behaviour* behaviour_of(std::string_view stream, const std::vector<const Behaviour*>& behaviours) {
  const auto kind = stream.substr(0, stream.find('/'));
  const auto found = std::ranges::find_if(behaviours, [&](const auto* b) { return b->kind() == kind; });
  if (found == behaviours.end())
    throw ProblemError(failure("engine.unknown_stream", {"未知的流 " + std::string(stream),
                                                         "no room answers for the stream " + std::string(stream)}));
  return *found;
}

void fold_into(std::unordered_map<std::string, Rebuilt>& streams, const Event& event,
               const std::vector<const Behaviour*>& behaviours) {
  Rebuilt& r = streams[event.stream];
  if (!r.behaviour) {
    r.id = static_cast<std::int64_t>(event.position);
    r.created_by = event.command;
    r.behaviour = behaviour_of(event.stream, behaviours);
    r.state = r.behaviour->initial();
  }
  r.behaviour->evolve(*r.state, event);
  r.last = event.position;
  r.sequence = event.sequence;
}

void write(store::Session& scratch, const std::string& name, const Rebuilt& r) {
  const auto wake = r.behaviour->wake_at(*r.state);
  scratch.run(
      "INSERT INTO stream (id, name, created_by, last, sequence, wake_at) VALUES ($1, $2, $3, $4, $5, $6)",
      {r.id, std::string_view(name), std::string_view(r.created_by), static_cast<std::int64_t>(r.last),
       static_cast<std::int64_t>(r.sequence), store::nullable(wake ? std::optional(to_ms(*wake)) : std::nullopt)});
  r.behaviour->project(scratch, r.id, *r.state);
}

/// A value with its type, the same bytes whichever database it comes from.
void append_value(std::string& out, const store::Row& row, int c) {
  const auto type = row.type(c);
  out += static_cast<char>(type);
  switch (type) {
    case store::Type::none: break;
    case store::Type::integer: out += std::to_string(row.integer(c)); break;
    case store::Type::real: {
      char text[32];
      out.append(text, std::to_chars(std::begin(text), std::end(text), row.real(c)).ptr);
      break;
    }
    case store::Type::text: out += row.text(c); break;
    case store::Type::bytes: out += text_of(row.bytes(c)); break;
  }
  out += '\0';
}

std::map<std::int64_t, Hash> digests(store::Session& session, const std::string& table) {
  std::map<std::int64_t, Hash> out;
  session.query("SELECT * FROM " + table, {}, [&](const store::Row& row) {
    std::string all;
    for (int c = 0; c < row.columns(); ++c) append_value(all, row, c);
    // Several rows may stand under one stream. Databases differ in the order in which they give them, so none counts: the
    // digests of the rows are folded by exclusive or, which loses nothing while no row is there twice.
    const Hash digest = sha256({bytes_of(all)});
    Hash& folded = out[row.integer(0)];
    for (std::size_t i = 0; i < folded.size(); ++i) folded[i] = static_cast<std::uint8_t>(folded[i] ^ digest[i]);
  });
  return out;
}

TableComparison compare(store::Session& live, store::Session& scratch, const std::string& table) {
  constexpr std::size_t shown = 10;
  TableComparison out{table, 0, 0, {}};
  auto wanted = digests(scratch, table);
  const auto differ = [&](std::int64_t key) {
    ++out.different;
    if (out.first_keys.size() < shown) out.first_keys.push_back(key);
  };
  for (const auto& [key, digest] : digests(live, table)) {
    ++out.rows;
    const auto found = wanted.find(key);
    if (found == wanted.end() || found->second != digest) differ(key);
    if (found != wanted.end()) wanted.erase(found);
  }
  for (const auto& [key, digest] : wanted) differ(key);
  return out;
}

}  // namespace

bool ReplayReport::same() const {
  return std::ranges::all_of(tables, [](const auto& t) { return t.different == 0; });
}

ReplayReport replay(store::Session& live, store::Session& scratch, const std::vector<const Behaviour*>& behaviours,
                    const std::function<void(std::uint64_t)>& progress) {
  ReplayReport report;
  std::unordered_map<std::string, Rebuilt> streams;
  journal::read_all(live, 0, [&](std::uint64_t, std::string_view bytes) {
    const auto event = journal::decode(bytes);
    fold_into(streams, event.value(), behaviours);
    if (++report.events % 4096 == 0 && progress) progress(report.events);
  });
  report.streams = streams.size();
  store::Transaction transaction(scratch);
  for (const auto& [name, rebuilt] : streams) write(scratch, name, rebuilt);
  transaction.commit();

  report.tables.push_back(compare(live, scratch, "stream"));
  for (const auto* behaviour : behaviours)
    for (const auto& table : behaviour->view_tables()) report.tables.push_back(compare(live, scratch, table));
  return report;
}

}  // namespace tongdian::engine
