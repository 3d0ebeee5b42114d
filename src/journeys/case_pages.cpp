#include "journeys/case_pages.hpp"

#include <algorithm>

#include "base/time_text.hpp"
#include "identity/accounts.hpp"
#include "journal/glances.hpp"
#include "journeys/city.hpp"
#include "notify/notify.hpp"
#include "policy/explain.hpp"

namespace tongdian::journeys {
namespace {

/// Why somebody sees a person's data whole: what they do here.
Sentence purpose_of(const std::optional<identity::Account>& reader) {
  if (!reader) return {"运维核查", "checked by an operator"};
  const bool manages = std::ranges::find(reader->roles, wire::Role::manager) != reader->roles.end();
  return manages ? Sentence{"作为客户经理办理本件", "handles the case as account manager"}
                 : Sentence{"受理、办理本件", "handles the case as clerk"};
}

/// Why somebody looked at a case whose person is masked for them.
Sentence purpose_of_glance(const std::optional<identity::Account>& reader) {
  return reader
             ? Sentence{"查看或查找到本件，个人信息已打码", "looked at the case or searched for it, your data masked"}
             : Sentence{"程序读取本件，个人信息已打码", "a program read the case, your data masked"};
}

/// For the person: who saw their data, whole or masked, on which day first, why.
json::Array seen_by(const City& city, store::Session& session, std::int64_t stream) {
  json::Array out;
  std::vector<std::string> named;
  const auto add = [&](const journal::VaultRead& read, bool whole) {
    const auto account = identity::find_account_by_id(session, read.reader);
    named.push_back(read.reader);
    const Sentence why = whole ? purpose_of(account) : purpose_of_glance(account);
    out.push_back(json::Object{{"name", account ? account->name : program_name(session, read.reader)},
                               {"first_at", format_instant(read.first_at, city.pack().zone())},
                               {"whole", whole},
                               {"why", json::Object{{"zh", why.zh}, {"en", why.en}}}});
  };
  for (const auto& read : journal::reads_of(session, stream)) add(read, true);
  for (const auto& read : journal::glances_of(session, stream)) add(read, false);
  // Who looked at the case has more to answer for than that it stood in their list.
  for (const auto& listed : journal::listed_of(session, stream)) {
    if (std::ranges::find(named, listed.reader) != named.end()) continue;
    add({listed.reader, listed.first_at}, false);
    const std::string last = format_date(listed.last_on), days = std::to_string(listed.days);
    out.back().as_object()["why"] =
        policy::to_json({"本件在其办件列表中出现过，姓名只显示第一个字，共 " + days + " 天，最近一次 " + last,
                         "the case stood in their list of cases, of the name its first character only: on " + days +
                             (listed.days == 1 ? " day, " : " days, last on ") + last});
  }
  return out;
}

/// Noted once a day, after the answer: whoever looks again and again shall not wait for the disk.
template <class Known, class Note>
void note_once(const City& city, store::Session& session, std::int64_t stream, const std::string& reader, Known known,
               Note note) {
  const Instant now = city.clock.now();
  const LocalDate day = city.pack().zone().date_of(now);
  if (known(session, stream, reader, day)) return;
  city.engine.post([stream, reader, day, now, note](engine::Executor& executor) {
    executor.in_transaction([&](store::Session& writer) { note(writer, stream, reader, day, now); });
  });
}

/// As `note_seen`, for who sees the data masked.
void note_glanced(const City& city, store::Session& session, std::int64_t stream, const std::string& reader) {
  note_once(city, session, stream, reader, journal::was_glanced, journal::note_glance);
}

/// Of a case's page what the vault and other rooms have: read at each look, for it goes and comes without the case.
json::Object beside_the_case(const City& city, store::Session& session, std::int64_t stream,
                             const wire::Principal& who) {
  using Kind = wire::Principal::Kind;
  const bool handles = handles_cases(who);
  if (handles)
    note_seen(city, session, stream, who.user);
  else if (who.kind == Kind::staff || who.kind == Kind::program)
    note_glanced(city, session, stream, who.user);
  json::Object out{{"person", person(city, session, stream, handles)},
                   {"messages", notify::notices_of(session, stream, city.pack().zone())}};
  if (who.kind == Kind::customer) out["seen_by"] = seen_by(city, session, stream);
  return out;
}

bool may_act(const wire::Principal& who) { return who.kind == wire::Principal::Kind::customer || handles_cases(who); }

bool still_holds(const CasePages::Page& page, std::int64_t last, LocalDate today,
                 const std::shared_ptr<const calendar::Calendar>& calendar, store::Session& session) {
  return page.last == static_cast<std::uint64_t>(last) && page.day == today && page.calendar == calendar &&
         identity::have_names(session, page.staff);
}

/// Nothing where the case has no event, which cannot be.
std::shared_ptr<const CasePages::Page> make_page(City& city, store::Session& session, const connection::CaseRow& row,
                                                 const CasePages::Key& key, const wire::Principal& who) {
  const Found found = fold(session, row);
  CasePages::Page page;
  page.last = found.folded.events.empty() ? 0 : found.folded.events.back().position;
  Pages pages(city, session, row.area, who);
  page.day = city.pack().zone().date_of(pages.context.now);
  page.calendar = pages.calendar;
  bool names_a_person = false;
  pages.context.staff_name = [&, inner = pages.context.staff_name](const std::string& account) {
    return page.staff.emplace(account, inner(account)).first->second;
  };
  pages.context.other_name = [&, inner = pages.context.other_name](const std::string& kind, const std::string& id) {
    names_a_person = true;
    return inner(kind, id);
  };
  page.json = json::text(connection::whole_case(found.folded, pages.context, key.side, key.may_act));
  page.json.pop_back();
  auto made = std::make_shared<const CasePages::Page>(std::move(page));
  // An agent's name is in the vault too.
  if (!names_a_person) city.case_pages.keep(key, made);
  return made;
}

}  // namespace

std::shared_ptr<const CasePages::Page> CasePages::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = young_.find(key); found != young_.end()) return found->second;
  const auto found = old_.find(key);
  if (found == old_.end()) return nullptr;
  auto page = found->second;
  put(key, page);
  return page;
}

void CasePages::keep(const Key& key, std::shared_ptr<const Page> page) {
  const std::lock_guard lock(mutex_);
  put(key, std::move(page));
}

void CasePages::put(const Key& key, std::shared_ptr<const Page> page) {
  const std::size_t more = page->json.size();
  if (young_bytes_ + more > half_) {
    old_ = std::exchange(young_, {});
    young_bytes_ = 0;
  }
  auto& kept = young_[key];
  if (kept) young_bytes_ -= kept->json.size();
  kept = std::move(page);
  young_bytes_ += more;
}

void note_seen(const City& city, store::Session& session, std::int64_t stream, const std::string& reader) {
  note_once(city, session, stream, reader, journal::was_read, journal::note_read);
}

void note_found(const City& city, store::Session& session, const std::vector<std::int64_t>& found,
                const std::string& reader) {
  const Instant now = city.clock.now();
  const LocalDate day = city.pack().zone().date_of(now);
  std::vector<std::int64_t> streams;
  for (const auto stream : found)
    if (!journal::was_glanced(session, stream, reader, day)) streams.push_back(stream);
  if (streams.empty()) return;
  city.engine.post([streams = std::move(streams), reader, day, now](engine::Executor& executor) {
    executor.in_transaction([&](store::Session& writer) {
      for (const auto stream : streams) journal::note_glance(writer, stream, reader, day, now);
    });
  });
}

void note_listed(const City& city, store::Session& session, const std::vector<std::int64_t>& streams,
                 const std::string& reader) {
  constexpr std::size_t at_once = 500;  // a sheet has thousands of rows, and others wait for the same transaction
  const Instant now = city.clock.now();
  const LocalDate day = city.pack().zone().date_of(now);
  const auto fresh = journal::not_listed(session, streams, reader, day);
  for (std::size_t i = 0; i < fresh.size(); i += at_once) {
    const auto from = fresh.begin() + static_cast<std::ptrdiff_t>(i);
    std::vector<std::int64_t> some(from, from + static_cast<std::ptrdiff_t>(std::min(at_once, fresh.size() - i)));
    city.engine.post([some = std::move(some), reader, day, now](engine::Executor& executor) {
      executor.in_transaction([&](store::Session& writer) { journal::note_listed(writer, some, reader, day, now); });
    });
  }
}

json::Object case_for(const City& city, store::Session& session, const Found& found, const wire::Principal& who) {
  const Pages pages(city, session, found.row.area, who);
  auto out = connection::whole_case(found.folded, pages.context, side_of(who), may_act(who));
  for (auto& [key, value] : beside_the_case(city, session, found.row.stream, who)) out[key] = std::move(value);
  return out;
}

std::string case_text(City& city, store::Session& session, const connection::CaseRow& row, const wire::Principal& who) {
  const CasePages::Key key{row.stream, side_of(who), may_act(who)};
  const auto last = session.integer("SELECT last FROM stream WHERE id = $1", {row.stream}).value_or(0);
  const LocalDate today = city.pack().zone().date_of(city.clock.now());
  auto page = city.case_pages.find(key);
  if (!page || !still_holds(*page, last, today, city.connection.calendar(row.area), session))
    page = make_page(city, session, row, key, who);
  const std::string beside = json::text(beside_the_case(city, session, row.stream, who));
  std::string out;
  out.reserve(page->json.size() + beside.size() + 1);
  out = page->json;
  out += ',';
  out.append(beside, 1);
  return out;
}

}  // namespace tongdian::journeys
