#ifndef CSHANGMI_H
#define CSHANGMI_H

#include <stddef.h>
#include <stdint.h>

// Intrinsics for ShangMi, and what Swift can't say. All below the features is there on x86-64 alone, and may
// be called only where the features allow it.

/// Overwrites `count` bytes with zeros, which no optimizer leaves out.
void shangmi_wipe(void *_Nullable bytes, size_t count);

/// Whether the environment has SHANGMI_PORTABLE=1.
int shangmi_portable_is_forced(void);

/// What processor and operating system allow, one bit each.
enum {
    shangmi_feature_aesni = 1,      // AES-NI, SSSE3
    shangmi_feature_vaes = 2,       // AVX2, VAES
    shangmi_feature_gfni = 4,       // AVX2, GFNI
    shangmi_feature_wide_gfni = 8,  // AVX-512 F and BW, GFNI
    shangmi_feature_pclmul = 16,    // PCLMULQDQ, SSSE3
    shangmi_feature_avx2 = 32,
    shangmi_feature_avx512vl = 64,
};
uint32_t shangmi_features(void);

/// SM4 on whole blocks, encryption or decryption as the 32 round keys are ordered. The places are one, or
/// don't overlap.
typedef void shangmi_sm4_blocks(
    const uint32_t *_Nonnull keys, const uint8_t *_Nonnull input, uint8_t *_Nonnull output,
    size_t block_count);
shangmi_sm4_blocks shangmi_sm4_blocks_aesni;
shangmi_sm4_blocks shangmi_sm4_blocks_vaes;
shangmi_sm4_blocks shangmi_sm4_blocks_gfni;
shangmi_sm4_blocks shangmi_sm4_blocks_wide_gfni;

/// The key stream of counter blocks over `byte_count` bytes. The counter is the block's last 32 bits,
/// big-endian, and wraps; the block itself stays as it is. The places are one, or don't overlap.
typedef void shangmi_sm4_counter(
    const uint32_t *_Nonnull keys, const uint8_t *_Nonnull block, const uint8_t *_Nonnull input,
    uint8_t *_Nonnull output, size_t byte_count);
shangmi_sm4_counter shangmi_sm4_counter_aesni;
shangmi_sm4_counter shangmi_sm4_counter_vaes;
shangmi_sm4_counter shangmi_sm4_counter_gfni;
shangmi_sm4_counter shangmi_sm4_counter_wide_gfni;

/// CBC encryption of whole blocks. `chain` is the initialization vector, afterwards the last block.
typedef void shangmi_sm4_chain(
    const uint32_t *_Nonnull keys, uint8_t *_Nonnull chain, const uint8_t *_Nonnull input,
    uint8_t *_Nonnull output, size_t block_count);
shangmi_sm4_chain shangmi_sm4_chain_aesni;
shangmi_sm4_chain shangmi_sm4_chain_gfni;

/// The size of the table for GHASH in bytes: eight powers of H and the sums of their halves.
enum { shangmi_ghash_table_size = 256 };

void shangmi_ghash_prepare(uint8_t *_Nonnull table, const uint8_t *_Nonnull h);
/// `sum` is 16 bytes: the hash so far, and afterwards with the blocks.
void shangmi_ghash(
    const uint8_t *_Nonnull table, uint8_t *_Nonnull sum, const uint8_t *_Nonnull blocks, size_t block_count);

/// SM3 of `block_count` blocks in each of eight messages at once. Word i of message j is `words[8 * i + j]`.
typedef void shangmi_sm3_lanes(
    uint32_t *_Nonnull words, const uint8_t *_Nonnull const *_Nonnull messages, size_t block_count);
shangmi_sm3_lanes shangmi_sm3_lanes_avx2;
shangmi_sm3_lanes shangmi_sm3_lanes_avx512vl;

#endif
