// The body of every kernel; level_*.c include it with LEVEL, LEVEL_NAME and LANES (floats in a vector) set.
#include "vectors.h"
#include "linear_kernels.h"
#include "pair_kernels.h"
#include "hogwild_kernels.h"
#include "tile_draw.h"
#include "tsne_kernels.h"
#include "neighbor_kernels.h"
#include "fourier_kernels.h"
#include "grid_kernels.h"
#include "text_kernels.h"

const VectorKernels LEVEL_NAME = {
    .level = LEVEL,
    .lanes = LANES,
    .dot = dot,
    .dot_rows = dot_rows,
    .squared_distance = squared_distance,
    .axpy = axpy,
    .exponentials = exponentials,
    .select_below = select_below,
    .pair_tile = pair_tile,
    .skipgram_tile = skipgram_tile,
    .tile_draw = tile_draw,
    .hot_load = hot_load,
    .hot_merge = hot_merge,
    .row_put = row_put,
    .window_gather = window_gather,
    .window_scatter = window_scatter,
    .tsne_attraction = tsne_attraction,
    .tsne_packed_attraction = tsne_packed_attraction,
    .tsne_repulsion = tsne_repulsion,
    .tsne_row_affinities = tsne_row_affinities,
    .tsne_step = tsne_step,
    .tsne_move = tsne_move,
    .neighbors = {.panel = PANEL,
                  .wholes = NEIGHBOR_WHOLES,
                  .compare = neighbor_compare,
                  .narrow = neighbor_narrow,
                  .finish = neighbor_finish,
                  .merge = neighbor_merge,
                  .similarities = neighbor_similarities,
                  .count_above = neighbor_count_above,
                  .distance = neighbor_distance},
    .text = {.split = text_split, .find = words_find, .add = word_add},
    .tsne_grid_spread = tsne_grid_spread,
    .tsne_grid_sample = tsne_grid_sample,
    .tsne_grid_down = tsne_grid_down,
    .tsne_grid_kernel = tsne_grid_kernel,
    .tsne_grid_across = tsne_grid_across,
    .tsne_grid_up = tsne_grid_up,
    .tsne_grid_gather = tsne_grid_gather,
    .tsne_grid_near = tsne_grid_near,
};
