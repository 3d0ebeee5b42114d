// Nothing of the document is lost and nothing is added: the clauses, one after another, are the text as it was received.
#include <doctest/doctest.h>

#include <set>

#include "base/files.hpp"
#include "policy/pack_text.hpp"

using namespace tongdian;
using namespace tongdian::policy;

namespace {

const std::filesystem::path pack = TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168";

void erase_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at)) text.erase(at, part.size());
}

/// Without blanks and without what the conversion to Markdown put in: heading marks, bold, list dashes.
std::string bare(std::string text) {
  for (std::string_view mark : {"</b>", "<b>", "*", "\n- ", "#", " ", "\t", "\n", "\r"}) erase_all(text, mark);
  return text;
}

}  // namespace

TEST_CASE("the clauses together are the document") {
  Problems problems;
  PackText text;
  text.load(Layers(pack, problems), problems);
  REQUIRE(problems.empty());
  std::string joined;
  for (const auto& clause : text.clauses()) {
    // A ledger task's number is its id.
    if (clause.id.starts_with('#')) joined += clause.id.substr(1);
    joined += clause.text;
  }
  std::string source = bare(read_file(pack / "text/source.txt").value());
  // Each page of the ledger repeats the table's head; the clauses have it once, in 附件2.
  const std::string head = bare("序号\t工作目标任务\t责任单位\t完成时间");
  const auto first = source.find(head);
  REQUIRE(first != source.npos);
  std::string rest = source.substr(first + head.size());
  erase_all(rest, head);
  source = source.substr(0, first + head.size()) + rest;
  CHECK(bare(joined) == source);
}

TEST_CASE("so are those of the made-up city") {
  const std::filesystem::path made_up = TONGDIAN_SOURCE_DIR "/packs/examples/lanwan-2021-9";
  Problems problems;
  PackText text;
  text.load(Layers(made_up, problems), problems);
  REQUIRE(problems.empty());
  std::string joined;
  for (const auto& clause : text.clauses()) joined += clause.text;
  CHECK(bare(joined) == bare(read_file(made_up / "text/source.txt").value()));
}

TEST_CASE("every clause id that the text has") {
  Problems problems;
  PackText text;
  text.load(Layers(pack, problems), problems);
  for (const char* id : {"一",
                         "二",
                         "二·省时",
                         "二·省力",
                         "二·省钱",
                         "二·省心",
                         "二·可靠",
                         "三(一)1",
                         "三(一)2",
                         "三(一)3",
                         "三(二)1",
                         "三(二)4",
                         "三(三)1",
                         "三(三)4",
                         "三(四)1",
                         "三(四)3",
                         "三(五)1",
                         "三(五)3",
                         "四(一)",
                         "四(二)1",
                         "四(二)3",
                         "四(三)",
                         "五(一)",
                         "五(四)",
                         "附件1·低压居民",
                         "附件1·低压非居民",
                         "附件1·10千伏单电源",
                         "附件1·10千伏双电源",
                         "附件1·35千伏及以上单电源",
                         "附件1·35千伏及以上双电源",
                         "附件1·注1",
                         "附件1·注3"}) {
    CAPTURE(id);
    CHECK(text.get(id));
  }
  for (int task = 1; task <= 66; ++task) {
    const Clause* clause = text.get("#" + std::to_string(task));
    REQUIRE(clause);
    // Task, who answers, by when.
    CHECK(std::count(clause->text.begin(), clause->text.end(), '\n') == 2);
  }
  // The source's own slips stay.
  CHECK(text.get("三(二)2")->text.find("线上线上") != std::string::npos);
  CHECK(text.get("三(四)1")->text.find("网网和农网") != std::string::npos);
}

TEST_CASE("numbers and words are found as they stand") {
  Problems problems;
  PackText text;
  text.load(Layers(pack, problems), problems);
  CHECK(text.has_number(text.find("二·省钱"), "160"));
  CHECK(!text.has_number(text.find("二·省钱"), "16"));
  CHECK(!text.has_number(text.find("二·省力"), "4"));
  CHECK(text.has_number(text.find("附件1·10千伏双电源"), "15"));
  CHECK(text.has_number(text.find("二·可靠"), "0.5"));
  CHECK(!text.has_number(text.find("二·可靠"), "5"));
  CHECK(text.quotes(text.find("附件1"), "验收送电"));
  CHECK(!text.quotes(text.find("附件1"), "图纸审核"));
}
