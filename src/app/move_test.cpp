#include "app/move.hpp"

#include <doctest/doctest.h>

#include "app/city_for_tests.hpp"
#include "app/demo.hpp"
#include "base/time_text.hpp"

using namespace tongdian;
using namespace tongdian::app;

namespace {

std::string code(const std::function<void()>& action) {
  try {
    action();
  } catch (const ProblemError& e) {
    return e.problem.code;
  }
  return "";
}

/// Keys and calendars stay in a folder of their own; here each place gets a copy.
void copy_keys(const Place& from, const Place& to) {
  std::filesystem::copy(from.data / "keys", to.data / "keys", std::filesystem::copy_options::recursive);
}

Hash root_at(const Place& place) {
  auto f = open_foundation(place, "", Opening::read);
  CHECK(sound(*f));
  return journal::latest_head(*f->database->reader()).root;
}

}  // namespace

TEST_CASE("a city moves to the other database and back, with the same head, and goes on") {
  const TemporaryFolder first, last;
  const PlaceForTests middle;
  std::string paper;
  {
    auto f = open_foundation(first.path, "", Opening::own);
    ensure_demo(*f, {7, 120});
    paper = keep_paper(*f, f->database->writer(), demo_start());
  }
  const Hash root = root_at(first.path);
  const std::string there = middle.place.shared() ? middle.place.store : middle.place.data.string();
  std::uint64_t copied = 0;
  const auto moved = move_city({first.path.string(), there}, [&](std::uint64_t n, std::uint64_t) { copied = n; });
  CHECK(moved.head.root == root);
  CHECK(copied > 0);
  copy_keys(first.path, middle.place);
  CHECK(root_at(middle.place) == root);
  CHECK(root_at(first.path) == root);

  // Not over what is there, and not from nowhere.
  CHECK(code([&] { move_city({first.path.string(), there}); }) == "move.not_empty");
  CHECK(code([&] { move_city({(first.path / "none").string(), last.path.string()}); }) == "data.not_found");

  // It is served, and moved back with what has happened since.
  Hash since{};
  {
    auto clock = std::make_shared<ManualClock>(demo_start());
    RunningCity city(open_foundation(middle.place, "", Opening::own), clock, true);
    REQUIRE(city.engine().carry_out(command(city, high_voltage(), "after-the-move")).has_value());
  }
  since = root_at(middle.place);
  CHECK(since != root);
  move_city({there, last.path.string()});
  copy_keys(first.path, last.path);
  CHECK(root_at(last.path) == since);
  // A person's files come along, sealed as they were.
  CHECK(kept_paper(*open_foundation(middle.place, "", Opening::read)) == paper);
  CHECK(kept_paper(*open_foundation(last.path, "", Opening::read)) == paper);
}

TEST_CASE("a city is not moved while it is served") {
  const TemporaryFolder first;
  const PlaceForTests target;
  const auto served = open_foundation(first.path, "", Opening::own);
  CHECK(code([&] {
          move_city({first.path.string(), target.place.shared() ? target.place.store : target.place.data.string()});
        }) == "data.in_use");
}

TEST_CASE("a move that was broken off is known for one, whenever it was") {
  const TemporaryFolder first;
  {
    auto f = open_foundation(first.path, "", Opening::own);
    ensure_demo(*f, {7, 120});
  }
  for (const bool while_copying : {true, false}) {
    INFO("while copying: " << while_copying);
    const PlaceForTests target;
    const std::string there = target.place.shared() ? target.place.store : target.place.data.string();
    const OnMoved stop = [](std::uint64_t, std::uint64_t) { throw std::runtime_error("killed"); };
    if (while_copying)
      CHECK_THROWS_AS(move_city({first.path.string(), there}, stop), std::runtime_error);
    else {
      // After the last row, before the verification.
      std::uint64_t last = 0;
      CHECK_THROWS_AS(move_city({first.path.string(), there},
                                [&](std::uint64_t n, std::uint64_t of) {
                                  last = n;
                                  if (of - n < 1000) throw std::runtime_error("killed");
                                }),
                      std::runtime_error);
      CHECK(last > 0);
    }
    copy_keys(first.path, target.place);
    CHECK(code([&] { open_foundation(target.place, "", Opening::own); }) == "move.unfinished");
    CHECK(code([&] { open_foundation(target.place, "", Opening::read); }) == "move.unfinished");
    CHECK(code([&] { move_city({first.path.string(), there}); }) == "move.unfinished");
    const TemporaryFolder other;
    CHECK(code([&] { move_city({there, other.path.string()}); }) == "move.unfinished");
  }
}
