// CBC encryption of one message, a block after the other. Needs NAME, TARGET and TRANSFORM on 128 bits.

/// Eight rounds, straight on: what the constant-time check reads.
TARGET __attribute__((noinline)) static void NAME(eight_chain_rounds)(__m128i *words, const uint32_t *keys) {
    __m128i a0 = words[0], a1 = words[1], a2 = words[2], a3 = words[3];
#define ROUND(i, p, q, r, s)                                                                                 \
    a##p = _mm_xor_si128(                                                                                    \
        a##p, TRANSFORM(_mm_xor_si128(                                                                       \
                  a##s, _mm_xor_si128(_mm_xor_si128(a##q, a##r), _mm_cvtsi32_si128((int)keys[i])))));
    ROUND(0, 0, 1, 2, 3)
    ROUND(1, 1, 2, 3, 0)
    ROUND(2, 2, 3, 0, 1)
    ROUND(3, 3, 0, 1, 2)
    ROUND(4, 0, 1, 2, 3)
    ROUND(5, 1, 2, 3, 0)
    ROUND(6, 2, 3, 0, 1)
    ROUND(7, 3, 0, 1, 2)
#undef ROUND
    words[0] = a0, words[1] = a1, words[2] = a2, words[3] = a3;
}

TARGET void NAME(shangmi_sm4_chain)(
    const uint32_t *keys, uint8_t *chain, const uint8_t *input, uint8_t *output, size_t count) {
    __m128i block = LOAD_128(chain);
    for (; count > 0; count--) {
        block = _mm_shuffle_epi8(_mm_xor_si128(block, LOAD_128(input)), LOAD_128(swap_bytes));
        // Only the lowest word of each counts.
        __m128i words[4] = {
            block, _mm_shuffle_epi32(block, 1), _mm_shuffle_epi32(block, 2), _mm_shuffle_epi32(block, 3)};
        for (int round = 0; round < 32; round += 8) NAME(eight_chain_rounds)(words, keys + round);
        block = _mm_unpacklo_epi64(
            _mm_unpacklo_epi32(words[3], words[2]), _mm_unpacklo_epi32(words[1], words[0]));
        block = _mm_shuffle_epi8(block, LOAD_128(swap_bytes));
        _mm_storeu_si128((__m128i *)output, block);
        input += 16;
        output += 16;
    }
    _mm_storeu_si128((__m128i *)chain, block);
}
