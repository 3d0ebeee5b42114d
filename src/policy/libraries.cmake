target_link_libraries(policy PRIVATE yaml-cpp)
