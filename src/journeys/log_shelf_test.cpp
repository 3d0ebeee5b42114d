#include "journeys/log_shelf.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace tongdian;
using namespace tongdian::journeys;
using namespace std::chrono_literals;

namespace {

const std::string small_log =
    "case,activity,time\n1,受理,2021-06-01 08:00:00\n1,送电,2021-06-03 08:00:00\n2,受理,2021-06-01 09:00:00\n";

struct World {
  ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2021} / 11 / 15}}};
  SeededRandom random{7};
  LogShelf shelf{clock,
                 random,
                 [] {
                   return LogDays{std::make_shared<const calendar::Calendar>(), 480};
                 },
                 {.log = 1 << 20, .all = 3 << 19, .logs_each = 2, .kept = 60min}};

  std::string opened(const std::string& owner, std::uint64_t size, std::string_view map = "") {
    return std::string(shelf.open(owner, "报装.csv", size, map).value().at("id").as_string());
  }
  std::string handed_in(const std::string& owner, const std::string& text) {
    const auto id = opened(owner, text.size());
    shelf.add(owner, id, 0, text).value();
    return id;
  }
  /// The stage, once nobody works on the log any more.
  std::string ended(const std::string& owner, const std::string& id) {
    for (;;) {
      const auto state = shelf.state(owner, id).value();
      const std::string stage(state.at("stage").as_string());
      if (stage == "done" || stage == "failed") return stage;
      std::this_thread::sleep_for(1ms);
    }
  }
};

template <class T>
std::string code(const Result<T>& result) {
  return result ? "" : result.error().code;
}

}  // namespace

TEST_CASE("a log that comes in pieces, some of them twice, is read once it is whole") {
  World world;
  const auto id = world.opened("anna", small_log.size());
  CHECK(code(world.shelf.add("anna", id, 10, small_log.substr(10, 5))) == "logs.gap");
  for (std::size_t at = 0; at < small_log.size(); at += 20) {
    const auto piece = small_log.substr(at, 25);  // five bytes beyond the next one's beginning
    const auto state = world.shelf.add("anna", id, at, piece).value();
    CHECK(state.at("received").to_number<std::uint64_t>() == at + piece.size());
    if (at + 25 < small_log.size()) CHECK(code(world.shelf.report("anna", id)) == "logs.not_ready");
  }
  CHECK(world.ended("anna", id) == "done");
  // Whoever did not hear the last answer sends the last piece again.
  CHECK(code(world.shelf.add("anna", id, small_log.size() - 5, small_log.substr(small_log.size() - 5))).empty());
  const auto found = world.shelf.state("anna", id).value().at("found").as_object();
  CHECK(found.at("cases").to_number<int>() == 2);
  CHECK(found.at("events").to_number<int>() == 3);
  CHECK(world.shelf.report("anna", id).value().find("报装.csv") != std::string::npos);
  CHECK(world.shelf.figures("anna", id).value().find("\"cases\":2") != std::string::npos);
}

TEST_CASE("what is not taken") {
  World world;
  CHECK(code(world.shelf.open("anna", "a", 0, "")) == "logs.too_large");
  CHECK(code(world.shelf.open("anna", "a", (1 << 20) + 1, "")) == "logs.too_large");
  CHECK(code(world.shelf.open("anna", "a", 10, R"({"cas": "x"})")) == "mine.bad_map");
  const auto id = world.opened("anna", 10);
  CHECK(code(world.shelf.add("anna", id, 0, "eleven byte")) == "logs.too_large");
  CHECK(code(world.shelf.add("anna", id, 5, "")) == "logs.gap");
  CHECK(code(world.shelf.add("anna", id, ~std::uint64_t{0}, "x")) == "logs.gap");
  CHECK(world.shelf.state("anna", id).value().at("received").to_number<int>() == 0);
  world.opened("anna", 10);
  CHECK(code(world.shelf.open("anna", "a third", 10, "")) == "logs.too_many");
  CHECK(code(world.shelf.open("bert", "too much together", (1 << 20), "")).empty());
  CHECK(code(world.shelf.open("bert", "too much together", (1 << 20), "")) == "logs.too_many");
}

TEST_CASE("nobody sees another's log") {
  World world;
  const auto id = world.handed_in("anna", small_log);
  world.ended("anna", id);
  CHECK(code(world.shelf.state("bert", id)) == "logs.not_found");
  CHECK(code(world.shelf.report("bert", id)) == "logs.not_found");
  CHECK(code(world.shelf.figures("bert", id)) == "logs.not_found");
  CHECK(code(world.shelf.add("bert", id, 0, "x")) == "logs.not_found");
  CHECK(code(world.shelf.remove("bert", id)) == "logs.not_found");
  CHECK(world.shelf.all("bert").empty());
  CHECK(world.shelf.all("anna").size() == 1);
}

TEST_CASE("a log goes when it is taken away, and an hour after the last look at it") {
  World world;
  const auto first = world.handed_in("anna", small_log);
  const auto second = world.handed_in("anna", small_log);
  world.ended("anna", first);
  world.ended("anna", second);
  CHECK(code(world.shelf.remove("anna", first)).empty());
  CHECK(code(world.shelf.state("anna", first)) == "logs.not_found");
  world.clock.advance(59min);
  CHECK(code(world.shelf.state("anna", second)).empty());
  world.clock.advance(59min);
  CHECK(world.shelf.all("anna").size() == 1);
  world.clock.advance(2min);
  CHECK(world.shelf.all("anna").empty());
}

TEST_CASE("a log that breaks off says where, and keeps what was read before") {
  World world;
  const auto id = world.handed_in("anna", "case,activity,time\n1,受理,2021-06-01 08:00:00\n1,\"送电,2021-06-03");
  CHECK(world.ended("anna", id) == "done");
  const auto state = world.shelf.state("anna", id).value();
  CHECK(state.at("problem").as_object().at("path").as_string().starts_with("报装.csv"));
  CHECK(state.at("found").as_object().at("events").to_number<int>() >= 1);
  const auto none = world.handed_in("anna", std::string(100, '\0'));
  world.ended("anna", none);
  CHECK(world.shelf.state("anna", none).value().contains("problem"));
}

TEST_CASE("a shelf that ends while logs are on their way and being read does not wait for them") {
  World world;
  std::string large = "case,activity,time\n";
  while (large.size() < (1 << 20) - 100) large += std::to_string(large.size()) + ",受理,2021-06-01 08:00:00\n";
  world.opened("anna", 1000);
  world.handed_in("bert", large.substr(0, 1 << 19));
}
