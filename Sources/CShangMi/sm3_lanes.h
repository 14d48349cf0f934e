// SM3's compression (GB/T 32905-2016, 5.3) on eight messages, a lane for each. Needs NAME and TARGET; the
// compiler finds turns and sums of three in the target's instructions by itself.

#include <immintrin.h>
#include <string.h>

typedef uint32_t NAME(lanes) __attribute__((vector_size(32)));
#define LANES NAME(lanes)

#define TURN(x, n) ((x) << (n) | (x) >> (32 - (n)))

/// Eight times 32 bytes, one from each message, into eight words of all messages; big-endian.
TARGET static inline void NAME(load)(LANES *w, const uint8_t *const *messages, size_t offset) {
    __m256i x[8], y[8];
    const __m256i swap = _mm256_broadcastsi128_si256(
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    for (int i = 0; i < 8; i++)
        x[i] = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(messages[i] + offset)), swap);
    for (int i = 0; i < 8; i += 2) {
        y[i] = _mm256_unpacklo_epi32(x[i], x[i + 1]);
        y[i + 1] = _mm256_unpackhi_epi32(x[i], x[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        x[i] = _mm256_unpacklo_epi64(y[i], y[i + 2]);
        x[i + 1] = _mm256_unpackhi_epi64(y[i], y[i + 2]);
        x[i + 2] = _mm256_unpacklo_epi64(y[i + 1], y[i + 3]);
        x[i + 3] = _mm256_unpackhi_epi64(y[i + 1], y[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        w[i] = (LANES)_mm256_permute2x128_si256(x[i], x[i + 4], 0x20);
        w[i + 4] = (LANES)_mm256_permute2x128_si256(x[i], x[i + 4], 0x31);
    }
}

#define ROUND(early, a, b, c, d, e, f, g, h, i)                                                              \
    do {                                                                                                     \
        const LANES turned = TURN(a, 12), ss1 = TURN(turned + e + constants[round + i], 7);                  \
        const LANES ff = early ? a ^ b ^ c : ((a | b) & c) | (a & b);                                        \
        const LANES gg = early ? e ^ f ^ g : ((f ^ g) & e) ^ g;                                              \
        const LANES tt1 = ff + d + (ss1 ^ turned) + (w[i] ^ w[i + 4]), tt2 = gg + h + ss1 + w[i];            \
        b = TURN(b, 9), f = TURN(f, 19), d = tt1, h = tt2 ^ TURN(tt2, 9) ^ TURN(tt2, 17);                    \
    } while (0)

#define FOUR_ROUNDS(early)                                                                                   \
    do {                                                                                                     \
        ROUND(early, a, b, c, d, e, f, g, h, 0);                                                             \
        ROUND(early, d, a, b, c, h, e, f, g, 1);                                                             \
        ROUND(early, c, d, a, b, g, h, e, f, 2);                                                             \
        ROUND(early, b, c, d, a, f, g, h, e, 3);                                                             \
    } while (0)

TARGET static inline void NAME(expand)(LANES *w) {
    for (int i = 16; i < 20; i++) {
        const LANES x = w[i - 16] ^ w[i - 9] ^ TURN(w[i - 3], 15);
        w[i] = x ^ TURN(x, 15) ^ TURN(x, 23) ^ TURN(w[i - 13], 7) ^ w[i - 6];
    }
}

TARGET void NAME(shangmi_sm3_lanes)(uint32_t *words, const uint8_t *const *messages, size_t count) {
    uint32_t constants[64];
    for (int i = 0; i < 64; i++) {
        const uint32_t t = i < 16 ? 0x79cc4519 : 0x7a879d8a;
        constants[i] = t << i % 32 | (uint32_t)((uint64_t)t >> (32 - i % 32));
    }
    LANES v[8];
    memcpy(v, words, sizeof v);
    for (size_t offset = 0; offset < 64 * count; offset += 64) {
        LANES schedule[68], a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
        NAME(load)(schedule, messages, offset);
        NAME(load)(schedule + 8, messages, offset + 32);
        LANES *w = schedule;
        int round = 0;
        for (; round < 16; round += 4, w += 4) {
            NAME(expand)(w);
            FOUR_ROUNDS(1);
        }
        for (; round < 64; round += 4, w += 4) {
            if (round < 52) NAME(expand)(w);
            FOUR_ROUNDS(0);
        }
        v[0] ^= a, v[1] ^= b, v[2] ^= c, v[3] ^= d, v[4] ^= e, v[5] ^= f, v[6] ^= g, v[7] ^= h;
    }
    memcpy(words, v, sizeof v);
}
