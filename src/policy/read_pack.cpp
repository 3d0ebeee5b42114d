#include "base/time_text.hpp"

#include "policy/model.hpp"

namespace tongdian::policy {
namespace {

Zone read_zone(const Yaml& at) {
  const std::string text = at.text();
  const auto instant = "2000-01-01T00:00:00" + text;
  // The offset is what RFC 3339 writes; its reader is asked, so that there is one reading of it.
  const auto parsed = parse_instant(instant);
  if (!parsed) {
    at.complain("pack.wrong_type", {"不是时差", "not an offset from UTC"},
                {"写成 \"+08:00\" 的样子", "write it like \"+08:00\""});
    return {};
  }
  const Instant zero = *parse_instant("2000-01-01T00:00:00Z");
  return {std::chrono::duration_cast<std::chrono::minutes>(zero - *parsed)};
}

/// The pack.yaml of each layer, the top one first. An amendment says who it is, and may leave the rest to what it amends.
class Identity {
 public:
  Identity(const Layers& layers, Problems& problems) {
    for (auto folder = layers.folders().rbegin(); folder != layers.folders().rend(); ++folder) {
      files_.push_back({*folder, Yaml::load(*folder / "pack.yaml", problems)});
      files_.back().yaml.only(
          {"id", "version", "title", "city", "document", "in_force_from", "zone", "calendars", "hotlines", "amends"});
    }
  }
  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(top()); }
  [[nodiscard]] const Yaml& top() const { return files_.front().yaml; }
  /// The topmost that has the key, with the folder that it stands in.
  [[nodiscard]] std::pair<std::filesystem::path, Yaml> need(std::string_view key) const {
    for (const auto& file : files_)
      if (const Yaml found = file.yaml.get(key)) return {file.folder, found};
    return {files_.front().folder, top().need(key)};
  }

 private:
  struct File {
    std::filesystem::path folder;
    Yaml yaml;
  };
  std::vector<File> files_;
};

void read_identity(PackModel& model, const Identity& identity) {
  model.id = identity.top().need("id").text();
  model.version = identity.top().need("version").text();
  model.title = identity.top().need("title").sentence();
  model.city = identity.need("city").second.sentence();
  static_cast<void>(identity.need("document").second.text());
  model.in_force_from = identity.need("in_force_from").second.date();
  model.zone = read_zone(identity.need("zone").second);
  const auto [folder, calendars] = identity.need("calendars");
  for (const Yaml& each : calendars.items()) {
    const auto calendar = std::filesystem::weakly_canonical(folder / each.text());
    if (!std::filesystem::exists(calendar))
      each.complain("pack.missing", {"没有日历文件 " + calendar.string(), "no calendar file " + calendar.string()},
                    {"改正相对于政策包的路径", "mend the path, relative to the pack's folder"});
    model.calendars.push_back(calendar);
  }
  for (const Yaml& each : identity.need("hotlines").second.items()) {
    each.only({"number", "name", "clauses"});
    model.hotlines.push_back({each.need("number").text(), each.need("name").sentence()});
    static_cast<void>(model.text.cited(each.need("clauses")));
  }
}

void read_words(Vocabulary& out, const Yaml& map) {
  for (const auto& [key, value] : map.entries()) out.add(key.raw(), value.sentence());
}

void read_names(PackModel& model, const Yaml& file) {
  file.only({"programmes", "voltages", "conditions", "flags"});
  read_words(model.choices[index_of(Slot::programme)], file.need("programmes"));
  read_words(model.voltages, file.need("voltages"));
  read_words(model.choices[index_of(Slot::four_zero_failed)], file.need("conditions"));
  read_words(model.choices[index_of(Slot::flags)], file.need("flags"));
  for (const auto& voltage : spec(Slot::voltage).choices)
    if (file && model.voltages.find(voltage) < 0)
      file.complain(
          "pack.missing",
          {"电压等级 " + std::string(voltage) + " 没有名称", "the voltage " + std::string(voltage) + " has no name"},
          {"在 voltages 下补上", "name it under voltages"});
}

void read_areas(PackModel& model, const Yaml& file) {
  file.only({"areas"});
  for (const Yaml& each : file.need("areas").items()) {
    each.only({"code", "name", "townships"});
    Area area{each.need("code").text(), each.need("name").sentence(), {}};
    for (const Yaml& township : each.need("townships").items()) {
      township.only({"code", "name"});
      area.townships.push_back({township.need("code").text(), township.need("name").text()});
    }
    model.areas.push_back(std::move(area));
  }
}

void read_enterprises(PackModel& model, const Yaml& file) {
  file.only({"enterprises", "clauses"});
  for (const auto& [key, value] : file.need("enterprises").entries())
    model.enterprises.push_back({key.raw(), value.sentence()});
  static_cast<void>(model.text.cited(file.need("clauses")));
}

}  // namespace

std::vector<int> PackModel::noted(const Yaml& list) const {
  std::vector<int> out;
  if (!list) return out;
  for (const Yaml& each : list.one_or_more()) {
    const int note = resolutions.find(each.raw());
    if (note < 0)
      each.complain("pack.unknown_resolution", {"没有解读 " + each.raw(), "no resolution " + each.raw()},
                    {"在 resolutions.yaml 中写明", "write it into resolutions.yaml"});
    else
      out.push_back(note);
  }
  return out;
}

int PackModel::stage_named(std::string_view wanted) const {
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (stages[i].stage.id == wanted) return static_cast<int>(i);
  return -1;
}

std::vector<std::string> PackModel::choices_of(Slot slot) const {
  const SlotSpec& s = spec(slot);
  if (s.kind == Kind::boolean) return {"false", "true"};
  if (s.kind == Kind::list) return {"none", "some"};
  if (!s.choices.empty()) return {s.choices.begin(), s.choices.end()};
  return choices[index_of(slot)].ids;
}

PackModel read_pack(const std::filesystem::path& folder, Problems& problems) {
  PackModel model;
  model.folder = folder;
  const Layers layers(folder, problems);
  const auto file = [&](const char* name) { return Yaml::load(layers.file(name), problems); };
  const Identity identity(layers, problems);
  if (!identity) return model;
  model.text.load(layers, problems);
  model.text.load_laws(layers, problems);
  read_identity(model, identity);
  read_words(model.resolutions, file("resolutions.yaml").need("resolutions"));
  model.parameters.load(layers, model.text, problems);
  for (const auto& parameter : model.parameters.all())
    if (!parameter.resolution.empty() && model.resolutions.find(parameter.resolution) < 0)
      problems.add("pack.unknown_resolution", (folder / "parameters" / (parameter.id + ".yaml")).string() + ":1:1",
                   {"没有解读 " + parameter.resolution, "no resolution " + parameter.resolution},
                   {"在 resolutions.yaml 中写明", "write it into resolutions.yaml"});
  read_names(model, file("names.yaml"));
  read_process(model, file("process.yaml"));
  read_documents(model, file("documents.yaml"));
  read_permits(model, file("permits.yaml"));
  read_fees(model, file("fees.yaml"));
  read_areas(model, file("areas.yaml"));
  read_enterprises(model, file("enterprises.yaml"));
  // A pack without detectors watches nobody; one that names them must have them right.
  if (std::filesystem::exists(layers.file("detectors.yaml"))) read_detectors(model, file("detectors.yaml"));
  read_tables(model, layers, problems);
  return model;
}

}  // namespace tongdian::policy
