find_package(spdlog REQUIRED)
target_link_libraries(app PUBLIC spdlog::spdlog)
