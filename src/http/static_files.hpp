// The web's files, served by the program itself out of one folder.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "wire/message.hpp"

namespace tongdian::http {

/// Files stay in memory and are read again when their time of change moves. `NAME.br` and `NAME.gz` beside a file go to
/// those who accept them. Files below /assets/ carry a hash in their name and may be kept for ever; all others are asked
/// for again by their ETag. An address without a dot in its last segment is a page of the web's own router: index.html.
/// Hidden files (a segment that begins with a dot) and links that lead out of the folder do not exist. Thread-safe.
class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path root);
  ~StaticFiles();

  /// For GET and HEAD; 405 for other methods, 404 where there is no file.
  [[nodiscard]] wire::Response serve(const wire::Request& request) const;

  /// The file's bytes as they are; null where there is none of this name. For index.html, into which a page's words are put, and
  /// for plain/NAME.zh.html, words that never change.
  [[nodiscard]] std::shared_ptr<const std::string> bytes_of(const std::string& name) const;

 private:
  struct File;
  using FilePtr = std::shared_ptr<const File>;
  [[nodiscard]] FilePtr find(const std::string& name) const;
  [[nodiscard]] FilePtr load(const std::string& name, std::filesystem::file_time_type changed) const;

  std::filesystem::path root_;
  mutable std::shared_mutex guard_;
  mutable std::unordered_map<std::string, FilePtr> cache_;
};

/// By the name's ending; application/octet-stream for endings that we do not serve.
std::string_view content_type_of(std::string_view name);

}  // namespace tongdian::http
