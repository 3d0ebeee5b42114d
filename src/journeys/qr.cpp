// GET /api/v1/cases/{number}/qr.svg: the case's public address as a QR code, for a receipt on paper.
#include "journeys/qr.hpp"

#include <qrencode.h>

#include <memory>

#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

/// Where the reader's browser reached this house: the host that it named, over TLS behind a proxy. A host with other characters
/// than a host has is left out, so that nobody prints an address of their making.
std::string address_of(const City& city, const wire::Request& request) {
  const std::string host(request.headers.get("Host"));
  constexpr std::string_view admitted = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
  if (host.empty() || host.size() > 200 || host.find_first_not_of(admitted) != std::string::npos) return "";
  return (city.secure_cookies ? "https://" : "http://") + host;
}

/// One path of unit squares with the quiet zone of four modules that readers ask for (ISO/IEC 18004).
std::string svg_of(const QRcode& code) {
  constexpr int quiet = 4;
  const int side = code.width + 2 * quiet;
  std::string out = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + std::to_string(side) + " " +
                    std::to_string(side) + R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" +
                    std::to_string(side) + "v" + std::to_string(side) + "H0z\"/><path d=\"";
  for (int y = 0; y < code.width; ++y)
    for (int x = 0; x < code.width; ++x)
      if (code.data[y * code.width + x] & 1)
        out += "M" + std::to_string(x + quiet) + " " + std::to_string(y + quiet) + "h1v1h-1z";
  return out + "\"/></svg>";
}

Result<wire::Response> qr(const City& city, const wire::Request& request) {
  const std::string number(request.parameter("number"));
  // Whether there is such a case is not told: any number that looks like one gets its code.
  const bool is_number =
      number.size() <= 40 && number.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string::npos;
  if (!is_number) return not_found();
  const std::string text = address_of(city, request) + "/track?number=" + number;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                             &QRcode_free);
  if (!code) throw std::bad_alloc();
  wire::Response response;
  response.content_type = "image/svg+xml";
  response.body = svg_of(*code);
  return wire::with_etag(request, std::move(response));
}

}  // namespace

void add_qr(wire::Router& router, City& city) {
  router.get("/api/v1/cases/{number}/qr.svg", wire::Access::everyone(),
             [&city](const wire::Request& request) { return qr(city, request); });
}

}  // namespace tongdian::journeys
