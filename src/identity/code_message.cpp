#include "identity/code_message.hpp"

#include "base/json.hpp"
#include "identity/sealing.hpp"

namespace tongdian::identity {
namespace {

constexpr std::string_view purpose = "code message";

}  // namespace

void post_code(store::Session& writer, const journal::Vault& vault, Random& random, const CodeMessage& message) {
  const std::string plain = message.phone + "\n" + message.code;
  const auto payload =
      json::canonical(json::Object{{"sealed", to_hex(seal(vault, random, purpose, "", bytes_of(plain)))}});
  // Rows of events have positive ids; these are negative, and so come first.
  const auto bits = random.array<7>();
  std::int64_t id = -1;
  for (const auto byte : bits) id = id * 256 - byte;
  writer.run("INSERT INTO outbox (id, topic, stream, payload) VALUES ($1, $2, 0, $3)",
             {id, code_topic, std::string_view(payload)});
}

CodeMessage read_code(const journal::Vault& vault, std::string_view payload) {
  const auto value = json::parse(payload).value();
  const auto sealed = from_hex(value.at("sealed").as_string());
  const Bytes plain = unseal(vault, purpose, "", sealed ? ByteView(*sealed) : ByteView());
  const auto text = text_of(plain);
  const auto line = text.find('\n');
  return {std::string(text.substr(0, line)), std::string(text.substr(line + 1))};
}

}  // namespace tongdian::identity
