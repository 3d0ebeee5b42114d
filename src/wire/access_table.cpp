#include "wire/access_table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace tongdian::wire {
namespace {

constexpr std::array columns{Role::clerk, Role::manager, Role::supervisor, Role::admin};

std::string mark(bool yes) { return yes ? " ● |" : "  |"; }

std::string_view customers(Access::Customer which) {
  switch (which) {
    case Access::Customer::none: return " ";
    case Access::Customer::of_the_case: return " theirs ";
    case Access::Customer::of_a_phone: return " by phone ";
    case Access::Customer::any: return " ● ";
  }
  return " ";
}

std::string row_of(const Route& route) {
  const Access& a = route.access;
  std::string out = "| `" + std::string(name_of(route.method)) + " " + route.pattern + "` |" + mark(a.open_to_public);
  out += std::string(customers(a.customer)) + "|";
  for (const Role role : columns) out += mark(std::ranges::find(a.roles, role) != a.roles.end());
  out += a.scope.empty() ? "  |" : " `" + a.scope + "` |";
  return out + " " + (a.open_to_public ? "" : std::string(tongdian::name_of(a.reach))) + " |\n";
}

}  // namespace

std::string access_table(const Router& router) {
  std::string out =
      "| route | public | customer | clerk | manager | supervisor | admin | program | reach |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  std::map<std::tuple<std::string, std::string_view>, std::string> rows;
  for (const auto& route : router.routes()) rows[{route.pattern, name_of(route.method)}] = row_of(route);
  for (const auto& [key, row] : rows) out += row;
  return out;
}

}  // namespace tongdian::wire
