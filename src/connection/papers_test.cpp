#include "connection/papers.hpp"

#include <doctest/doctest.h>

#include "connection/world_for_tests.hpp"

using namespace tongdian;
using namespace tongdian::connection;

TEST_CASE("a paper's type is what its bytes are") {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view bytes, type;
  };
  const Row rows[] = {
      {"%PDF-1.7\n", "application/pdf"},
      {"\xFF\xD8\xFF\xE0 JFIF", "image/jpeg"},
      {"\x89PNG\r\n\x1A\n....", "image/png"},
      {"\0\0\0\x18"
       "ftypheic...."sv,
       "image/heic"},
      {"\0\0\0\x18"
       "ftypisom...."sv,
       ""},  // a film
      {"\0\0\0\x18"
       "ftyphei"sv,
       ""},
      {"MZ\x90", ""},
      {"<html>%PDF-", ""},
      {"PK\x03\x04", ""},
      {"%PDF", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bytes);
    CHECK(paper_type(bytes_of(row.bytes)) == row.type);
  }
}

TEST_CASE("which papers may come as files, and what the last one of the one-time notice does") {
  struct Row {
    const char* situation;
    const char* kind;
    const char* script;
    const char* answer;
    const char* log;
  };
  const Row rows[] = {
      {"of the stage's list, unasked (三(二)1)", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 file identity f1", "done", "submitted file_attached"},
      {"off the list", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 file completion_report_with_drawings f1",
       "connection.document_not_on_list", "submitted"},
      {"no document of the pack", "resident", "2021-11-01 09:00 submit\n2021-11-01 10:00 file favourite_colour f1",
       "connection.document_not_on_list", "submitted"},
      {"the one that was asked for: supplied with it, the case goes on", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 ask identity\n2021-11-02 10:00 file identity f1", "done",
       "submitted documents_asked file_attached supplemented"},
      {"what came before the notice does not answer it: it is what the clerk could not work with", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 09:30 file identity f1\n2021-11-01 10:00 ask identity", "done",
       "submitted file_attached documents_asked"},
      {"a better picture does", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 09:30 file identity f1\n2021-11-01 10:00 ask identity\n2021-11-02 10:05 file identity f2",
       "done", "submitted file_attached documents_asked file_attached supplemented"},
      {"a second click is no second file", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 file identity f1\n2021-11-01 10:01 file identity f1", "done",
       "submitted file_attached"},
      {"five files of a paper are enough", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 file identity f1\n2021-11-01 10:01 file identity f2\n2021-11-01 10:02 file identity f3\n"
       "2021-11-01 10:03 file identity f4\n2021-11-01 10:04 file identity f5\n2021-11-01 10:05 file identity f6",
       "paper.enough", "submitted file_attached file_attached file_attached file_attached file_attached"},
      {"of the stage that begins when the customer gives the case back", "10kv_important",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-02 10:00 plan customer_design\n2021-11-15 10:00 file design_and_description f1",
       "done", "submitted accepted plan_replied file_attached"},
      {"not of a stage that is over", "10kv_important",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 accept\n2021-11-01 11:00 file identity f1",
       "connection.document_not_on_list", "submitted accepted"},
      {"nothing once the case has ended", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 11:00 file identity f1",
       "connection.not_now", "submitted withdrawn"},
      {"nothing once the person is erased (个人信息保护法 47)", "resident",
       "2021-11-01 09:00 submit\n2021-11-01 10:00 withdraw other\n2021-11-01 10:30 erase consent_withdrawn\n2021-11-01 11:00 file identity f1",
       "connection.person_erased", "submitted withdrawn person_erased"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.situation);
    World world(row.kind);
    CHECK(world.run(row.script) == row.answer);
    CHECK(world.log == row.log);
  }
}
