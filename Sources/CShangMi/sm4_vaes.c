#include "CShangMi.h"

#if defined(__x86_64__)

#include "sm4_transform.h"

#define NAME(x) x##_vaes
#define TARGET TARGET_VAES
#define TRANSFORM transform_vaes

#include "sm4_256_bits.h"
#include "sm4_blocks.h"

#endif
