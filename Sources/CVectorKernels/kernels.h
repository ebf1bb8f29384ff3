// The body of every kernel; level_*.c include it with LEVEL, LEVEL_NAME and LANES (floats in a vector) set.
#include "vectors.h"
#include "linear_kernels.h"
#include "skipgram_kernels.h"
#include "tile_kernels.h"
#include "tsne_kernels.h"

const VectorKernels LEVEL_NAME = {
    .level = LEVEL,
    .dot = dot,
    .squared_distance = squared_distance,
    .axpy = axpy,
    .select_below = select_below,
    .skipgram_block = skipgram_block,
    .skipgram_tile = skipgram_tile,
    .skipgram_draw = skipgram_draw,
    .tsne_attraction = tsne_attraction,
    .tsne_repulsion = tsne_repulsion,
    .tsne_row_affinities = tsne_row_affinities,
    .tsne_step = tsne_step,
};
