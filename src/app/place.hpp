// Where a city's data are: a folder with its keys and calendars, and a database, in that folder or elsewhere.
#pragma once

#include <CLI/CLI.hpp>
#include <concepts>
#include <filesystem>
#include <string>
#include <utility>

#include "store/open.hpp"

namespace tongdian::app {

inline constexpr const char* default_data = "tongdian-data";

struct Place {
  std::filesystem::path data = default_data;
  std::string store;  ///< postgresql://…; empty: DATA/city.db

  Place() = default;
  /// A folder with everything in it.
  template <class Folder>
  requires std::convertible_to<Folder, std::filesystem::path> Place(Folder&& folder, std::string address = {})
      : data(std::forward<Folder>(folder)), store(std::move(address)) {}

  [[nodiscard]] std::string address() const { return store.empty() ? (data / "city.db").string() : store; }
  /// On a server of its own, which several nodes may share; otherwise one program has the folder to itself.
  [[nodiscard]] bool shared() const { return store::is_postgres(address()); }
};

/// `--data` and `--store`, the same for every command.
inline void add_place(CLI::App& command, Place& place) {
  command.add_option("--data", place.data, "Data folder: keys, calendars and, without --store, the database")
      ->default_str(default_data);
  command.add_option("--store", place.store,
                     "Database: postgresql://USER@HOST/NAME (password by ~/.pgpass); without it DATA/city.db");
}

}  // namespace tongdian::app
