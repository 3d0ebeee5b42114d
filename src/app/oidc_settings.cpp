#include "app/oidc_settings.hpp"

#include "base/files.hpp"
#include "policy/yaml_reader.hpp"

namespace tongdian::app {
namespace {

using policy::Yaml;

std::vector<std::string> texts(const Yaml& list) {
  std::vector<std::string> out;
  if (list)
    for (const auto& each : list.items()) out.push_back(each.text());
  return out;
}

identity::OidcSettings::Authority authority_of(const Yaml& row) {
  row.only({"roles", "areas", "enterprises"});
  identity::OidcSettings::Authority out;
  for (const auto& each : row.need("roles").items()) {
    const auto role = enum_of<wire::Role>(each.text());
    if (role)
      out.roles.push_back(*role);
    else
      each.complain("config.wrong", {"不认识的角色 " + each.raw(), "unknown role " + each.raw()},
                    {"可用 admin、clerk、manager、supervisor", "use admin, clerk, manager or supervisor"});
  }
  out.areas = texts(row.get("areas"));
  out.enterprises = texts(row.get("enterprises"));
  return out;
}

/// Beside the file where its path is relative; a line end at its end is none of the secret.
std::string secret_in(const Yaml& value, const std::filesystem::path& beside) {
  const auto text = read_file(beside.parent_path() / value.text(), 4096);
  if (!text) {
    value.complain("config.wrong", {"无法读取密钥文件", "the secret's file cannot be read"},
                   {"请检查路径和权限", "check its path and mode"});
    return {};
  }
  std::string out = *text;
  while (out.ends_with('\n') || out.ends_with('\r')) out.pop_back();
  return out;
}

}  // namespace

identity::OidcSettings read_oidc(const std::filesystem::path& file) {
  policy::Problems problems;
  const auto yaml = Yaml::load(file, problems);
  yaml.only({"issuer", "client_id", "client_secret_file", "redirect", "name", "accounts", "claim", "groups"});
  identity::OidcSettings out;
  out.issuer = yaml.need("issuer").text();
  out.client_id = yaml.need("client_id").text();
  if (const auto secret = yaml.need("client_secret_file")) out.client_secret = secret_in(secret, file);
  out.redirect = yaml.need("redirect").text();
  out.name = yaml.need("name").sentence();
  if (const auto accounts = yaml.get("accounts"))
    for (const auto& [subject, account] : accounts.entries()) out.accounts[subject.text()] = account.text();
  if (const auto claim = yaml.get("claim")) out.claim = claim.text();
  if (const auto groups = yaml.get("groups"))
    for (const auto& [group, row] : groups.entries()) out.authorities.emplace_back(group.text(), authority_of(row));
  if (!problems.empty()) {
    Problem p = problems.list().front();
    if (p.code.starts_with("pack.")) p.code = "config.wrong";
    throw ProblemError(std::move(p));
  }
  return out;
}

}  // namespace tongdian::app
