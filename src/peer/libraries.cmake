find_package(CURL 7.88 REQUIRED)
target_link_libraries(peer PRIVATE CURL::libcurl)
