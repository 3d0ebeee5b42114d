// Where a log's bytes come from: a file, standard input, memory; through gzip where the bytes say so, whatever the name says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace tongdian::mining {

class Bytes {
 public:
  virtual ~Bytes() = default;
  /// Up to `room` bytes; 0 at the end alone. Throws ProblemError: `file.unreadable`, `mine.broken_gzip`.
  virtual std::size_t read(char* to, std::size_t room) = 0;
};

/// "-" is standard input. Throws `file.unreadable`.
std::unique_ptr<Bytes> open_bytes(const std::filesystem::path& path);
/// `text` must outlive it.
std::unique_ptr<Bytes> bytes_of(std::string_view text);
/// Tells how many bytes have been read so far, once a call.
std::unique_ptr<Bytes> watched(std::unique_ptr<Bytes> from, std::function<void(std::uint64_t)> progress);
/// gzip members one behind the other (RFC 1952) become their contents; other bytes stay as they are. Zeros behind the last
/// member are padding; anything else there, and a member that is cut short or damaged, is `mine.broken_gzip`, after all that
/// could be read has been given out.
std::unique_ptr<Bytes> unpacked(std::unique_ptr<Bytes> from);

}  // namespace tongdian::mining
