#include "CShangMi.h"

#if defined(__x86_64__)

#include "sm4_transform.h"

#define NAME(x) x##_aesni
#define TARGET TARGET_AESNI
#define TRANSFORM transform_aesni
#define VECTOR __m128i
#define WORD_COUNT 4
#define SET_COUNT 4
#define OP(x) _mm_##x
#define XOR _mm_xor_si128
#define LOADU(x) LOAD_128(x)
#define STOREU(x, y) _mm_storeu_si128((__m128i *)(x), y)
#define CONSTANT(x) LOAD_128(x)

#include "sm4_blocks.h"
#include "sm4_chain.h"

#endif
