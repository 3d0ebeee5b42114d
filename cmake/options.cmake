# A bug is an assert that stops the program, in service too: Release is optimised and keeps its asserts.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

# Compiler and linker options of every target.
add_library(tongdian_options INTERFACE)
target_compile_options(tongdian_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wno-sign-conversion -Wno-missing-field-initializers)
target_include_directories(tongdian_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(tongdian_options INTERFACE TONGDIAN_VERSION="${PROJECT_VERSION}")
target_link_libraries(tongdian_options INTERFACE Boost::json Threads::Threads)

# ccache and mold shorten the loop where the machine has them; neither is required.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(tongdian_options INTERFACE -fuse-ld=mold)
endif()

if(TONGDIAN_SANITIZE)
  target_compile_options(tongdian_options INTERFACE -fsanitize=${TONGDIAN_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(tongdian_options INTERFACE -fsanitize=${TONGDIAN_SANITIZE})
endif()
