#include "connection/case_view.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "connection/connection.hpp"
#include "journal/vault.hpp"
#include "store/database_for_tests.hpp"
#include "store/migrations.hpp"

using namespace tongdian;
using namespace tongdian::connection;

namespace {

struct Cases {
  store::DatabaseForTests place;
  std::unique_ptr<store::Database> db = place.open();
  Cases() {
    const store::Migration tables[] = {
        {1, "", "SELECT 1"},
        {2, "", journal::vault_migration.sql},
        {3, "", "CREATE TABLE stream (id BIGINT_KEY, name TEXT NOT NULL)"},
        {4, "", migration.sql},
        {5, "", ending_migration.sql},
    };
    store::migrate(*db, tables);
  }
  void add(std::int64_t stream, const std::string& number, std::int64_t due_day, const std::string& area, bool open) {
    db->writer().run(
        "INSERT INTO case_view (stream, number, phase, is_open, class, stage, area, township, enterprise, requested_kw, holder, alarm, due_day, ceiling_day, beyond, opened_at) "
        "VALUES ($1, $2, 'running', $3, '', 'acceptance', $4, '', 'sgcc-yantai', 8.5, 'grid', '', $5, $5, 0, 0)",
        {stream, std::string_view(number), std::int64_t{open}, std::string_view(area), due_day});
    const std::string name = "case/" + number;
    db->writer().run("INSERT INTO stream (id, name) VALUES ($1, $2)", {stream, std::string_view(name)});
  }
  std::string pages(InboxQuery q) {
    std::string out;
    for (int page = 0; page < 10; ++page) {
      const auto got = inbox(*db->reader(), q);
      for (const auto& row : got.rows) out += row.number + " ";
      out += "(" + std::to_string(got.total) + ") ";
      if (got.next.empty()) break;
      q.after = got.next;
    }
    return out;
  }
};

}  // namespace

TEST_CASE("an inbox goes by due date, page by page, with nothing twice and nothing left out") {
  Cases cases;
  cases.add(1, "A", 18900, "370602", true);
  cases.add(2, "B", 18890, "370602", true);
  cases.add(3, "C", 18900, "370611", true);
  cases.add(4, "D", 99'999'999, "370602", true);  // no date binds it
  cases.add(5, "a", 18900, "370602", true);
  cases.add(6, "E", 18880, "370602", false);
  InboxQuery q;
  q.limit = 2;
  CHECK(cases.pages(q) == "B A (5) C a (5) D (5) ");
  q.areas = {"370602", "370613"};
  CHECK(cases.pages(q) == "B A (4) a D (4) ");
  q.state = InboxState::all;
  q.limit = 50;
  CHECK(cases.pages(q) == "E B A a D (5) ");
  q.state = InboxState::late;
  q.today = LocalDate{std::chrono::days{18895}};
  CHECK(cases.pages(q) == "B (1) ");
  // Capital and small letters are different numbers on both databases.
  q = {};
  q.number_prefix = "A";
  CHECK(cases.pages(q) == "A (1) ");
  CHECK(find_case(*cases.db->reader(), "a")->stream == 5);
  CHECK(!find_case(*cases.db->reader(), "b"));
}

TEST_CASE("the end of a number finds its case, within the rest of the filter") {
  Cases cases;
  cases.add(1, "TD260701-7K2PQM", 18900, "370602", true);
  cases.add(2, "TD260702-XX2PQM", 18900, "370611", true);
  cases.add(3, "TD260703-2PQM7K", 18900, "370602", true);
  const auto ends = [&](std::string_view end, InboxQuery q = {}) { return ending_in(*cases.db->reader(), q, end, 9); };
  using Streams = std::vector<std::int64_t>;
  CHECK(ends("2PQM") == Streams{2, 1});
  CHECK(ends("K2PQM") == Streams{1});
  CHECK(ends("7K2PQM") == Streams{1});
  CHECK(ends("PQM7") == Streams{});
  CHECK(ends("2PQM", {.area = "370611"}) == Streams{2});
  CHECK(ends("2PQM", {.areas = {"370602"}}) == Streams{1});
  CHECK(ends("2PQM", {.state = InboxState::done}) == Streams{});
}

TEST_CASE("a common surname: as many cases as a search may find go into one statement on both databases") {
  Cases cases;
  cases.add(1, "TD260701-7K2PQM", 18900, "370602", true);
  cases.add(2, "TD260702-XX2PQM", 18900, "370611", true);
  InboxQuery q;
  q.streams.emplace(2100);
  std::iota(q.streams->begin(), q.streams->end(), 2);
  CHECK(cases.pages(q) == "TD260702-XX2PQM (1) ");
}
