// A receipt: what a customer takes away to prove, years later and without this program's data, that the city recorded their
// case. It holds the events' bytes, their paths to a signed head, that head, and the chain of keys up to the one in force.
#pragma once

#include "journal/heads.hpp"
#include "journal/verify.hpp"

namespace tongdian::journal {

/// The receipt of the stream KIND/NUMBER as it stands at the latest head; `last` is the position of its last event.
json::Object make_receipt(store::Session& session, std::string_view number, std::uint64_t last);

struct ReceiptReport {
  std::string number, log, suite, key_id, signed_at;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> positions;
  std::vector<Problem> wrong;  ///< `receipt.form|key|head|event|path`; `path` is a JSON pointer to the part
};

/// Pure: bytes in, verdict out. `trusted_key` is a public key (hex) that the reader knows from elsewhere: the first one of
/// the city, or any later one; the receipt's keys must contain it. Without it the receipt vouches for itself only.
ReceiptReport check_receipt(std::string_view text, std::string_view trusted_key = {});

}  // namespace tongdian::journal
