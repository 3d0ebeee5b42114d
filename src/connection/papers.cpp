#include "connection/papers.hpp"

#include <algorithm>

#include "connection/actions.hpp"
#include "connection/events.hpp"

namespace tongdian::connection {
namespace {

bool begins(ByteView bytes, std::string_view with) { return text_of(bytes).starts_with(with); }

/// ISO base media: a box "ftyp" first, with the brand that the pictures of phones have.
bool is_heic(ByteView bytes) {
  if (bytes.size() < 12 || text_of(bytes.subspan(4, 4)) != "ftyp") return false;
  static constexpr std::string_view brands[] = {"heic", "heix", "heim", "heis", "mif1"};
  return std::ranges::find(brands, text_of(bytes.subspan(8, 4))) != std::end(brands);
}

bool contains(const std::vector<std::string>& list, std::string_view one) {
  return std::ranges::find(list, one) != list.end();
}

std::ptrdiff_t files_for(const CaseState& s, std::string_view document) {
  return std::ranges::count(s.papers, document, &Paper::document);
}

/// The customer holds the case to supply what the one-time notice asked for.
bool supplying(const CaseState& s) {
  return s.phase == Phase::with_customer && s.stages[s.current].hold && !s.stages[s.current].hold->until;
}

}  // namespace

std::string_view paper_type(ByteView b) {
  if (begins(b, "%PDF-")) return "application/pdf";
  if (begins(b, "\xFF\xD8\xFF")) return "image/jpeg";
  if (begins(b, "\x89PNG\r\n\x1A\n")) return "image/png";
  if (is_heic(b)) return "image/heic";
  return "";
}

bool known_paper_type(std::string_view type) {
  return type == "application/pdf" || type == "image/jpeg" || type == "image/png" || type == "image/heic";
}

std::vector<std::string> papers_wanted(const CaseState& s) {
  if (!s.open() || s.erased_at || s.current >= s.stages.size()) return {};
  return documents_of(s, s.stages[s.current].id);
}

std::optional<Problem> paper_objection(const CaseState& s, std::string_view document, const policy::Pack& pack,
                                       std::string_view path) {
  if (s.erased_at)
    return refusal(
        "connection.person_erased", {"本件的个人信息已经删除", "the personal data of this case have been erased"},
        {"无需再办；案件经过和收据仍可核验", "nothing is left to do; the case and its receipt can still be checked"},
        pack.citations("connection.person_erased"));
  if (!s.open())
    return refusal("connection.not_now",
                   {"案件没有在办，不能再交材料", "the case does not run; no paper can be handed in"},
                   {"请刷新页面，按当前可办的操作继续", "reload the page and go on with what the case allows now"});
  if (!contains(papers_wanted(s), document)) {
    const auto* known = pack.document(document);
    Problem p = refusal(
        "connection.document_not_on_list",
        {(known ? "“" + known->name.zh + "”" : std::string("这项材料")) + "不在本环节的材料清单内，不需要交",
         (known ? "“" + known->name.en + "”" : std::string("this paper")) +
             " is not on this stage's list and is not needed"},
        {"请从清单中选择材料", "choose a paper of the list"}, pack.citations("connection.document_not_on_list"));
    p.path = path;
    return p;
  }
  if (files_for(s, document) >= static_cast<std::ptrdiff_t>(files_a_paper)) {
    Problem p = refusal(
        "paper.enough",
        {"这项材料已有 " + std::to_string(files_a_paper) + " 个文件",
         "there are " + std::to_string(files_a_paper) + " files of this paper already"},
        {"请把其余页合并成一个 PDF，或到营业厅提交", "put what is left into one PDF, or hand it in at the counter"});
    p.path = path;
    return p;
  }
  return {};
}

Result<std::vector<engine::NewEvent>> attach_file(const CaseState& s, const AttachFile& c, const policy::Pack& pack) {
  // A second click is no second file.
  if (std::ranges::find(s.papers, c.file, &Paper::file) != s.papers.end()) return std::vector<engine::NewEvent>{};
  if (auto problem = paper_objection(s, c.document, pack, "/document")) return *std::move(problem);
  std::vector<engine::NewEvent> out;
  out.push_back(
      {std::string(events::file_attached),
       json::Object{
           {"document", c.document}, {"file", c.file}, {"type", c.type}, {"size", c.size}, {"digest", c.digest}}});
  const auto there = [&](const std::string& asked) {
    // What came before the notice is what the clerk could not work with.
    return asked == c.document || std::ranges::any_of(s.papers, [&](const Paper& each) {
             return each.document == asked && each.at >= *s.asked_at;
           });
  };
  if (supplying(s) && std::ranges::all_of(s.asked, there))
    out.push_back({std::string(events::supplemented), json::Object{{"documents", json::write(s.asked)}}});
  return out;
}

}  // namespace tongdian::connection
