// Addresses from anybody, through the reader of targets and the route table. Whatever comes: no segment that could climb
// out of a folder, no route found that the table does not hold, a parameter for each name; and what is encoded comes back.
#include <algorithm>
#include <cstdint>

#include "check.hpp"
#include "wire/body.hpp"
#include "wire/router.hpp"

using namespace tongdian;
using namespace tongdian::wire;

namespace {

Router make_router() {
  Router router;
  const auto answer = [](const Request&) -> Result<Response> { return no_content(); };
  router.get("/", Access::everyone(), answer);
  router.get("/a", Access::everyone(), answer);
  router.get("/a/{x}", Access::everyone(), answer);
  router.get("/a/b/{y}/c", Access::everyone(), answer);
  router.post("/{x}/b/{y}", Access::everyone(), answer);
  return router;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Router router = make_router();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)language_of(text);
  (void)percent_decoded(text);
  Request request;
  request.headers.add("Cookie", std::string(text));
  (void)request.cookie("a");

  const auto target = read_target(text);
  if (!target) return 0;
  CHECK_ALWAYS(!target->segments.empty());
  for (const auto& segment : target->segments) {
    CHECK_ALWAYS(segment != "." && segment != "..");
    CHECK_ALWAYS(segment.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string::npos);
    CHECK_ALWAYS(is_utf8(segment));
    CHECK_ALWAYS(percent_decoded(percent_encoded(segment)) == segment);
  }
  for (const Method method : {Method::get, Method::post, Method::other}) {
    const auto match = router.find(method, target->segments);
    if (!match.route) continue;
    CHECK_ALWAYS(match.values.size() == match.route->parameters.size());
    CHECK_ALWAYS(std::ranges::none_of(match.values, &std::string::empty));
    CHECK_ALWAYS(router.knows(target->segments));
  }
  return 0;
}
