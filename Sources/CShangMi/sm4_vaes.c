#include "CShangMi.h"

#if defined(__x86_64__)

#include "sm4_transform.h"

#define NAME(x) x##_vaes
#define TARGET TARGET_VAES
#define TRANSFORM transform_vaes
#define VECTOR __m256i
#define WORD_COUNT 8
#define SET_COUNT 4
#define OP(x) _mm256_##x
#define XOR _mm256_xor_si256
#define LOADU(x) _mm256_loadu_si256((const __m256i *)(x))
#define STOREU(x, y) _mm256_storeu_si256((__m256i *)(x), y)
#define CONSTANT(x) LOAD_256(x)

#include "sm4_blocks.h"

#endif
