#include "CShangMi.h"

#if defined(__x86_64__)

#define NAME(x) x##_avx512vl
#define TARGET __attribute__((target("avx2,avx512f,avx512vl")))

#include "sm3_lanes.h"

#endif
