#include "base/file_digest.hpp"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <stdexcept>

namespace tongdian {

Result<Hash> sha256_of_file(const std::filesystem::path& path) {
  const auto unreadable = [&] {
    Problem p = failure("file.unreadable",
                        {"无法读取文件 " + path.string(), "file " + path.string() + " cannot be read to its end"});
    p.path = path.string();
    return p;
  };
  std::ifstream in(path, std::ios::binary);
  if (!in) return unreadable();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  std::string piece(1 << 20, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad() || !in.eof()) return unreadable();
  Hash out{};
  EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  return out;
}

}  // namespace tongdian
