// The round transformation T of GB/T 32907-2016, 6.2, on words that lie in vectors, without a table in
// memory: a vector instruction's time doesn't depend on its bytes.
//
// SM4's S-box is two affine maps with the inversion of a field between them, and AES's field is the same up
// to an isomorphism. So the first map goes into AES's field (and is the first of the two matrices or pairs
// of nibble tables below), and the second comes back.

#ifndef SM4_TRANSFORM_H
#define SM4_TRANSFORM_H

#include <immintrin.h>
#include <stdint.h>

enum { gfni_in_constant = 0x3e, gfni_out_constant = 0xd3 };
static const uint64_t gfni_in = 0x4c287db91a22505d, gfni_out = 0xf3ab34a974a6b589;

// Tables of the low and the high nibble; the constants of the affine maps are in the low ones. `out` undoes
// the affine map of AES's S-box as well.
static const uint64_t nibble_in_low[2] = {0x078b37bb820eb23e, 0x9814a8241d912da1};
static const uint64_t nibble_in_high[2] = {0x37eb19c5f22edc00, 0x3fe311cdfa26d408};
static const uint64_t nibble_out_low[2] = {0x2098ea521ea6d46c, 0x47ff8d3579c1b30b};
static const uint64_t nibble_out_high[2] = {0x2dcd7d9db050e000, 0xed0dbd5d709020c0};

// Words turned to the left by 0…3 bytes.
static const uint64_t turn_1[2] = {0x0605040702010003, 0x0e0d0c0f0a09080b};
static const uint64_t turn_2[2] = {0x0504070601000302, 0x0d0c0f0e09080b0a};
static const uint64_t turn_3[2] = {0x0407060500030201, 0x0c0f0e0d080b0a09};
// The same, and AES's ShiftRows undone.
static const uint64_t unshift_0[2] = {0x0b0e0104070a0d00, 0x0306090c0f020508};
static const uint64_t unshift_1[2] = {0x0e01040b0a0d0007, 0x06090c030205080f};
static const uint64_t unshift_2[2] = {0x01040b0e0d00070a, 0x090c030605080f02};
static const uint64_t unshift_3[2] = {0x040b0e0100070a0d, 0x0c030609080f0205};
// Big-endian words.
static const uint64_t swap_bytes[2] = {0x0405060700010203, 0x0c0d0e0f08090a0b};

#define TARGET_AESNI __attribute__((target("aes,ssse3")))
#define TARGET_VAES __attribute__((target("avx2,vaes")))
#define TARGET_GFNI __attribute__((target("avx2,gfni")))
#define TARGET_WIDE_GFNI __attribute__((target("avx512f,avx512bw,gfni")))

#define LOAD_128(x) _mm_loadu_si128((const __m128i *)(x))
#define LOAD_256(x) _mm256_broadcastsi128_si256(LOAD_128(x))
#define LOAD_512(x) _mm512_broadcast_i32x4(LOAD_128(x))

/// x ^ (x <<< 24) ^ ((x ^ (x <<< 8) ^ (x <<< 16)) <<< 2), from x turned by 0…3 bytes.
#define LINEAR(xor, left, right, or, x0, x1, x2, x3, s)                                                      \
    (s = xor(xor(x0, x1), x2), xor(xor(x0, x3), or(left(s, 2), right(s, 30))))

TARGET_AESNI static inline __m128i transform_aesni(__m128i x) {
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i low = _mm_and_si128(x, nibble), high = _mm_and_si128(_mm_srli_epi32(x, 4), nibble), s;
    x = _mm_xor_si128(
        _mm_shuffle_epi8(LOAD_128(nibble_in_low), low), _mm_shuffle_epi8(LOAD_128(nibble_in_high), high));
    x = _mm_aesenclast_si128(x, _mm_setzero_si128());
    low = _mm_and_si128(x, nibble);
    high = _mm_and_si128(_mm_srli_epi32(x, 4), nibble);
    x = _mm_xor_si128(
        _mm_shuffle_epi8(LOAD_128(nibble_out_low), low), _mm_shuffle_epi8(LOAD_128(nibble_out_high), high));
    return LINEAR(
        _mm_xor_si128, _mm_slli_epi32, _mm_srli_epi32, _mm_or_si128, _mm_shuffle_epi8(x, LOAD_128(unshift_0)),
        _mm_shuffle_epi8(x, LOAD_128(unshift_1)), _mm_shuffle_epi8(x, LOAD_128(unshift_2)),
        _mm_shuffle_epi8(x, LOAD_128(unshift_3)), s);
}

TARGET_VAES static inline __m256i transform_vaes(__m256i x) {
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i low = _mm256_and_si256(x, nibble), high = _mm256_and_si256(_mm256_srli_epi32(x, 4), nibble), s;
    x = _mm256_xor_si256(
        _mm256_shuffle_epi8(LOAD_256(nibble_in_low), low),
        _mm256_shuffle_epi8(LOAD_256(nibble_in_high), high));
    x = _mm256_aesenclast_epi128(x, _mm256_setzero_si256());
    low = _mm256_and_si256(x, nibble);
    high = _mm256_and_si256(_mm256_srli_epi32(x, 4), nibble);
    x = _mm256_xor_si256(
        _mm256_shuffle_epi8(LOAD_256(nibble_out_low), low),
        _mm256_shuffle_epi8(LOAD_256(nibble_out_high), high));
    return LINEAR(
        _mm256_xor_si256, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_or_si256,
        _mm256_shuffle_epi8(x, LOAD_256(unshift_0)), _mm256_shuffle_epi8(x, LOAD_256(unshift_1)),
        _mm256_shuffle_epi8(x, LOAD_256(unshift_2)), _mm256_shuffle_epi8(x, LOAD_256(unshift_3)), s);
}

TARGET_GFNI static inline __m128i transform_short_gfni(__m128i x) {
    __m128i s;
    x = _mm_gf2p8affine_epi64_epi8(x, _mm_set1_epi64x((int64_t)gfni_in), gfni_in_constant);
    x = _mm_gf2p8affineinv_epi64_epi8(x, _mm_set1_epi64x((int64_t)gfni_out), gfni_out_constant);
    return LINEAR(
        _mm_xor_si128, _mm_slli_epi32, _mm_srli_epi32, _mm_or_si128, x, _mm_shuffle_epi8(x, LOAD_128(turn_1)),
        _mm_shuffle_epi8(x, LOAD_128(turn_2)), _mm_shuffle_epi8(x, LOAD_128(turn_3)), s);
}

TARGET_GFNI static inline __m256i transform_gfni(__m256i x) {
    __m256i s;
    x = _mm256_gf2p8affine_epi64_epi8(x, _mm256_set1_epi64x((int64_t)gfni_in), gfni_in_constant);
    x = _mm256_gf2p8affineinv_epi64_epi8(x, _mm256_set1_epi64x((int64_t)gfni_out), gfni_out_constant);
    return LINEAR(
        _mm256_xor_si256, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_or_si256, x,
        _mm256_shuffle_epi8(x, LOAD_256(turn_1)), _mm256_shuffle_epi8(x, LOAD_256(turn_2)),
        _mm256_shuffle_epi8(x, LOAD_256(turn_3)), s);
}

TARGET_WIDE_GFNI static inline __m512i transform_wide_gfni(__m512i x) {
    __m512i s;
    x = _mm512_gf2p8affine_epi64_epi8(x, _mm512_set1_epi64((int64_t)gfni_in), gfni_in_constant);
    x = _mm512_gf2p8affineinv_epi64_epi8(x, _mm512_set1_epi64((int64_t)gfni_out), gfni_out_constant);
    return LINEAR(
        _mm512_xor_si512, _mm512_slli_epi32, _mm512_srli_epi32, _mm512_or_si512, x,
        _mm512_shuffle_epi8(x, LOAD_512(turn_1)), _mm512_shuffle_epi8(x, LOAD_512(turn_2)),
        _mm512_shuffle_epi8(x, LOAD_512(turn_3)), s);
}

#endif
