#include "app/settings.hpp"

#include <algorithm>
#include <cctype>

#include "policy/yaml_reader.hpp"

namespace tongdian::app {
namespace {

std::string key_of(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string variable_of(const std::string& name) {
  std::string out = "TONGDIAN_" + key_of(name);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// The options, one overload a type.
struct Options {
  CLI::App& command;
  std::shared_ptr<Settings> settings;

  CLI::Option* option(const char* name, auto member, const char* help) const {
    return command.add_option("--" + std::string(name), (*settings).*member, help)
        ->envname(variable_of(name))
        ->capture_default_str();
  }
  void operator()(const char* name, std::string Settings::*member, const char* help) const {
    option(name, member, help);
  }
  void operator()(const char* name, std::string Settings::*member, const char* help,
                  std::initializer_list<const char*> words) const {
    option(name, member, help)->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  }
  void operator()(const char* name, int Settings::*member, const char* help, int low, int high) const {
    option(name, member, help)->check(CLI::Range(low, high));
  }
  void operator()(const char* name, bool Settings::*member, const char* help) const {
    command.add_flag("--" + std::string(name), (*settings).*member, help)->envname(variable_of(name));
  }
};

/// The values of a file.
struct Values {
  const CLI::App& command;
  const policy::Yaml& file;
  Settings& settings;

  [[nodiscard]] policy::Yaml value(const char* name) const {
    return command.count("--" + std::string(name)) > 0 ? policy::Yaml{} : file.get(key_of(name));
  }
  void operator()(const char* name, std::string Settings::*member, const char*) const {
    if (const auto v = value(name)) settings.*member = v.text();
  }
  void operator()(const char* name, std::string Settings::*member, const char*,
                  std::initializer_list<const char*> words) const {
    const auto v = value(name);
    if (!v) return;
    const auto text = v.text();
    std::string list;
    for (const char* word : words) list += (list.empty() ? "" : ", ") + std::string(word);
    if (std::ranges::find(words, text, [](const char* w) { return std::string(w); }) == words.end())
      v.complain("config.wrong", {"不认识的值 " + text, "unknown value " + text},
                 {"可用：" + list, "use one of: " + list});
    settings.*member = text;
  }
  void operator()(const char* name, int Settings::*member, const char*, int low, int high) const {
    if (const auto v = value(name)) settings.*member = v.integer(low, high);
  }
  void operator()(const char* name, bool Settings::*member, const char*) const {
    if (const auto v = value(name)) settings.*member = v.boolean();
  }
};

void check_keys(const policy::Yaml& file) {
  std::string list;
  const auto known = [&](const std::string& key) {
    bool found = false;
    each_setting([&](const char* name, auto&&...) { found = found || key_of(name) == key; });
    return found;
  };
  each_setting([&](const char* name, auto&&...) { list += (list.empty() ? "" : ", ") + key_of(name); });
  for (const auto& [key, value] : file.entries())
    if (!known(key.raw()))
      key.complain("config.wrong", {"不认识的键 " + key.raw(), "unknown key " + key.raw()},
                   {"可用：" + list, "use one of: " + list});
}

/// The reader's codes speak of packs; this is the city's configuration, and whoever mends it needs the place and the mend.
Problem as_config(Problem p) {
  if (p.code.starts_with("pack.")) p.code = "config.wrong";
  return p;
}

}  // namespace

void add_settings(CLI::App& command, std::shared_ptr<Settings> settings) {
  each_setting(Options{command, std::move(settings)});
}

void read_settings(const CLI::App& command, const std::string& file, bool file_was_named, Settings& settings) {
  if (file.empty()) return;
  std::error_code none;
  if (!file_was_named && !std::filesystem::exists(file, none)) return;
  policy::Problems problems;
  const auto yaml = policy::Yaml::load(file, problems);
  check_keys(yaml);
  each_setting(Values{command, yaml, settings});
  if (!problems.empty()) throw ProblemError(as_config(problems.list().front()));
}

}  // namespace tongdian::app
