// What would help: a table of situations, and laws that hold for whatever is asked.
#include "policy/neighbours.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace tongdian;
using namespace tongdian::policy;

namespace {

const Pack& pack() {
  static const auto loaded = load_pack(TONGDIAN_SOURCE_DIR "/packs/yantai-2021-168").value();
  return *loaded;
}
const calendar::Calendar& working_days() {
  static const auto loaded = calendar::Calendar::load(pack().calendar_files()).value();
  return loaded;
}

/// A small shop that the four-zero service is made for.
Facts shop() {
  Facts f;
  f.applied_at = "2021-11-15T09:00:00+08:00";
  f.customer = Customer::non_resident;
  f.requested_kw = 100;
  f.new_installation = true;
  f.works_needed = true;
  f.route = Route{};
  Enterprise e;
  e.business_licence = e.registered_address_is_supply_address = e.direct_supply = e.in_urban_planning_area = true;
  e.tariff = Tariff::general_commercial;
  e.connected_kva_at_address = 100;
  f.enterprise = e;
  return f;
}

std::string said(const Better& b) {
  std::string out;
  for (const auto& c : b.changes) out += (out.empty() ? "" : ", ") + c.pointer + "=" + json::text(c.value);
  return out;
}
std::vector<std::string> said(const Facts& f) {
  std::vector<std::string> out;
  for (const auto& b : what_would_help(pack(), working_days(), f)) out.push_back(said(b));
  return out;
}
using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("what would help a shop, a condition of 二·省钱 each") {
  Facts f = shop();
  SUBCASE("nothing: it has the best there is") { CHECK(said(f) == Said{}); }
  SUBCASE("a licence") {
    f.enterprise->business_licence = false;
    CHECK(said(f) == Said{"/enterprise/business_licence=true"});
  }
  SUBCASE("less capacity, up to the boundary that the pack has") {
    f.requested_kw = f.enterprise->connected_kva_at_address = 200.5;
    CHECK(said(f) == Said{"/requested_kw=160"});
  }
  SUBCASE("two conditions together, where neither helps alone") {
    f.enterprise->business_licence = false;
    f.enterprise->tariff = Tariff::large_industrial;
    CHECK(said(f) == Said{"/enterprise/business_licence=true, /enterprise/tariff=\"general_commercial\""});
  }
  SUBCASE("an increase cannot become a new installation") {
    f.new_installation = false;
    CHECK(said(f) == Said{});
  }
  SUBCASE("another way around the green") {
    f.route->occupies_green = true;
    CHECK(said(f) == Said{"/route/occupies_green=false"});
  }
}

TEST_CASE("whatever is asked: each is decided as it says, better in one thing and worse in none, the best first") {
  std::mt19937 chance(1);
  const auto coin = [&] { return chance() % 2 == 0; };
  for (int i = 0; i < 300; ++i) {
    Facts f = shop();
    f.voltage = static_cast<Voltage>(chance() % 3);
    f.requested_kw = 1 + static_cast<int>(chance() % 500);
    f.sources = coin() ? 1 : 2;
    f.important = chance() % 8 == 0;
    f.self_built = coin();
    f.commitment_conditions_met = coin();
    f.enterprise->business_licence = chance() % 4 != 0;
    f.enterprise->direct_supply = chance() % 4 != 0;
    f.enterprise->connected_kva_at_address = f.requested_kw + static_cast<int>(chance() % 100);
    f.route->road = static_cast<Road>(chance() % 5);
    f.route->occupies_green = coin();
    f.route->interested_party = chance() % 4 == 0;
    CAPTURE(json::text(json::write(f)));
    Decision base;
    REQUIRE(!pack().decide(f, working_days(), base));
    for (const auto& b : what_would_help(pack(), working_days(), f)) {
      CAPTURE(said(b));
      Decision again;
      REQUIRE(!pack().decide(b.facts, working_days(), again));
      CHECK(worth_of(again) == worth_of(b.decision));
      CHECK(improves(worth_of(b.decision), worth_of(base)));
      if (b.changes.front().pointer == "/requested_kw" && b.changes.size() == 1) {
        Facts above = b.facts;
        above.requested_kw += 1;
        above.enterprise->connected_kva_at_address += 1;
        REQUIRE(!pack().decide(above, working_days(), again));
        CHECK_FALSE(improves(worth_of(again), worth_of(base)));
      }
    }
  }
}
