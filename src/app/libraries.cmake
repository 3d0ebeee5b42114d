find_package(spdlog REQUIRED)
target_link_libraries(app PUBLIC spdlog::spdlog)
target_link_libraries(app PRIVATE PkgConfig::prometheus)
# Backups as one file.
find_package(LibArchive REQUIRED)
target_link_libraries(app PRIVATE LibArchive::LibArchive)
