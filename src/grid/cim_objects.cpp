#include "grid/cim_objects.hpp"

#include <expat.h>

#include <charconv>
#include <cmath>
#include <memory>

#include "grid/record.hpp"

namespace tongdian::grid {
namespace {

/// After the last '#', '/' or '|': namespaces are of no interest, and neither is the base of a reference.
std::string_view local(std::string_view name) {
  const auto at = name.find_last_of("#/|");
  return at == name.npos ? name : name.substr(at + 1);
}

/// An enumeration's value is written as its full name, "…#SinglePhaseKind.A"; a reference as "#id".
std::string referred(std::string_view value) {
  const auto at = value.find_last_of('#');
  return std::string(at == value.npos ? value : value.substr(at + 1));
}

struct Reader {
  XML_Parser parser = nullptr;
  std::vector<CimObject> objects;
  int depth = 0;
  std::string why;

  static void XMLCALL begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<Reader*>(self)->on_begin(name, attributes);
  }
  static void XMLCALL end(void* self, const XML_Char*) { --static_cast<Reader*>(self)->depth; }
  static void XMLCALL characters(void* self, const XML_Char* text, int length) {
    auto& r = *static_cast<Reader*>(self);
    if (r.depth == 3 && !r.objects.empty() && !r.objects.back().attributes.empty())
      r.objects.back().attributes.back().value.append(text, static_cast<std::size_t>(length));
  }
  static void XMLCALL entity(void* self, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
                             const XML_Char*, const XML_Char*) {
    auto& r = *static_cast<Reader*>(self);
    r.why = "it defines an entity of its own";
    XML_StopParser(r.parser, XML_FALSE);
  }

  void on_begin(std::string_view name, const XML_Char** attributes) {
    ++depth;
    if (depth == 2) {
      CimObject object;
      object.type = std::string(local(name));
      object.line = XML_GetCurrentLineNumber(parser);
      for (; *attributes; attributes += 2) object.id = referred(attributes[1]);
      objects.push_back(std::move(object));
    } else if (depth == 3) {
      CimObject::Attribute attribute{std::string(local(name)), {}};
      for (; *attributes; attributes += 2)
        if (local(attributes[0]) == "resource") attribute.value = referred(attributes[1]);
      objects.back().attributes.push_back(std::move(attribute));
    } else if (depth > 64) {
      why = "it is nested too deep";
      XML_StopParser(parser, XML_FALSE);
    }
  }
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::string_view CimObject::text(std::string_view wanted) const {
  for (const auto& a : attributes)
    if (a.name == wanted) return trimmed(a.value);
  return {};
}

double CimObject::number_or(std::string_view wanted, double otherwise) const {
  const auto given = text(wanted);
  if (given.empty()) return otherwise;
  double value = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (error != std::errc{} || end != given.data() + given.size() || !std::isfinite(value))
    bad_value(place() + ", " + std::string(wanted), "不是有限的数：" + std::string(given),
              "not a finite number: " + std::string(given));
  return value;
}

double CimObject::number(std::string_view wanted) const {
  if (text(wanted).empty())
    bad_value(place() + ", " + std::string(wanted), "缺少 " + std::string(wanted), std::string(wanted) + " is missing",
              {"补上该值", "add its value"});
  return number_or(wanted, 0);
}

bool CimObject::flag_or(std::string_view wanted, bool otherwise) const {
  const auto given = text(wanted);
  return given.empty() ? otherwise : given == "true" || given == "1";
}

std::string CimObject::name() const { return std::string(text("IdentifiedObject.name")); }

Result<CimObjects> CimObjects::parse(std::string_view xml) {
  Reader reader;
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, '|'), XML_ParserFree);
  reader.parser = parser.get();
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(parser.get(), Reader::begin, Reader::end);
  XML_SetCharacterDataHandler(parser.get(), Reader::characters);
  XML_SetEntityDeclHandler(parser.get(), Reader::entity);
  constexpr std::size_t piece = 1u << 20;  // expat counts in int
  for (std::size_t at = 0; at <= xml.size(); at += piece) {
    const auto part = xml.substr(at, piece);
    const bool last = at + piece > xml.size();
    if (XML_Parse(parser.get(), part.data(), static_cast<int>(part.size()), last) == XML_STATUS_OK) continue;
    const std::string place = std::to_string(XML_GetCurrentLineNumber(parser.get())) + ':' +
                              std::to_string(XML_GetCurrentColumnNumber(parser.get()) + 1);
    const std::string why = reader.why.empty() ? XML_ErrorString(XML_GetErrorCode(parser.get())) : reader.why;
    return bad_input("grid.bad_xml", place, {"不是可读的 XML：" + why, "not XML that can be read: " + why},
                     {"按所示行、列检查文件", "look at that line and column of the file"});
  }
  CimObjects out;
  out.objects_ = std::move(reader.objects);
  for (const auto& object : out.objects_) {
    if (!object.id.empty()) out.by_id_.emplace(object.id, &object);
    out.by_type_[object.type].push_back(&object);
  }
  return out;
}

const CimObject* CimObjects::find(std::string_view id) const {
  const auto it = by_id_.find(std::string(id));
  return it == by_id_.end() ? nullptr : it->second;
}

const std::vector<const CimObject*>& CimObjects::of(const std::string& type) const {
  static const std::vector<const CimObject*> nothing;
  const auto it = by_type_.find(type);
  return it == by_type_.end() ? nothing : it->second;
}

std::vector<const CimObject*> CimObjects::referring(const std::string& type, std::string_view reference,
                                                    const std::string& id) const {
  const std::string key = type + ' ' + std::string(reference);
  auto known = referring_.find(key);
  if (known == referring_.end()) {
    known = referring_.emplace(key, decltype(known->second){}).first;
    for (const auto* object : of(type)) known->second[std::string(object->text(reference))].push_back(object);
  }
  const auto it = known->second.find(id);
  return it == known->second.end() ? std::vector<const CimObject*>{} : it->second;
}

}  // namespace tongdian::grid
