#include "policy/facts_check.hpp"

#include <cmath>

#include "base/time_text.hpp"

namespace tongdian::policy {
namespace {

Problem bad(const char* path, Sentence detail) { return bad_input("policy.bad_facts", path, std::move(detail)); }

bool is_amount(double value) { return std::isfinite(value) && value >= 0; }

Problem not_an_amount(const char* path) { return bad(path, {"应为不小于零的数", "must be a number of zero or more"}); }

Problem missing(const char* path, Sentence detail) { return bad_input("json.missing", path, std::move(detail)); }

}  // namespace

std::optional<Problem> check_facts(const Facts& facts, Instant& applied_at) {
  const auto instant = parse_instant(facts.applied_at);
  if (!instant)
    return bad("/applied_at", {"应为带时差的时间，如 2021-11-15T09:00:00+08:00",
                               "must be a time with its offset, like 2021-11-15T09:00:00+08:00"});
  applied_at = *instant;
  if (!is_amount(facts.requested_kw)) return not_an_amount("/requested_kw");
  if (facts.sources != 1 && facts.sources != 2) return bad("/sources", {"应为 1 或 2", "must be 1 or 2"});
  if (!is_amount(facts.source_distance_m)) return not_an_amount("/source_distance_m");
  if (facts.enterprise) {
    if (!is_amount(facts.enterprise->connected_kva_at_address))
      return not_an_amount("/enterprise/connected_kva_at_address");
  } else if (facts.customer == Customer::non_resident) {
    return missing("/enterprise", {"非居民须填写企业信息", "a non-resident's enterprise is required"});
  }
  if (!facts.route && facts.works_needed)
    return missing("/route", {"有工程须填写线路信息", "with works the route is required"});
  return {};
}

}  // namespace tongdian::policy
