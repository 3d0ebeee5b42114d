// GET /api/v1/inbox: what is to be done, by due time; the same as a sheet for Excel and as CSV.
#include <algorithm>

#include "base/time_text.hpp"
#include "journal/person_search.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "journeys/sheet.hpp"
#include "journeys/team.hpp"
#include "journeys/warnings.hpp"
#include "policy/explain.hpp"
#include "requests/request.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

bool looks_like_a_phone(std::string_view q) {
  return std::ranges::count_if(q, [](char c) { return c >= '0' && c <= '9'; }) >= 7 &&
         std::ranges::all_of(q, [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == ' ' || c == '-'; });
}

/// A case's number or a part of one, as it was heard or typed: without blanks and signs, in capitals, and for the letters that
/// numbers do without the digits that they look like. Nothing where it can be none.
std::string as_number(std::string_view typed) {
  std::string out;
  for (const char32_t c : journal::folded(typed)) {
    const bool small = c >= U'a' && c <= U'z';
    if (!small && !(c >= U'0' && c <= U'9')) return {};
    out += c == U'o' ? '0' : c == U'i' || c == U'l' ? '1' : static_cast<char>(small ? c - U'a' + U'A' : c);
  }
  return out;
}

Result<connection::InboxQuery> query_of(const City& city, const wire::Request& request) {
  if (auto problem = wire::unknown_query(request, {"state", "area", "stage", "q", "member", "after", "limit"}))
    return *std::move(problem);
  connection::InboxQuery q;
  const auto state = enum_of<connection::InboxState>(request.query("state").value_or("open"));
  if (!state)
    return bad_input(
        "http.bad_query", "?state",
        {"state 应为 open、customer、late、done 或 all", "state is one of open, customer, late, done, all"});
  q.state = *state;
  q.area = request.query("area").value_or("");
  q.stage = request.query("stage").value_or("");
  q.after = request.query("after").value_or("");
  const auto limit = wire::query_integer(request, "limit", 1, 200, 50);
  if (!limit) return limit.error();
  q.limit = *limit;
  if (const auto member = request.query("member"); member && !member->empty()) {
    const auto account = member_of(city, request, *member);
    if (!account) return account.error();
    q.member = *account;
  }
  q.areas = request.principal.areas;
  q.enterprises = request.principal.enterprises;
  q.today = city.pack().zone().date_of(city.clock.now());
  return q;
}

constexpr std::size_t number_day = 8;  ///< "TD260701", before the hyphen

bool begins_a_number(const std::string& q) {
  return q.starts_with("TD") &&
         std::ranges::all_of(q.substr(2, number_day - 2), [](char c) { return c >= '0' && c <= '9'; });
}
bool ends_a_number(const std::string& q) { return q.size() >= 4 && q.size() <= 6; }

/// Which rows were looked for by what only that person is called: their name, address or phone.
struct Meant {
  bool all = false;
  std::vector<std::int64_t> people{};
};

/// Cases whose person has these words in name, address or phone, of those that the filter admits; more than anyone reads are cut.
std::vector<std::int64_t> people_called(const City& city, store::Session& session, std::string_view words,
                                        const connection::InboxQuery& q) {
  constexpr std::int64_t most_people = 2048;
  std::vector<std::int64_t> out;
  const auto query = journal::person_query(city.vault, words);
  if (query.tokens.empty()) return out;
  for (const auto stream : connection::candidates(session, q, query.tokens, most_people)) {
    const auto data = city.vault.open(session, stream);
    if (data && journal::matches(*data, query)) out.push_back(stream);
  }
  return out;
}

/// What was typed into the search: a phone, the beginning of a number, or words of a person, of which the last four to six characters of
/// a number look like one.
Meant look_for(const City& city, store::Session& session, std::string_view words, connection::InboxQuery& q) {
  constexpr std::int64_t most_endings = 50;
  const auto first = words.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  words = words.substr(first, words.find_last_not_of(' ') - first + 1);
  if (looks_like_a_phone(words)) {
    q.phone_tag = city.vault.phone_tag(plain_phone(words));
    return {.all = true};
  }
  std::string number = as_number(words);
  if (begins_a_number(number)) {
    if (number.size() > number_day) number.insert(number_day, 1, '-');
    q.number_prefix = number;
    return {};
  }
  Meant meant{.people = people_called(city, session, words, q)};
  auto streams = meant.people;
  if (ends_a_number(number))
    for (const auto stream : connection::ending_in(session, q, number, most_endings)) streams.push_back(stream);
  q.streams = std::move(streams);
  return meant;
}

/// Every name that leaves is noted, by how it came to be seen.
void note_names(const City& city, store::Session& session, const std::vector<connection::CaseRow>& rows,
                const Meant& meant, const std::string& reader) {
  std::vector<std::int64_t> found, listed;
  for (const auto& row : rows)
    (meant.all || std::ranges::find(meant.people, row.stream) != meant.people.end() ? found : listed)
        .push_back(row.stream);
  note_found(city, session, found, reader);
  note_listed(city, session, listed, reader);
}

/// Complaints that those who answer them have let go past their day: over the inbox, as late cases are on top of it.
void warn_of_complaints(store::Session& session, const wire::Principal& who, json::Array& warnings) {
  if (!who.has(wire::Role::manager) && !who.has(wire::Role::supervisor)) return;
  const auto [late, supervised] = requests::late_complaints(session, who.areas, who.enterprises);
  if (late == 0) return;
  Sentence out{std::to_string(late) + " 件投诉超过答复期限",
               std::to_string(late) + " complaints are past their answer's day"};
  if (supervised > 0) {
    out.zh += "，其中 " + std::to_string(supervised) + " 件已督办";
    out.en += ", " + std::to_string(supervised) + " of them under a supervision order";
  }
  warnings.push_back(policy::to_json({out.zh + "，请到“待答复”处理", out.en + ": see Waiting for an answer"}));
}

Result<wire::Response> show(const City& city, const wire::Request& request) {
  auto query = query_of(city, request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  const auto meant = look_for(city, *reader, request.query("q").value_or(""), *query);
  const auto page = connection::inbox(*reader, *query);
  note_names(city, *reader, page.rows, meant, request.principal.user);
  Pages pages(city, *reader);
  json::Array rows;
  for (const auto& row : page.rows) {
    // Each district may have days of its own.
    const auto calendar = city.connection.calendar(row.area);
    pages.context.days.calendar = calendar.get();
    rows.push_back(row_of(city, *reader, row, pages));
  }
  auto warnings = staff_warnings(city, *reader);
  warn_of_complaints(*reader, request.principal, warnings);
  return wire::json_response(json::Object{{"rows", std::move(rows)},
                                          {"next", page.next.empty() ? json::Value(nullptr) : json::Value(page.next)},
                                          {"total", page.total},
                                          {"warnings", std::move(warnings)}});
}

/// The rows as people read them; names masked as in the inbox.
Sheet sheet_of(const City& city, store::Session& session, const std::vector<connection::CaseRow>& rows, bool chinese) {
  const auto say = [&](const json::Value& sentence) {
    return sentence.is_object() ? std::string(sentence.at(chinese ? "zh" : "en").as_string()) : std::string();
  };
  const Pages pages(city, session);
  Sheet sheet;
  sheet.title = chinese ? "待办" : "Inbox";
  sheet.heads = chinese
                    ? std::vector<std::string>{"编号",       "客户",     "类别", "容量（千瓦）", "环节",    "区（市）",
                                               "镇（街道）", "在谁手里", "期限", "剩余工作日",   "申请时间"}
                    : std::vector<std::string>{"Number",   "Customer", "Class", "Capacity (kW)",     "Stage",  "Area",
                                               "Township", "Held by",  "Due",   "Working days left", "Applied"};
  for (const auto& row : rows) {
    const auto shown = row_of(city, session, row, pages);
    const auto days_left = shown.at("days_left");
    const std::string holder(shown.at("holder").as_string());
    const std::string held = !chinese               ? holder
                             : holder == "grid"     ? "供电企业"
                             : holder == "customer" ? "客户"
                                                    : "已结束";
    sheet.rows.push_back({row.number, std::string(shown.at("customer_name_masked").as_string()),
                          say(shown.at("class_name")), row.requested_kw, say(shown.at("stage_name")),
                          say(shown.at("area").at("name")), std::string(shown.at("township").at("name").as_string()),
                          held, row.due_on ? format_date(*row.due_on) : "",
                          days_left.is_int64() ? Cell(static_cast<double>(days_left.get_int64())) : Cell(std::string()),
                          format_instant(row.opened_at, pages.context.days.zone).substr(0, 16)});
  }
  return sheet;
}

/// On a worker's thread: a sheet is made row by row. A city's whole inbox fits; more is cut, and the sheet says so.
Result<wire::Response> download(const City& city, const wire::Request& request, bool excel) {
  constexpr std::int64_t most_rows = 20'000;
  auto query = query_of(city, request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  const auto meant = look_for(city, *reader, request.query("q").value_or(""), *query);
  query->limit = most_rows;
  const auto page = connection::inbox(*reader, *query);
  note_names(city, *reader, page.rows, meant, request.principal.user);
  const bool chinese = request.language() == wire::Language::zh;
  auto sheet = sheet_of(city, *reader, page.rows, chinese);
  if (!page.next.empty())
    sheet.rows.push_back({std::string(chinese ? "……还有更多，请缩小范围" : "… there are more; narrow the filter")});
  wire::Response response;
  response.content_type =
      excel ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
  response.body = excel ? to_xlsx(sheet) : to_csv(sheet);
  response.headers.add("Content-Disposition",
                       std::string("attachment; filename=\"inbox.") + (excel ? "xlsx\"" : "csv\""));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_inbox(wire::Router& router, City& city) {
  router.get("/api/v1/inbox", wire::Access::any_staff().or_program("cases").within(wire::Access::Reach::rows),
             [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
               // Opening people's data to see who is meant takes its milliseconds: not on the network's thread.
               if (request->query("q").value_or("").empty()) return reply(show(city, *request));
               city.workers.answer(reply, [&city, request, reply] { reply(show(city, *request)); });
             });
  for (const bool excel : {false, true})
    router.get(excel ? "/api/v1/inbox.xlsx" : "/api/v1/inbox.csv",
               wire::Access::any_staff().within(wire::Access::Reach::rows),
               [&city, excel](const wire::RequestPtr& request, const wire::Reply& reply) {
                 city.workers.answer(reply, [&city, request, reply, excel] { reply(download(city, *request, excel)); });
               });
  router.get("/api/v1/inbox/events", wire::Access::any_staff().within(wire::Access::Reach::rows),
             [&city](const wire::Request& request) {
               return live_response(request,
                                    [&](auto after) { return city.live.follow_inbox(request.principal, after); });
             });
}

}  // namespace tongdian::journeys
