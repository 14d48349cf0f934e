#include "CShangMi.h"

#if defined(__x86_64__)

#define NAME(x) x##_avx2
#define TARGET __attribute__((target("avx2")))

#include "sm3_lanes.h"

#endif
