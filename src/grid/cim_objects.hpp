// The objects of a CIM RDF/XML file (IEC 61970-552): class, attributes and references of each, by its id.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace tongdian::grid {

struct CimObject {
  std::string id;        ///< as rdf:ID or rdf:about has it, without "#"
  std::string type;      ///< "ACLineSegment"
  std::size_t line = 0;  ///< where it begins
  struct Attribute {
    std::string name;   ///< "Conductor.length"
    std::string value;  ///< text, or the id or enumeration value referred to
  };
  std::vector<Attribute> attributes;

  /// Empty where it is not there.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  /// `grid.bad_value` where the text is no finite number.
  [[nodiscard]] double number_or(std::string_view name, double otherwise) const;
  [[nodiscard]] double number(std::string_view name) const;
  [[nodiscard]] bool flag_or(std::string_view name, bool otherwise) const;
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string place() const { return "line " + std::to_string(line) + ", " + type + " " + name(); }
};

class CimObjects {
 public:
  /// `grid.bad_xml` with line and column. Entities that a file defines itself are refused: none needs them, and bombs are made of them.
  static Result<CimObjects> parse(std::string_view xml);

  [[nodiscard]] const CimObject* find(std::string_view id) const;
  /// Of a class, in the file's order.
  [[nodiscard]] const std::vector<const CimObject*>& of(const std::string& type) const;
  /// Of a class, those whose `reference` is `id`.
  [[nodiscard]] std::vector<const CimObject*> referring(const std::string& type, std::string_view reference,
                                                        const std::string& id) const;
  [[nodiscard]] const std::map<std::string, std::vector<const CimObject*>>& types() const { return by_type_; }

 private:
  std::vector<CimObject> objects_;
  std::unordered_map<std::string, const CimObject*> by_id_;
  std::map<std::string, std::vector<const CimObject*>> by_type_;
  mutable std::map<std::string, std::unordered_map<std::string, std::vector<const CimObject*>>> referring_;
};

}  // namespace tongdian::grid
