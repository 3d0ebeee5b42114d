// What a fuzz target believes: like assert, in every build.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CHECK_ALWAYS(claim)                                                    \
  do {                                                                         \
    if (!(claim)) {                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim); \
      std::abort();                                                            \
    }                                                                          \
  } while (false)
