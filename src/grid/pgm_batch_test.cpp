#include "grid/pgm_batch.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "grid/flow.hpp"
#include "grid/read_pgm.hpp"

using namespace tongdian;
using namespace tongdian::grid;

namespace {

// Made up; the loads' rows are lists, the line's an object.
const char* const input = R"({"version":"1.0","type":"input","is_batch":false,
  "attributes":{"sym_load":["id","node","status","type","p_specified","q_specified"]},
  "data":{"node":[{"id":1,"u_rated":10000},{"id":2,"u_rated":10000}],
    "line":[{"id":3,"from_node":1,"to_node":2,"from_status":1,"to_status":1,"r1":2,"x1":1,"c1":0,"tan1":0,"i_n":"inf"}],
    "source":[{"id":4,"node":1,"status":1,"u_ref":1.0,"sk":"inf"}],
    "sym_load":[[5,2,1,0,100000,0],[6,2,1,0,200000,50000]],
    "asym_load":[{"id":7,"node":2,"status":1,"type":0,"p_specified":[1000,2000,3000],"q_specified":[0,0,0]}]}})";

PgmBatch batch(const char* update) {
  return PgmBatch::of(json::parse(input).value(), json::parse(update).value()).value();
}

json::Value changed(const char* update, std::size_t number = 0) { return batch(update).scenario(number).value(); }

const json::Value& at(const json::Value& document, const char* pointer) { return document.at_pointer(pointer); }

}  // namespace

TEST_CASE("each scenario begins at the input, and what it leaves out or null stays") {
  const char* const update = R"({"is_batch":true,"attributes":{"sym_load":["id","p_specified","q_specified"]},"data":[
    {"sym_load":[[6,300000,null]],"line":[{"id":3,"to_status":0}]},
    {},
    {"asym_load":[{"id":7,"p_specified":[null,9000,null]}]}]})";
  REQUIRE(batch(update).count() == 3);
  const auto first = changed(update, 0), second = changed(update, 1), third = changed(update, 2);
  CHECK(at(first, "/data/sym_load/1/p_specified") == 300000);
  CHECK(at(first, "/data/sym_load/1/q_specified") == 50000);
  CHECK(at(first, "/data/sym_load/0/p_specified") == 100000);
  CHECK(at(first, "/data/line/0/to_status") == 0);
  CHECK(at(first, "/data/line/0/from_status") == 1);
  CHECK(second == json::parse(input).value());
  CHECK(at(third, "/data/asym_load/0/p_specified") == json::Array{1000, 9000, 3000});

  const auto dark = flow(read_pgm(first, false).value()).value();
  CHECK(dark.voltage[1] == 0.0);
  const auto lit = flow(read_pgm(second, false).value()).value();
  // 0.306 MW and 0.05 Mvar through 2 + j1 ohm behind an ideal source: |V|² is the larger root of Baran and Wu's equation.
  const double p = 0.306, q = 0.05, r = 0.02, x = 0.01, b = 1 - 2 * (r * p + x * q);
  const double square = (b + std::sqrt(b * b - 4 * (r * r + x * x) * (p * p + q * q))) / 2;
  CHECK(std::norm(lit.voltage[1]) == doctest::Approx(square).epsilon(1e-9));
}

TEST_CASE("rows without ids are the input's, where they are as many; an update that is no batch is one scenario") {
  const char* const update =
      R"({"is_batch":false,"attributes":{"sym_load":["p_specified"]},"data":{"sym_load":[[1],[2]]}})";
  REQUIRE(batch(update).count() == 1);
  CHECK(at(changed(update), "/data/sym_load/0/p_specified") == 1);
  CHECK(at(changed(update), "/data/sym_load/1/p_specified") == 2);
}

TEST_CASE("a change of nothing is named with its place") {
  struct Wrong {
    const char *update, *code, *place;
  };
  for (const auto& [update, code, place] : {
           Wrong{R"({"data":[{},{"sym_load":[{"id":77}]}]})", "grid.unknown_element", "/data/1/sym_load/0/id"},
           Wrong{R"({"data":[{},{"sym_load":[{"p_specified":1}]}]})", "grid.bad_value", "/data/1/sym_load/0/id"},
           Wrong{R"({"data":[{},{"sym_load":[[5,1]]}]})", "grid.bad_value", "/data/1/sym_load/0"},
           Wrong{R"({"data":[{},{"sym_load":[3]}]})", "grid.bad_value", "/data/1/sym_load/0"},
           Wrong{R"({"data":[{},{"shunt":[{"id":5}]}]})", "grid.bad_value", "/data/1/shunt"},
           Wrong{R"({"data":[{},{"sym_load":{}}]})", "grid.bad_value", "/data/1/sym_load"},
           Wrong{R"({"data":[{},7]})", "grid.bad_value", "/data/1"},
       }) {
    CAPTURE(update);
    const auto scenario = batch(update).scenario(1);
    REQUIRE_FALSE(scenario.has_value());
    CHECK(scenario.error().code == code);
    CHECK(scenario.error().path == place);
  }
  for (const char* update : {"[]", "{}", R"({"data":3})"})
    CHECK_FALSE(PgmBatch::of(json::parse(input).value(), json::parse(update).value()).has_value());
}
