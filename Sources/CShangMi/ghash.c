#include "CShangMi.h"

#if defined(__x86_64__)

#include <immintrin.h>

// GHASH (NIST SP 800-38D, 6.4) as POLYVAL of the bytes turned round (RFC 8452, appendix A): bits lie as the
// processor multiplies them. A product stands for a·b·x^-128, which is what the
// reduction from below leaves.

#define TARGET __attribute__((target("pclmul,ssse3")))

enum { power_count = 8 };

/// What of x^127 + x^126 + x^121 reaches into the upper half.
static const uint64_t reduction[2] = {0xc200000000000000, 0};
static const uint64_t reversal[2] = {0x08090a0b0c0d0e0f, 0x0001020304050607};

/// A product of 256 bits whose middle isn't added in yet.
struct product {
    __m128i low, middle, high;
};

TARGET static inline __m128i load(const void *place) {
    return _mm_loadu_si128((const __m128i *)place);
}

TARGET static inline __m128i load_reversed(const void *place) {
    return _mm_shuffle_epi8(load(place), load(reversal));
}

/// Both 64-bit halves hold the sum of the two.
TARGET static inline __m128i sum_of_halves(__m128i x) {
    return _mm_xor_si128(x, _mm_shuffle_epi32(x, 0x4e));
}

TARGET static inline void add_product(struct product *sum, __m128i a, __m128i b, __m128i b_halves) {
    sum->low = _mm_xor_si128(sum->low, _mm_clmulepi64_si128(a, b, 0x00));
    sum->high = _mm_xor_si128(sum->high, _mm_clmulepi64_si128(a, b, 0x11));
    sum->middle = _mm_xor_si128(sum->middle, _mm_clmulepi64_si128(sum_of_halves(a), b_halves, 0x00));
}

TARGET static inline __m128i reduce(struct product product) {
    const __m128i middle = _mm_xor_si128(product.middle, _mm_xor_si128(product.low, product.high));
    __m128i low = _mm_xor_si128(product.low, _mm_slli_si128(middle, 8));
    const __m128i high = _mm_xor_si128(product.high, _mm_srli_si128(middle, 8));
    for (int i = 0; i < 2; i++)
        low = _mm_xor_si128(_mm_shuffle_epi32(low, 0x4e), _mm_clmulepi64_si128(low, load(reduction), 0x00));
    return _mm_xor_si128(high, low);
}

TARGET static inline __m128i multiply(__m128i a, __m128i b) {
    struct product product = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    add_product(&product, a, b, sum_of_halves(b));
    return reduce(product);
}

/// x·a, where bit 127 comes round as x^128 = x^127 + x^126 + x^121 + 1.
TARGET static inline __m128i doubled(__m128i a) {
    const __m128i carries = _mm_srli_epi64(a, 63);
    const __m128i shifted = _mm_or_si128(_mm_slli_epi64(a, 1), _mm_slli_si128(carries, 8));
    const __m128i top = _mm_sub_epi64(_mm_setzero_si128(), _mm_unpackhi_epi64(carries, carries));
    return _mm_xor_si128(shifted, _mm_and_si128(top, _mm_set_epi64x((int64_t)reduction[0], 1)));
}

/// H^8 down to H, and behind them the sums of their halves.
TARGET void shangmi_ghash_prepare(uint8_t *table, const uint8_t *h) {
    const __m128i first = doubled(load_reversed(h));
    __m128i power = first;
    for (int i = power_count - 1; i >= 0; i--) {
        _mm_storeu_si128((__m128i *)table + i, power);
        _mm_storeu_si128((__m128i *)table + power_count + i, sum_of_halves(power));
        power = multiply(power, first);
    }
}

/// The last `count` powers on as many blocks.
TARGET static inline __m128i absorb(const __m128i *table, __m128i sum, const uint8_t *blocks, int count) {
    struct product product = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    for (int i = 0; i < count; i++) {
        const int power = power_count - count + i;
        __m128i block = load_reversed(blocks + 16 * i);
        if (i == 0) block = _mm_xor_si128(block, sum);
        add_product(&product, block, load(table + power), load(table + power_count + power));
    }
    return reduce(product);
}

/// Eight blocks, straight on: what the constant-time check reads.
TARGET __attribute__((noinline)) static __m128i ghash_eight(
    const __m128i *table, __m128i sum, const uint8_t *blocks) {
    return absorb(table, sum, blocks, power_count);
}

TARGET __attribute__((noinline)) static __m128i ghash_one(
    const __m128i *table, __m128i sum, const uint8_t *blocks) {
    return absorb(table, sum, blocks, 1);
}

TARGET void shangmi_ghash(const uint8_t *table, uint8_t *sum, const uint8_t *blocks, size_t count) {
    __m128i y = load_reversed(sum);
    for (; count >= power_count; count -= power_count, blocks += 16 * power_count)
        y = ghash_eight((const __m128i *)table, y, blocks);
    for (; count > 0; count--, blocks += 16) y = ghash_one((const __m128i *)table, y, blocks);
    _mm_storeu_si128((__m128i *)sum, _mm_shuffle_epi8(y, load(reversal)));
}

#endif
