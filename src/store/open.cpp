#include "store/open.hpp"

#include "store/postgres.hpp"
#include "store/sqlite.hpp"

namespace tongdian::store {

bool is_postgres(std::string_view address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

std::unique_ptr<Database> open_store(const StoreOptions& options) {
  if (is_postgres(options.address)) return open_postgres({options.address, options.read_only, options.readers});
  return open_sqlite({options.address, options.read_only, options.readers});
}

}  // namespace tongdian::store
