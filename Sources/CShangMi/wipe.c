#include "CShangMi.h"

#include <string.h>

void shangmi_wipe(void *bytes, size_t count) {
    if (count == 0) return;
    memset(bytes, 0, count);
    // The compiler has to take it that somebody reads the zeros.
    __asm__ volatile("" : : "r"(bytes) : "memory");
}
