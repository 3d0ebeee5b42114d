#include "mining/report.hpp"
#include "base/html.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "mining/layered_layout.hpp"
#include "mining/log_for_tests.hpp"
#include "mining/process_map.hpp"
#include "mining/spread.hpp"
#include "mining/words.hpp"

using namespace tongdian::mining;

TEST_CASE("the report is whole, asks nobody for anything, and shows hostile labels as text") {
  const auto mined = mine_text(
      "case,activity,time,user\n1,<script>alert(1)</script>,2021-06-01 08:00:01,\"\"\"><img src=x>\"\n1,送电 & 归档,2021-06-02 08:00:01,李四\n"
      "1,<script>alert(1)</script>,2021-06-03 08:00:01,李四\n");
  const auto html = to_html(*mined, "a<b>.csv");
  for (const char* part : {"流程图", "Process map", "瓶颈", "Waiting: for whom", "线索与证据",
                           "What this log cannot show", "送电 &amp; 归档", "a&lt;b&gt;.csv", "</html>"}) {
    CAPTURE(part);
    CHECK(html.find(part) != html.npos);
  }
  for (const char* no : {"<script", "<img", "src=", "href=", "@import", "url(http"}) {
    CAPTURE(no);
    CHECK(html.find(no) == html.npos);
  }
  CHECK(to_html(*mine_text("<log/>"), "empty").find("</html>") != std::string::npos);
  CHECK(to_html(*mine_text("<log><trace>"), "cut").find("没有读完") != std::string::npos);
}

TEST_CASE("nodes of one layer keep their distance, arcs run down but for those against the order") {
  std::mt19937 random(3);
  for (int round = 0; round < 60; ++round) {
    const int n = 2 + static_cast<int>(random() % 14);
    std::vector<LayoutNode> nodes;
    for (int i = 0; i < n; ++i)
      nodes.push_back({60.0 + static_cast<double>(random() % 100), 40, static_cast<double>(i), {}, 0});
    std::vector<LayoutArc> arcs;
    for (int i = 0; i < 2 * n; ++i) {
      const int from = static_cast<int>(random() % static_cast<unsigned>(n)),
                to = static_cast<int>(random() % static_cast<unsigned>(n));
      if (from != to) arcs.push_back({from, to, 1, {}, false});
    }
    const auto size = lay_out(nodes, arcs, n - 1);
    for (const auto& arc : arcs) {
      const auto &from = nodes[static_cast<std::size_t>(arc.from)], &to = nodes[static_cast<std::size_t>(arc.to)];
      CHECK(arc.upwards == (arc.from > arc.to));
      CHECK((arc.upwards ? from.layer > to.layer : from.layer < to.layer));
      CHECK(arc.path.size() == static_cast<std::size_t>(std::abs(from.layer - to.layer)) + 1);
    }
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < a; ++b) {
        const auto &p = nodes[static_cast<std::size_t>(a)], &q = nodes[static_cast<std::size_t>(b)];
        if (p.layer == q.layer) CHECK(std::abs(p.centre.x - q.centre.x) >= (p.width + q.width) / 2);
      }
    for (const auto& node : nodes) {
      CHECK(node.centre.x - node.width / 2 >= 0);
      CHECK(node.centre.x + node.width / 2 <= size.width);
      CHECK(node.centre.y + node.height / 2 <= size.height);
      CHECK(node.layer <= nodes.back().layer);
    }
  }
}

TEST_CASE("a spread is exact while it is small, and within one part in 32 beyond that") {
  std::mt19937_64 random(11);
  for (const std::size_t n : {1u, 2u, 20u, 64u, 65u, 1000u}) {
    Spread spread;
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(static_cast<std::int64_t>(random() >> (20 + random() % 40)));
    for (const auto v : all) spread.add(v);
    std::ranges::sort(all);
    CHECK(spread.count() == n);
    CHECK(spread.most() == all.back());
    for (const unsigned percent : {1u, 50u, 95u, 100u}) {
      const auto right = static_cast<double>(all[(n * percent + 99) / 100 - 1]);
      const auto got = spread.percentile(percent);
      CHECK(std::abs(got - right) <= (n <= 64 ? 0 : right / 32));
    }
  }
  CHECK(Spread{}.percentile(50) == 0);
}

TEST_CASE("words of the report") {
  CHECK(how_long(42).zh == "42 秒");
  CHECK(how_long(5 * 86'400.0).en == "5 days");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(12) == "12");
  CHECK(shortened("受理申请材料", 7) == "受理申…");
  CHECK(shortened("abc", 3) == "abc");
  CHECK(tongdian::html_escaped("<a href=\"x\">&\x01") == "&lt;a href=&quot;x&quot;&gt;&amp;\xEF\xBF\xBD");
}
