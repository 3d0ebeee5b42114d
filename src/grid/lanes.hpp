// Where a loop is compiled twice, for every x86-64 and for those with AVX2 and FMA, and chosen at the start of the program.
// Sanitizers and other compilers take the plain one.
#pragma once

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TONGDIAN_LANES __attribute__((target_clones("arch=haswell", "default")))
#else
#define TONGDIAN_LANES
#endif
