# gzip, streamed. Other encodings than UTF-8 are glibc's iconv.
find_package(ZLIB REQUIRED)
target_link_libraries(mining PRIVATE ZLIB::ZLIB)
