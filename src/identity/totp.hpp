// Time-based one-time passwords, RFC 6238 with HMAC-SHA-1, 30 seconds, six digits: what every authenticator app speaks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/digest.hpp"

namespace tongdian::identity::totp {

/// RFC 4226 4: at least 128 bits, 160 recommended.
inline constexpr std::size_t secret_size = 20;

std::int64_t step_of(Instant t);
/// `digits` 6 to 8, with leading zeros.
std::string code(ByteView secret, std::int64_t step, int digits = 6);

/// The step that the code is of: that of now, or a neighbour, for a phone's clock is not ours; only steps after `last`, so
/// that no code is taken twice. Blanks in the code are ignored. Every candidate is compared in the same time.
std::optional<std::int64_t> match(ByteView secret, std::string_view code, Instant now, std::int64_t last);

/// RFC 4648 without padding.
std::string base32(ByteView bytes);
/// otpauth://totp/… as authenticators scan it.
std::string uri(std::string_view issuer, std::string_view user, ByteView secret);

}  // namespace tongdian::identity::totp
