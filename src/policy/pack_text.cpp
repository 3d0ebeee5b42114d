#include "policy/pack_text.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace tongdian::policy {
namespace {

constexpr std::string_view mark = "@ ";

std::string without_blanks(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out += c;
  return out;
}

bool is_digit_or_point(char c) { return (c >= '0' && c <= '9') || c == '.'; }

}  // namespace

void PackText::load_folder(const Layers& layers, const char* name, Problems& problems) {
  int layer = 0;
  for (const auto& folder : layers.folders()) {
    std::vector<std::filesystem::path> files;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder / name, none))
      if (entry.path().extension() == ".txt" && entry.path().filename() != "source.txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) load_file(file, layer, problems);
    ++layer;
  }
  for (auto& clause : clauses_)
    while (clause.text.ends_with('\n')) clause.text.pop_back();
}

void PackText::load_laws(const Layers& layers, Problems& problems) { load_folder(layers, "laws", problems); }

void PackText::load(const Layers& layers, Problems& problems) {
  load_folder(layers, "text", problems);
  if (clauses_.empty())
    problems.add("pack.missing", (layers.top() / "text").string() + ":1:1",
                 {"没有文件原文", "the document's text is missing"},
                 {"在 text/ 中放入各条原文", "put the clauses into text/*.txt"});
}

void PackText::load_file(const std::filesystem::path& file, int layer, Problems& problems) {
  auto text = read_file(file);
  if (!text) return problems.add(text.error());
  int line = 0;
  Clause* open = nullptr;  // pointing into clauses_, set anew at every mark
  for (std::size_t from = 0; from < text->size();) {
    const auto end = std::min(text->find('\n', from), text->size());
    const std::string_view here = std::string_view(*text).substr(from, end - from);
    from = end + 1;
    ++line;
    const auto place = file.string() + ":" + std::to_string(line) + ":1";
    if (here.starts_with(mark)) {
      const std::string id(here.substr(mark.size()));
      const auto [there, fresh] = index_.emplace(id, static_cast<int>(clauses_.size()));
      const auto at = static_cast<std::size_t>(there->second);
      if (fresh) {
        clauses_.push_back({id, {}});
        layer_.push_back(layer);
      } else if (layer_[at] == layer) {
        problems.add("pack.duplicate_key", place, {"条款 " + id + " 重复", "the clause " + id + " stands twice"},
                     {"只保留一处", "keep one of them"});
      } else {
        clauses_[at].text.clear();
        layer_[at] = layer;
      }
      open = &clauses_[at];
    } else if (!open && !here.empty()) {
      problems.add("pack.syntax", place, {"原文之前应有 @ 条款号", "text before the first clause"},
                   {"先写一行 @ 条款号", "begin with a line @ CLAUSE"});
      return;
    } else if (open) {
      auto& clause = open->text;
      clause.append(clause.empty() ? "" : "\n").append(here);
    }
  }
}

int PackText::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? -1 : found->second;
}

const Clause* PackText::get(std::string_view id) const {
  const int clause = find(id);
  return clause < 0 ? nullptr : &clauses_[static_cast<std::size_t>(clause)];
}

std::vector<int> PackText::cited(const Yaml& list) const {
  std::vector<int> out;
  if (!list) return out;
  for (const Yaml& each : list.one_or_more()) {
    const std::string id = each.text();
    const int clause = find(id);
    if (clause < 0 && !id.empty())
      each.complain("pack.unknown_clause", {"原文中没有条款 " + id, "the text has no clause " + id},
                    {"用 text/ 中的条款号", "use a clause id of text/"});
    else if (clause >= 0)
      out.push_back(clause);
  }
  if (list.one_or_more().empty())
    list.complain("pack.missing", {"没有依据条款", "no clause is cited"},
                  {"写出至少一个条款号", "name at least one clause"});
  return out;
}

std::vector<std::string> PackText::ids(const std::vector<int>& clauses) const {
  std::vector<std::string> out;
  for (const int clause : clauses) out.push_back(clauses_[static_cast<std::size_t>(clause)].id);
  return out;
}

bool PackText::quotes(int clause, std::string_view words) const {
  return without_blanks(clauses_[static_cast<std::size_t>(clause)].text).find(without_blanks(words)) !=
         std::string::npos;
}

bool PackText::has_number(int clause, std::string_view number) const {
  const std::string& text = clauses_[static_cast<std::size_t>(clause)].text;
  for (auto at = text.find(number); at != text.npos; at = text.find(number, at + 1)) {
    const auto end = at + number.size();
    const bool starts = at == 0 || !is_digit_or_point(text[at - 1]);
    const bool ends = end == text.size() || !is_digit_or_point(text[end]) ||
                      (text[end] == '.' && (end + 1 == text.size() || !is_digit_or_point(text[end + 1])));
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace tongdian::policy
