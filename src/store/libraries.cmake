target_link_libraries(store PUBLIC SQLite::SQLite3 PRIVATE PkgConfig::libpq)
