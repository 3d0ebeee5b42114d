// GET /api/v1/inbox: what is to be done, by due time; the same as a sheet for Excel and as CSV.
#include <algorithm>

#include "base/time_text.hpp"
#include "journal/person_search.hpp"
#include "journeys/application.hpp"
#include "journeys/city.hpp"
#include "journeys/sheet.hpp"
#include "journeys/team.hpp"
#include "journeys/warnings.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

bool looks_like_a_phone(std::string_view q) {
  return q.size() >= 7 &&
         std::ranges::all_of(q, [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == ' ' || c == '-'; });
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
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

bool looks_like_a_number(const std::string& q) {
  return q.starts_with("TD") && std::ranges::all_of(q.substr(2), [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

/// Cases whose person has these words in name, address or phone, of those that the filter admits; more than anyone reads are cut.
void look_for_person(const City& city, store::Session& session, std::string_view words, connection::InboxQuery& q) {
  constexpr std::int64_t most_people = 2048;
  const auto query = journal::person_query(city.vault, words);
  q.streams.emplace();
  if (query.tokens.empty()) return;
  auto anyone = q;
  anyone.streams.reset();
  for (const auto stream : connection::candidates(session, anyone, query.tokens, most_people)) {
    const auto data = city.vault.open(session, stream);
    if (data && journal::matches(*data, query)) q.streams->push_back(stream);
  }
}

/// What was typed into the search: a phone, the beginning of a number, or words of a person.
void look_for(const City& city, store::Session& session, std::string_view words, connection::InboxQuery& q) {
  const auto first = words.find_first_not_of(' ');
  if (first == std::string_view::npos) return;
  words = words.substr(first, words.find_last_not_of(' ') - first + 1);
  const std::string number = upper(std::string(words));
  if (looks_like_a_phone(number))
    q.phone_tag = city.vault.phone_tag(plain_phone(number));
  else if (looks_like_a_number(number))
    q.number_prefix = number;
  else
    look_for_person(city, session, words, q);
}

/// Whether somebody was looked for by what only they are called.
bool of_a_person(const connection::InboxQuery& q) { return q.phone_tag || q.streams; }

Result<wire::Response> show(const City& city, const wire::Request& request) {
  auto query = query_of(city, request);
  if (!query) return query.error();
  auto reader = city.database.reader();
  look_for(city, *reader, request.query("q").value_or(""), *query);
  const auto page = connection::inbox(*reader, *query);
  if (of_a_person(*query)) note_found(city, *reader, page.rows, request.principal.user);
  Pages pages(city, *reader);
  json::Array rows;
  for (const auto& row : page.rows) {
    // Each district may have days of its own.
    const auto calendar = city.connection.calendar(row.area);
    pages.context.days.calendar = calendar.get();
    rows.push_back(row_of(city, *reader, row, pages));
  }
  return wire::json_response(json::Object{{"rows", std::move(rows)},
                                          {"next", page.next.empty() ? json::Value(nullptr) : json::Value(page.next)},
                                          {"total", page.total},
                                          {"warnings", staff_warnings(city, *reader)}});
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
  look_for(city, *reader, request.query("q").value_or(""), *query);
  query->limit = most_rows;
  const auto page = connection::inbox(*reader, *query);
  if (of_a_person(*query)) note_found(city, *reader, page.rows, request.principal.user);
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
