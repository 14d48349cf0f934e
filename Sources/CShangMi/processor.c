#include "CShangMi.h"

#include <stdlib.h>
#include <string.h>

int shangmi_portable_is_forced(void) {
    const char *value = getenv("SHANGMI_PORTABLE");
    return value != NULL && strcmp(value, "1") == 0;
}

#if defined(__x86_64__)

#include <cpuid.h>

enum { state_avx = 0x06, state_avx512 = 0xe6 };

/// Which registers the operating system saves when it switches tasks.
static uint64_t saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

uint32_t shangmi_features(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
    const int ssse3 = c >> 9 & 1, aes = c >> 25 & 1, pclmul = c >> 1 & 1;
    const int osxsave = c >> 27 & 1, avx = c >> 28 & 1;
    uint32_t features = 0;
    if (ssse3 && aes) features |= shangmi_feature_aesni;
    if (ssse3 && pclmul) features |= shangmi_feature_pclmul;

    const uint64_t saved = osxsave ? saved_state() : 0;
    if (!avx || (saved & state_avx) != state_avx || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
    const int avx2 = b >> 5 & 1, gfni = c >> 8 & 1, vaes = c >> 9 & 1;
    const int avx512f = b >> 16 & 1, avx512bw = b >> 30 & 1, avx512vl = b >> 31 & 1;
    if (avx2) features |= shangmi_feature_avx2;
    if (avx2 && vaes && ssse3 && aes) features |= shangmi_feature_vaes;
    if (avx2 && gfni) features |= shangmi_feature_gfni;
    if (!avx2 || !avx512f || (saved & state_avx512) != state_avx512) return features;
    if (avx512bw && gfni) features |= shangmi_feature_wide_gfni;
    if (avx512vl) features |= shangmi_feature_avx512vl;
    return features;
}

#else

uint32_t shangmi_features(void) {
    return 0;
}

#endif
