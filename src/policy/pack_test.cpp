// What a pack must not say: each violation is planted into a copy of the pack, and must be refused at its place.
#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "base/files.hpp"
#include "policy/pack.hpp"

using namespace tongdian;
using namespace tongdian::policy;

namespace {

const std::filesystem::path original = TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168";

/// A copy of the pack that goes away with the test.
class Copy {
 public:
  Copy() : folder(std::filesystem::temp_directory_path() / ("tongdian-pack-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder / "packs");
    std::filesystem::copy(original, pack(), std::filesystem::copy_options::recursive);
    std::filesystem::copy(TONGDIAN_SOURCE_DIR "/calendars", folder / "calendars",
                          std::filesystem::copy_options::recursive);
  }
  ~Copy() { std::filesystem::remove_all(folder); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  std::filesystem::path pack() const { return folder / "packs" / "copy"; }
  void replace(const std::string& name, std::string_view from, std::string_view to) const {
    std::string text = read_file(pack() / name).value();
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    write(name, text);
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(pack() / name, std::ios::binary | std::ios::trunc) << text;
  }
  void append(const std::string& name, std::string_view text) const {
    write(name, read_file(pack() / name).value() + std::string(text));
  }

  std::vector<Problem> problems() const {
    std::vector<Problem> out;
    const auto loaded = load_pack(pack(), &out);
    CHECK(loaded.has_value() == out.empty());
    return out;
  }

  std::filesystem::path folder;
};

/// Refused with this code, at this file, with a mend; gives the clauses that forbid it.
std::vector<std::string> refused(const Copy& copy, std::string_view code, std::string_view file) {
  const auto problems = copy.problems();
  for (const auto& problem : problems) {
    if (problem.code != code || problem.path.find(file) == std::string::npos) continue;
    CHECK(!problem.next.en.empty());
    CHECK(!problem.next.zh.empty());
    CHECK(std::count(problem.path.begin(), problem.path.end(), ':') >= 2);
    return problem.clauses;
  }
  for (const auto& problem : problems) MESSAGE(problem);
  FAIL_CHECK("not refused with " << code);
  return {};
}

bool cites(const std::vector<std::string>& clauses, std::string_view clause) {
  return std::find(clauses.begin(), clauses.end(), clause) != clauses.end();
}

}  // namespace

TEST_CASE("the pack itself loads without a complaint, wherever it lies") {
  const Copy copy;
  for (const auto& problem : copy.problems()) MESSAGE(problem);
  CHECK(copy.problems().empty());
}

TEST_CASE("an added stage does not load") {
  SUBCASE("a fourth customer-facing stage at high voltage") {
    const Copy copy;
    copy.replace("process.yaml", "    printed: 设计审查\n    clause: 附件1\n    customer_facing: false",
                 "    printed: 设计审查\n    clause: 附件1\n    customer_facing: true");
    const auto clauses = refused(copy, "pack.forbidden_stage", "process.yaml");
    CHECK(cites(clauses, "二·省力"));
    CHECK(cites(clauses, "三(二)1"));
    CHECK(cites(clauses, "#23"));
  }
  SUBCASE("a third one at low voltage") {
    const Copy copy;
    copy.replace("process.yaml", "{acceptance: lv_resident_acceptance_wd, energisation",
                 "{acceptance: lv_resident_acceptance_wd, plan_reply: lv_resident_acceptance_wd, energisation");
    CHECK(cites(refused(copy, "pack.forbidden_stage", "process.yaml"), "二·省力"));
  }
  SUBCASE("one that the annex does not print") {
    const Copy copy;
    copy.replace(
        "process.yaml", "  - id: energisation",
        "  - id: site_survey\n    name: {zh: 现场勘查, en: site survey}\n    printed: 现场勘查\n    clause: 附件1\n    customer_facing: false\n    holder: grid\n  - id: energisation");
    CHECK(cites(refused(copy, "pack.forbidden_stage", "process.yaml"), "三(二)1"));
  }
  SUBCASE("one that no list has") {
    const Copy copy;
    copy.replace("process.yaml", "    stages: {acceptance: 10kv_acceptance_wd, plan_reply",
                 "    stages: {acceptance: 10kv_acceptance_wd, contract_signing: 10kv_acceptance_wd, plan_reply");
    CHECK(cites(refused(copy, "pack.forbidden_stage", "process.yaml"), "#23"));
  }
  SUBCASE("an abolished one") {
    const Copy copy;
    copy.replace("process.yaml", "plan_reply: 10kv_single_plan_reply_wd, energisation",
                 "plan_reply: 10kv_single_plan_reply_wd, design_review: 10kv_dual_design_review_wd, energisation");
    CHECK(cites(refused(copy, "pack.forbidden_stage", "process.yaml"), "附件1·注2"));
  }
  SUBCASE("a higher maximum than the text's") {
    const Copy copy;
    copy.replace("parameters/hv_customer_stages_max.yaml", "value: 3", "value: 4");
    CHECK(cites(refused(copy, "pack.not_in_text", "hv_customer_stages_max.yaml"), "二·省力"));
  }
  SUBCASE("a high-voltage plan for a low-voltage class") {
    const Copy copy;
    copy.replace("tables/40-plan.yaml", "then: {plan: lv_resident}", "then: {plan: 10kv_single}");
    refused(copy, "pack.wrong_level", "40-plan.yaml");
  }
}

TEST_CASE("a document off the list does not load") {
  const std::string head = "  - id: extra\n    name: {zh: 附加材料, en: an extra paper}\n    stage: acceptance\n";
  SUBCASE("one that the text does not print") {
    const Copy copy;
    copy.append("documents.yaml", head + "    printed: 房屋租赁合同\n    clause: 三(二)1\n");
    CHECK(cites(refused(copy, "pack.forbidden_document", "documents.yaml"), "三(二)1"));
  }
  SUBCASE("a letter of commitment, though the text prints the word") {
    const Copy copy;
    copy.append("documents.yaml", head + "    printed: 申请用电承诺书\n    clause: 三(二)1\n");
    CHECK(cites(refused(copy, "pack.forbidden_document", "documents.yaml"), "#23"));
  }
  SUBCASE("one that a table names and no list has") {
    const Copy copy;
    copy.replace("tables/70-documents.yaml", "then: {documents: identity}", "then: {documents: [identity, lease]}");
    CHECK(cites(refused(copy, "pack.forbidden_document", "70-documents.yaml"), "三(二)1"));
  }
  SUBCASE("two at acceptance") {
    const Copy copy;
    copy.replace("tables/70-documents.yaml", "then: {documents: identity}",
                 "then: {documents: [identity, business_licence]}");
    CHECK(cites(refused(copy, "pack.forbidden_document", "70-documents.yaml"), "#21"));
  }
}

TEST_CASE("the whitelist of the text: two kinds, of which one has a limit (三(三)1, #35)") {
  const auto pack = load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value();
  REQUIRE(pack->whitelist().size() == 2);
  const auto& outside = pack->whitelist()[0];
  const auto& micro = pack->whitelist()[1];
  CHECK(outside.id == "outside_planned_grid");
  CHECK(!outside.enterprises_only);
  CHECK(!outside.most_on(LocalDate{std::chrono::days{18900}}));
  CHECK(micro.enterprises_only);
  CHECK(micro.most_on(LocalDate{std::chrono::days{18900}}) == 160);
  CHECK(micro.most_on(LocalDate{std::chrono::days{100}}) == 160);  // before its first value, that one
}

TEST_CASE("hours of visits, a time to answer complaints and a whitelist that cannot be") {
  const struct {
    const char *what, *there, *instead, *code;
  } rows[] = {
      {"to before from", "from_hour: 9, to_hour: 17", "from_hour: 17, to_hour: 9", "pack.wrong_value"},
      {"no room for one visit", "from_hour: 9, to_hour: 17", "from_hour: 16, to_hour: 16", "pack.wrong_value"},
      {"longer than the day's hours", "minutes: 60, cancel_hours: 2, from_hour: 9",
       "minutes: 240, cancel_hours: 2, from_hour: 14", "pack.wrong_value"},
      {"a minute long", "minutes: 60", "minutes: 1", "pack.wrong_type"},
      {"no whole number", "minutes: 60", "minutes: 60.5", "pack.wrong_type"},
      {"beyond midnight", "to_hour: 17", "to_hour: 25", "pack.wrong_type"},
      {"answered on no day", "complaints:\n  answer_within_wd: 5", "complaints:\n  answer_within_wd: 0",
       "pack.wrong_type"},
      {"complaints that climb to an order on a rung that is none", "order: {at_level: 1, answer_within_wd: 1}",
       "order: {at_level: 3, answer_within_wd: 1}", "pack.wrong_type"},
      {"complaints warned of after their day", "warn_share: 0.6", "warn_share: 1.5", "pack.wrong_value"},
      {"a whitelist up to a limit that is no parameter", "most: four_zero_max_kw", "most: 160",
       "pack.unknown_parameter"},
      {"up to a limit in days", "most: four_zero_max_kw", "most: 10kv_acceptance_wd", "pack.wrong_unit"},
      {"a kind of it with a word too many", "enterprises_only: true", "only_enterprises: true", "pack.unknown_key"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.what));
    const Copy copy;
    copy.replace("process.yaml", row.there, row.instead);
    refused(copy, row.code, "process.yaml");
  }
}

TEST_CASE("a charge does not load") {
  SUBCASE("a price at the boundary") {
    const Copy copy;
    copy.replace("fees.yaml", "user_cost: 0", "user_cost: 5000");
    CHECK(cites(refused(copy, "pack.forbidden_charge", "fees.yaml"), "三(三)2"));
  }
  SUBCASE("a priced service without a clause") {
    const Copy copy;
    copy.replace(
        "fees.yaml", "catalogue: []",
        "catalogue:\n  - {id: survey, name: {zh: 勘查费, en: survey fee}, contents: 勘查, price_fen: 100, consent: true, programmes: [four_saving]}");
    CHECK(cites(refused(copy, "pack.forbidden_charge", "fees.yaml"), "三(三)3"));
  }
  SUBCASE("a priced service tied to a programme without cost") {
    const Copy copy;
    copy.replace(
        "fees.yaml", "catalogue: []",
        "catalogue:\n  - {id: lease, name: {zh: 延伸服务, en: service}, contents: 租赁, price_fen: 100, consent: true, programmes: [four_zero], printed: 延伸服务收费, clause: 三(三)3}");
    CHECK(cites(refused(copy, "pack.forbidden_charge", "fees.yaml"), "#39"));
  }
}

TEST_CASE("tables: gaps, overlaps, rows that never fit, words that nobody knows") {
  SUBCASE("a gap") {
    const Copy copy;
    copy.replace(
        "tables/30-class.yaml",
        "  - when: {voltage: 35kv_plus, sources: 2}\n    then: {class: 35kv_dual}\n    clauses: [附件1·35千伏及以上双电源]\n",
        "");
    refused(copy, "pack.gap", "30-class.yaml");
  }
  SUBCASE("an overlap") {
    const Copy copy;
    copy.replace("tables/30-class.yaml", "when: {voltage: 10kv, sources: 2, important: false}",
                 "when: {voltage: 10kv, important: false}");
    refused(copy, "pack.overlap", "30-class.yaml");
  }
  SUBCASE("a gap exactly at a threshold") {
    const Copy copy;
    copy.write(
        "tables/80-application.yaml",
        "table: application\ntitle: {zh: 试, en: try}\nhit: unique\ninputs: [requested_kw]\noutputs: [zero_application]\nrows:\n"
        "  - when: {requested_kw: below four_zero_max_kw}\n    then: {zero_application: true}\n    clauses: [二·省心]\n"
        "  - when: {requested_kw: above four_zero_max_kw}\n    then: {zero_application: false}\n    clauses: [二·省心]\n");
    const auto problems = copy.problems();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].code == "pack.gap");
    CHECK(problems[0].detail.en.find("requested_kw = 160") != std::string::npos);
  }
  SUBCASE("a row behind one that takes everything") {
    const Copy copy;
    copy.append("tables/60-investment.yaml",
                "  - when: {programme: four_zero}\n    then: {boundary: meter}\n    clauses: [二]\n");
    refused(copy, "pack.unreachable", "60-investment.yaml");
  }
  SUBCASE("kVA for kW") {
    const Copy copy;
    copy.replace("tables/10-four-zero.yaml", "requested_kw: above four_zero_max_kw",
                 "requested_kw: above four_zero_max_kva");
    refused(copy, "pack.wrong_unit", "10-four-zero.yaml");
  }
  SUBCASE(
      "an unknown parameter, clause, resolution, input, value, and one row without clauses: all are named at once") {
    const Copy copy;
    copy.replace("tables/10-four-zero.yaml", "above four_zero_max_kw", "above four_zero_max");
    copy.replace("tables/20-programme.yaml", "clauses: [二, \"#1\"]", "clauses: [六·一]");
    copy.replace("tables/30-class.yaml", "notes: [A02]", "notes: [A99]");
    copy.replace("tables/50-permit.yaml", "{works_needed: false}", "{works_need: false}");
    copy.replace("tables/60-investment.yaml", "boundary: meter", "boundary: gate");
    copy.replace("tables/80-application.yaml", "    clauses: [二·省心]\n", "");
    refused(copy, "pack.unknown_parameter", "10-four-zero.yaml");
    refused(copy, "pack.unknown_clause", "20-programme.yaml");
    refused(copy, "pack.unknown_resolution", "30-class.yaml");
    refused(copy, "pack.unknown_input", "50-permit.yaml");
    refused(copy, "pack.unknown_value", "60-investment.yaml");
    refused(copy, "pack.missing", "80-application.yaml");
    CHECK(copy.problems().size() == 6);
  }
  SUBCASE("a field that is decided later, or twice, or by no table") {
    const Copy copy;
    copy.replace("tables/20-programme.yaml", "inputs: [customer,", "inputs: [class, customer,");
    refused(copy, "pack.unknown_input", "20-programme.yaml");
    const Copy twice;
    twice.replace("tables/40-plan.yaml", "outputs: [plan]", "outputs: [plan, class]");
    refused(twice, "pack.unknown_output", "40-plan.yaml");
    const Copy none;
    std::filesystem::remove(none.pack() / "tables/85-flags.yaml");
    refused(none, "pack.missing", "tables");
  }
}

TEST_CASE("numbers stand in their clause") {
  const Copy copy;
  copy.replace("parameters/four_zero_max_kw.yaml", "value: 160", "value: 180");
  copy.replace("parameters/35kv_single_plan_reply_wd.yaml", "value: 10", "value: 12");
  CHECK(cites(refused(copy, "pack.not_in_text", "four_zero_max_kw.yaml"), "二·省钱"));
  CHECK(cites(refused(copy, "pack.not_in_text", "35kv_single_plan_reply_wd.yaml"), "附件1·35千伏及以上单电源"));
}

TEST_CASE("a parameter that changes on a day changes the decisions from that day") {
  const Copy copy;
  // Made up: a later notice that the text does not print, resolved by A07.
  copy.replace("parameters/four_zero_max_kw.yaml", "value: 160}\n",
               "value: 160}\n  - {from: 2022-01-01, value: 200}\n");
  copy.append("parameters/four_zero_max_kw.yaml", "resolution: A07\n");
  const auto pack = load_pack(copy.pack()).value();
  const auto days = calendar::Calendar::load(pack->calendar_files()).value();
  Facts f;
  f.customer = Customer::non_resident;
  f.requested_kw = 180;
  f.new_installation = true;
  f.enterprise = Enterprise{true, true, false, Tariff::general_commercial, true, 0, false, Park::none, false};
  Decision d;
  f.applied_at = "2021-12-31T23:59:59+08:00";
  REQUIRE(!pack->decide(f, days, d));
  CHECK(d.programme == "standard");
  f.applied_at = "2022-01-01T00:00:00+08:00";
  REQUIRE(!pack->decide(f, days, d));
  CHECK(d.programme == "four_zero");
}

TEST_CASE("a situation that comes out otherwise is named at its place") {
  const Copy copy;
  copy.replace("tests/10-low-voltage.yaml", "due_on: \"2021-10-09\"", "due_on: \"2021-10-08\"");
  const auto pack = load_pack(copy.pack()).value();
  const auto problems = check_situations(*pack, copy.pack(), calendar::Calendar::load(pack->calendar_files()).value());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "pack.situation");
  CHECK(problems[0].path.find("10-low-voltage.yaml:") != std::string::npos);
}

TEST_CASE("a made-up city's pack loads, its situations hold, and it is nobody's default") {
  const auto folder = find_pack("lanwan-2021-9").value();
  CHECK(folder == packs_folder() / "examples/lanwan-2021-9");
  CHECK(find_pack("").value() == packs_folder() / "yantai-2021-168");
  const auto pack = load_pack(folder).value();
  CHECK(pack->id() == "lanwan-2021-9");
  // Nobody who sees the pages takes it for a real one.
  CHECK(pack->city().zh.find("虚构") != std::string::npos);
  CHECK(pack->title().zh.find("虚构") != std::string::npos);
  int count = 0;
  const auto days = calendar::Calendar::load(pack->calendar_files()).value();
  for (const auto& problem : check_situations(*pack, folder, days, &count)) FAIL_CHECK(problem);
  CHECK(count > 10);
}

TEST_CASE("no pack there") {
  CHECK(find_pack("no-such-pack").error().code == "pack.not_found");
  CHECK(load_pack("/nonexistent").error().code == "file.unreadable");
}
