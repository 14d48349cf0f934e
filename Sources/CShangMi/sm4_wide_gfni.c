#include "CShangMi.h"

#if defined(__x86_64__)

#include "sm4_transform.h"

#define NAME(x) x##_wide_gfni
#define TARGET TARGET_WIDE_GFNI
#define TRANSFORM transform_wide_gfni
#define VECTOR __m512i
#define WORD_COUNT 16
#define SET_COUNT 2
#define OP(x) _mm512_##x
#define XOR _mm512_xor_si512
#define LOADU(x) _mm512_loadu_si512(x)
#define STOREU(x, y) _mm512_storeu_si512(x, y)
#define CONSTANT(x) LOAD_512(x)

#include "sm4_blocks.h"

#endif
