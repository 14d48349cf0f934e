#include "CShangMi.h"

#if defined(__x86_64__)

#include "sm4_transform.h"

#define NAME(x) x##_gfni
#define TARGET TARGET_GFNI
#define TRANSFORM transform_gfni

#include "sm4_256_bits.h"
#include "sm4_blocks.h"

#undef TRANSFORM
#define TRANSFORM transform_short_gfni
#include "sm4_chain.h"

#endif
