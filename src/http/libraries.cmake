find_package(spdlog REQUIRED)
target_link_libraries(http PRIVATE spdlog::spdlog)
# Asio and Beast are compiled once, in network_library.cpp; whoever includes them must agree on that.
target_compile_definitions(http PRIVATE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_VISIBILITY)
# Their templates take minutes under UBSan, and their warnings are not ours to mend.
if(TONGDIAN_SANITIZE MATCHES "undefined")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/http/network_library.cpp ${CMAKE_SOURCE_DIR}/src/http/connection.cpp
    ${CMAKE_SOURCE_DIR}/src/http/request_reader.cpp ${CMAKE_SOURCE_DIR}/src/http/loop.cpp ${CMAKE_SOURCE_DIR}/src/http/server.cpp
    PROPERTIES COMPILE_OPTIONS -fno-sanitize=undefined)
endif()
