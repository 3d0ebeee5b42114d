#include "supervision/watch.hpp"

#include <algorithm>
#include <cstring>

#include "connection/events.hpp"
#include "journal/journal.hpp"
#include "requests/request_events.hpp"

namespace tongdian::supervision {
namespace {

/// Eight bytes of a keyed digest: among a million cases two strangers share one with a chance of 1 to 40 million.
std::uint64_t cut(ByteView tag) {
  std::uint64_t out = 0;
  if (tag.size() >= sizeof out) std::memcpy(&out, tag.data(), sizeof out);
  return out;
}

/// The tags of cases, read a page of the vault at a time: the opening events come in the order of their rows.
class TagReader {
 public:
  explicit TagReader(store::Session& session) : session_(session) {}

  Tags of(std::uint64_t owner) {
    if (owner < from_ || owner >= to_) load(owner);
    const auto found = tags_.find(owner);
    return found == tags_.end() ? Tags{} : found->second;
  }

 private:
  void load(std::uint64_t owner) {
    constexpr std::uint64_t page = 16384;
    tags_.clear();
    from_ = owner;
    to_ = owner + page;
    session_.query("SELECT owner, phone_tag, site_tag FROM vault WHERE owner >= $1 AND owner < $2",
                   {static_cast<std::int64_t>(from_), static_cast<std::int64_t>(to_)}, [&](const store::Row& row) {
                     Tags t;
                     if (!row.is_null(1)) t.person = cut(row.bytes(1));
                     if (!row.is_null(2)) t.place = cut(row.bytes(2));
                     tags_.emplace(static_cast<std::uint64_t>(row.integer(0)), t);
                   });
  }

  store::Session& session_;
  std::uint64_t from_ = 0, to_ = 0;
  std::unordered_map<std::uint64_t, Tags> tags_;
};

}  // namespace

Watch::Watch(const connection::Connection& connection)
    : connection_(connection),
      cases_(connection.policy_pack(), names_, findings_),
      people_(connection.policy_pack(), names_),
      channels_(connection.policy_pack().detector("channel_difference")),
      again_(connection.policy_pack().detector("opened_again")) {}

const Days& Watch::days_of(Name area) {
  const auto found = days_.find(area);
  if (found != days_.end()) return found->second.second;
  auto calendar = connection_.calendar(names_.text(area));
  const Days days{calendar.get(), connection_.policy_pack().zone()};
  return days_.emplace(area, std::pair(std::move(calendar), days)).first->second.second;
}

/// Who withdrew and comes again soon, the same person or the same place: re-walked 重走流程, perhaps to set the clock back.
void Watch::opened_again(const Trail& t, const journal::Event& e, Tags tags) {
  const auto within = std::chrono::hours(24) * static_cast<int>(again_->limit("days"));
  const Withdrawn* before = nullptr;
  int ties = 0;
  for (const auto tag : {tags.person, tags.place}) {
    const auto found = tag ? withdrawn_.find(tag) : withdrawn_.end();
    if (found == withdrawn_.end() || e.recorded_at - found->second.at > within) continue;
    before = &found->second;
    ++ties;
  }
  if (!before) return;
  auto& f = findings_.raise(again_->id, t.number);
  f.number = t.number;
  f.area = t.area;
  f.enterprise = t.enterprise;
  f.at = e.recorded_at;
  // The same person at the same place is the same application; one of the two may be chance.
  f.strength = ties == 2 ? Strength::strong : Strength::weak;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(e.recorded_at - before->at).count() / 24;
  Findings::add(f, {before->position, "withdrawn " + before->number});
  Findings::add(f, {e.position, "opened again after days=" + std::to_string(days)});
}

/// Whose data are gone is compared with nobody any more.
void Watch::forget(const std::string& stream, const std::string& number) {
  tags_.erase(stream);
  std::erase_if(withdrawn_, [&](const auto& each) { return each.second.number == number; });
}

void Watch::judge(const journal::Event& e) {
  auto& opinion = opinions_[e.stream.substr(e.stream.find('/') + 1)];
  opinion.verdict = e.type == events::confirmed ? Verdict::confirmed : Verdict::dismissed;
  opinion.auditor = e.actor.id;
  opinion.at = e.recorded_at;
  const auto* note = e.payload.is_object() ? e.payload.get_object().if_contains("note") : nullptr;
  opinion.note = note && note->is_string() ? std::string(note->get_string()) : std::string();
}

/// Requests other than complaints climb no ladder.
void Watch::complaint(const journal::Event& e) {
  if (e.type == requests::events::made && e.payload.at("kind") == json::Value("complaint")) {
    const auto text = [&](const char* key) { return std::string(e.payload.at(key).as_string()); };
    complaints_[e.stream] = {e.stream.substr(e.stream.find('/') + 1), text("subject"), names_.of(text("area")),
                             names_.of(text("enterprise"))};
  }
  if (const auto found = complaints_.find(e.stream); found != complaints_.end())
    orders_.see(found->second, e, connection_.policy_pack().zone());
}

void Watch::take(const journal::Event& e, const std::function<Tags(std::uint64_t)>& tags) {
  seen_ = e.position;
  if (e.type.starts_with("finding.")) return judge(e);
  if (e.type.starts_with("request.")) return complaint(e);
  if (!e.type.starts_with("case.")) return;
  Trail& t = trails_[e.stream];
  const bool fresh = t.number.empty();
  const Moved moved = supervision::take(t, e, names_);
  if (t.number.empty()) return;
  const Days& days = days_of(t.area);
  if (again_ && fresh) {
    const Tags own = tags(t.first);
    opened_again(t, e, own);
    tags_.emplace(e.stream, own);
  }
  const Seen seen{t, moved, e, days};
  cases_.see(seen);
  people_.see(seen);
  // A lead is opened by the utility: no channel that a customer chose.
  if (names_.text(t.channel) != "lead") channels_.see(t, moved, days);
  longest_.see(t, moved, days);
  orders_.see(t, moved, e, days);
  promises_.see(t, moved, days.zone.date_of(e.recorded_at), days);
  if (e.type == connection::events::person_erased) forget(e.stream, t.number);
  if (!again_ || (!moved.finished && !moved.withdrawn)) return;
  if (const auto own = tags_.find(e.stream); own != tags_.end()) {
    if (moved.withdrawn)
      for (const auto tag : {own->second.person, own->second.place})
        if (tag) withdrawn_[tag] = {t.number, e.position, e.recorded_at};
    tags_.erase(own);
  }
}

std::uint64_t Watch::catch_up(store::Session& session, const std::stop_token& stop) {
  TagReader tags(session);
  std::uint64_t count = 0;
  for (bool more = true; more && !stop.stop_requested();) {
    const std::lock_guard guard(mutex_);
    if (count == 0) days_.clear();  // calendars may have been loaded since
    const auto from = seen_ + 1;
    const auto next = journal::read_page(session, from, [&](std::uint64_t, std::string_view bytes) {
      take(journal::decode(bytes).value(), [&](std::uint64_t owner) { return tags.of(owner); });
    });
    more = next > from;
    count += next - from;
  }
  return count;
}

void Watch::refresh(store::Session& session, std::uint64_t a_moment) {
  const auto size = static_cast<std::uint64_t>(session.integer("SELECT max(position) FROM event").value_or(0));
  if (const std::uint64_t seen = seen_; size > seen + a_moment) {
    const auto percent = std::to_string(seen * 100 / size) + " %";
    throw ProblemError(failure("supervision.reading",
                               {"系统刚启动，正在读取日志，已读 " + percent,
                                "the system has just started and is reading the journal: " + percent + " so far"},
                               {"请稍候片刻再刷新", "wait a moment, then reload"}));
  }
  catch_up(session);
}

const Trail* Watch::trail(const std::string& number) const {
  const auto found = trails_.find("case/" + number);
  return found == trails_.end() || found->second.number.empty() ? nullptr : &found->second;
}

std::optional<Trail> Watch::trail_after(const std::string& number, const journal::Event& event) {
  const auto* now = trail(number);
  if (!now) return {};
  Trail then = *now;
  supervision::take(then, event, names_);
  return then;
}

/// Channels that are treated differently are a finding about nobody's case.
void Watch::add_channels(std::vector<Judged>& out) const {
  const auto* settings = connection_.policy_pack().detector("channel_difference");
  if (!settings) return;
  Findings raised;
  for (const auto& c : channels_.compare()) {
    if (!c.differs) continue;
    const std::string subject =
        names_.text(c.klass) + (c.works ? " (works) · " : " · ") + names_.text(c.a) + " / " + names_.text(c.b);
    Finding& f = raised.raise(settings->id, subject);
    f.subject = subject;
    f.strength = Strength::strong;
    Findings::add(f, {seen_, "limits_differ=" + std::to_string(c.limits_differ) +
                                 " p_days=" + std::to_string(c.p_days) + " p_asked=" + std::to_string(c.p_asked)});
  }
  for (const auto& f : raised.all()) {
    const auto opinion = opinions_.find(f.id);
    out.push_back({f, opinion == opinions_.end() ? Opinion{} : opinion->second});
  }
}

std::vector<Watch::Judged> Watch::findings() const {
  const std::lock_guard guard(mutex_);
  std::vector<Judged> out;
  const auto add = [&](const Finding& f) {
    const auto opinion = opinions_.find(f.id);
    out.push_back({f, opinion == opinions_.end() ? Opinion{} : opinion->second});
  };
  for (const auto& f : findings_.all()) add(f);
  for (const auto& f : people_.test()) add(f);
  add_channels(out);
  std::ranges::stable_sort(out, [](const Judged& a, const Judged& b) { return a.finding.at > b.finding.at; });
  return out;
}

}  // namespace tongdian::supervision
