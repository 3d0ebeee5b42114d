# KLU, the sparse LU of circuit matrices, for meshed parts; SuiteSparse ships no CMake files in Debian 12.
find_library(KLU klu REQUIRED)
find_path(KLU_INCLUDE klu.h PATH_SUFFIXES suitesparse REQUIRED)
target_include_directories(grid SYSTEM PRIVATE ${KLU_INCLUDE})
target_link_libraries(grid PRIVATE ${KLU})
# The XML of CIM, read as a stream.
find_package(EXPAT REQUIRED)
target_link_libraries(grid PRIVATE EXPAT::EXPAT)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64|AMD64")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/grid/scenario_pass_avx2.cpp PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
endif()
