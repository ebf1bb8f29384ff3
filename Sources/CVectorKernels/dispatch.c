#include "levels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

const VectorKernels *vector_kernels_at(VectorCPULevel level) {
    switch (level) {
    case VectorCPULevelBaseline:
        return &vector_kernels_baseline;
#ifdef HAVE_X86_LEVELS
    case VectorCPULevelV3:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &vector_kernels_v3 : NULL;
    case VectorCPULevelV4:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma")
                   ? &vector_kernels_v4
                   : NULL;
#endif
    default:
        return NULL;
    }
}

static VectorCPULevel wanted_level(void) {
    const char *name = getenv("W2V_CPU_LEVEL");
    if (name && strcmp(name, "baseline") == 0) return VectorCPULevelBaseline;
    if (name && strcmp(name, "v3") == 0) return VectorCPULevelV3;
    return VectorCPULevelV4;
}

const VectorKernels *vector_kernels(void) {
    static _Atomic(const VectorKernels *) chosen;
    const VectorKernels *table = atomic_load_explicit(&chosen, memory_order_acquire);
    if (table) return table;
    for (int level = wanted_level(); !table; level--) table = vector_kernels_at((VectorCPULevel)level);
    atomic_store_explicit(&chosen, table, memory_order_release);
    return table;
}
