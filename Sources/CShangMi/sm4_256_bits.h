// Vectors of 256 bits, as sm4_blocks.h wants them.

#define VECTOR __m256i
#define WORD_COUNT 8
#define SET_COUNT 4
#define OP(x) _mm256_##x
#define XOR _mm256_xor_si256
#define LOADU(x) _mm256_loadu_si256((const __m256i *)(x))
#define STOREU(x, y) _mm256_storeu_si256((__m256i *)(x), y)
#define CONSTANT(x) LOAD_256(x)
