#include "grid/read_network.hpp"

#include "base/json.hpp"
#include "grid/read_case.hpp"
#include "grid/read_cim.hpp"
#include "grid/read_pgm.hpp"

namespace tongdian::grid {
namespace {

Problem unknown_format() {
  return bad_input("grid.unknown_format", "", {"认不出这是哪种电网文件", "this is no network file that is known here"},
                   {"可读格式见 docs/grid.md：算例 JSON、power-grid-model JSON、CIM100 XML、CSV 文件夹",
                    "docs/grid.md has the formats: case JSON, power-grid-model JSON, CIM100 XML, a folder of CSV"});
}

}  // namespace

Result<Network> read_network(std::string_view bytes, bool phases) {
  const auto first = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first != bytes.npos && bytes[first] == '<') return read_cim(bytes);
  if (first == bytes.npos || bytes[first] != '{') return unknown_format();
  const auto document = json::parse(bytes);
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (!object) return unknown_format();
  if (object->contains("bus")) return read_case(*document);
  if (object->contains("data") || object->contains("node")) return read_pgm(*document, phases);
  return unknown_format();
}

}  // namespace tongdian::grid
