// SM4 over vectors of some width, included once for each. Needs:
//   NAME(x)                      the function's name for this width
//   TARGET, TRANSFORM            of sm4_transform.h
//   VECTOR, WORD_COUNT           the type, and its size in words
//   SET_COUNT                    how many sets of four vectors go through the rounds at a time
//   OP(x)                        the intrinsic for integers of this width, such as _mm256_##x
//   XOR, LOADU, STOREU, CONSTANT
//
// Vector i of a set holds word i of as many blocks as it has words. There is more than one set because one
// alone waits for its own results.

#include <string.h>

enum { NAME(block_count) = SET_COUNT * WORD_COUNT, NAME(byte_count) = 16 * NAME(block_count) };

/// Eight rounds, straight on: what the constant-time check reads.
TARGET __attribute__((noinline)) static void NAME(eight_rounds)(VECTOR *words, const uint32_t *keys) {
    VECTOR x[4 * SET_COUNT];
    for (int i = 0; i < 4 * SET_COUNT; i++) x[i] = words[i];
#define ROUND(i, p, q, r, s)                                                                                 \
    {                                                                                                        \
        const VECTOR key = OP(set1_epi32)((int)keys[i]);                                                     \
        _Pragma("clang loop unroll(full)") for (VECTOR *y = x; y < x + 4 * SET_COUNT; y += 4)                \
            y[p] = XOR(y[p], TRANSFORM(XOR(XOR(y[q], y[r]), XOR(y[s], key))));                               \
    }
    ROUND(0, 0, 1, 2, 3)
    ROUND(1, 1, 2, 3, 0)
    ROUND(2, 2, 3, 0, 1)
    ROUND(3, 3, 0, 1, 2)
    ROUND(4, 0, 1, 2, 3)
    ROUND(5, 1, 2, 3, 0)
    ROUND(6, 2, 3, 0, 1)
    ROUND(7, 3, 0, 1, 2)
#undef ROUND
    for (int i = 0; i < 4 * SET_COUNT; i++) words[i] = x[i];
}

/// Four vectors of blocks into four of words, or back: within 128 bits, rows and columns change places.
TARGET static inline void NAME(transpose)(VECTOR *x) {
    const VECTOR a = OP(unpacklo_epi32)(x[0], x[1]), b = OP(unpackhi_epi32)(x[0], x[1]);
    const VECTOR c = OP(unpacklo_epi32)(x[2], x[3]), d = OP(unpackhi_epi32)(x[2], x[3]);
    x[0] = OP(unpacklo_epi64)(a, c), x[1] = OP(unpackhi_epi64)(a, c);
    x[2] = OP(unpacklo_epi64)(b, d), x[3] = OP(unpackhi_epi64)(b, d);
}

/// All rounds, and the words into blocks again.
TARGET static inline void NAME(finish)(VECTOR *words, const uint32_t *keys) {
    for (int round = 0; round < 32; round += 8) NAME(eight_rounds)(words, keys + round);
    for (int set = 0; set < 4 * SET_COUNT; set += 4) {
        VECTOR blocks[4] = {words[set + 3], words[set + 2], words[set + 1], words[set]};
        NAME(transpose)(blocks);
        for (int i = 0; i < 4; i++) words[set + i] = OP(shuffle_epi8)(blocks[i], CONSTANT(swap_bytes));
    }
}

TARGET static inline void NAME(run)(const uint32_t *keys, const uint8_t *input, uint8_t *output) {
    VECTOR words[4 * SET_COUNT];
    for (int i = 0; i < 4 * SET_COUNT; i++)
        words[i] = OP(shuffle_epi8)(LOADU(input + i * sizeof(VECTOR)), CONSTANT(swap_bytes));
    for (int set = 0; set < 4 * SET_COUNT; set += 4) NAME(transpose)(words + set);
    NAME(finish)(words, keys);
    for (int i = 0; i < 4 * SET_COUNT; i++) STOREU(output + i * sizeof(VECTOR), words[i]);
}

TARGET void NAME(shangmi_sm4_blocks)(
    const uint32_t *keys, const uint8_t *input, uint8_t *output, size_t count) {
    for (; count >= NAME(block_count); count -= NAME(block_count)) {
        NAME(run)(keys, input, output);
        input += NAME(byte_count);
        output += NAME(byte_count);
    }
    if (count == 0) return;
    uint8_t rest[NAME(byte_count)];
    memcpy(rest, input, 16 * count);
    memset(rest + 16 * count, 0, sizeof rest - 16 * count);
    NAME(run)(keys, rest, rest);
    memcpy(output, rest, 16 * count);
}

/// The key stream of the next counters; they needn't be brought into words, being alike in three of four.
TARGET static inline void NAME(stream)(
    VECTOR *words, const uint32_t *keys, const uint32_t *block, uint32_t counter) {
    // Word 4i + j of a vector ends in vector j of the blocks, as its block i.
    uint32_t offsets[WORD_COUNT];
    for (uint32_t i = 0; i < WORD_COUNT; i++) offsets[i] = counter + i % 4 * (WORD_COUNT / 4) + i / 4;
    for (int set = 0; set < SET_COUNT; set++) {
        for (int i = 0; i < 3; i++) words[4 * set + i] = OP(set1_epi32)((int)block[i]);
        words[4 * set + 3] = OP(add_epi32)(LOADU(offsets), OP(set1_epi32)(set * WORD_COUNT));
    }
    NAME(finish)(words, keys);
}

TARGET void NAME(shangmi_sm4_counter)(
    const uint32_t *keys, const uint8_t *block, const uint8_t *input, uint8_t *output, size_t count) {
    uint32_t first[4];
    memcpy(first, block, sizeof first);
    for (int i = 0; i < 4; i++) first[i] = __builtin_bswap32(first[i]);
    VECTOR words[4 * SET_COUNT];
    uint32_t counter = first[3];
    for (; count >= NAME(byte_count); count -= NAME(byte_count)) {
        NAME(stream)(words, keys, first, counter);
        for (int i = 0; i < 4 * SET_COUNT; i++)
            STOREU(output + i * sizeof(VECTOR), XOR(words[i], LOADU(input + i * sizeof(VECTOR))));
        counter += NAME(block_count);
        input += NAME(byte_count);
        output += NAME(byte_count);
    }
    if (count == 0) return;
    NAME(stream)(words, keys, first, counter);
    uint8_t rest[NAME(byte_count)];
    memcpy(rest, words, sizeof rest);
    for (size_t i = 0; i < count; i++) output[i] = input[i] ^ rest[i];
}
