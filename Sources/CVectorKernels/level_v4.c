// The kernels compiled for the level "v4".
#include "levels.h"
#ifdef HAVE_X86_LEVELS
#define LEVEL_NAME vector_kernels_v4
#define LEVEL VectorCPULevelV4
#define LANES 16
#define V4_FEATURES "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt,f16c"
#pragma clang attribute push(__attribute__((target(V4_FEATURES))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
