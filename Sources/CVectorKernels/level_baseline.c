// The kernels compiled for the level "baseline".
#include "levels.h"
#define LEVEL_NAME vector_kernels_baseline
#define LEVEL VectorCPULevelBaseline
#define LANES 4
#include "kernels.h"
