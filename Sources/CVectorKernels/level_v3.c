// The kernels compiled for the level "v3".
#include "levels.h"
#ifdef HAVE_X86_LEVELS
#define LEVEL_NAME vector_kernels_v3
#define LEVEL VectorCPULevelV3
#define LANES 8
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,lzcnt,popcnt,f16c"))), apply_to = function)
#include "kernels.h"
#pragma clang attribute pop
#endif
