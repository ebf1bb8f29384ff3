// Small pure functions over float arrays, compiled once for each CPU level.
//
// No allocation, no threads, no state. Unless a function says otherwise, arrays may have any alignment, inputs may
// overlap inputs, and outputs overlap nothing else. `n` may be 0 and need not be a multiple of a vector.
#ifndef EMBEDDING_C_VECTOR_KERNELS_H
#define EMBEDDING_C_VECTOR_KERNELS_H

#include "NeighborKernels.h"
#include "TextKernels.h"

#include <stddef.h>
#include <stdint.h>

/// The instruction sets that the kernels are compiled for.
typedef enum VectorCPULevel {
    VectorCPULevelBaseline = 0, ///< x86-64 (SSE2), or the plain C of other machines; NEON on arm64
    VectorCPULevelV3 = 1,       ///< x86-64-v3: AVX2 and FMA
    VectorCPULevelV4 = 2,       ///< x86-64-v4: AVX-512 F, BW, CD, DQ, VL
} VectorCPULevel;

/// Most pairs in a tile.
#define PAIR_TILE_PAIRS 32

/// A tile of skip-gram training: pairs of an input and an output row of their own, and negatives that they share.
typedef struct PairTile {
    float *inputs;              ///< input table; row r starts at inputs + r * stride
    float *outputs;             ///< output table, disjoint from the input table
    size_t stride;              ///< floats from row to row in both tables: a multiple of 16, zero beyond `dimensions`
    size_t dimensions;          ///< floats in use in each row
    const uint32_t *inputRows;  ///< the input row of each pair (a context word)
    const uint32_t *outputRows; ///< the output row of each pair (the centre word)
    size_t pairs;               ///< 0 … PAIR_TILE_PAIRS
    const uint32_t *negativeRows; ///< output rows that are no partners of the pairs' input rows
    size_t negatives;
    const float *weights;       ///< weight of the pairs themselves, then of each negative, zeros up to a multiple of 16
    float learningRate;
    _Bool withLoss;             ///< whether the loss is wanted
    const float *const *coming; ///< rows of the next tile that are fetched into the cache meanwhile
    size_t comingCount;
    float *scratch;             ///< at least pair_scratch_floats(pairs, negatives, stride) floats
} PairTile;

/// Floats from one pair's logits to the next one's: as few as hold them, or with room behind them for 8 more.
static inline size_t pair_logit_stride(size_t negatives) {
    return negatives <= 6 ? 8 : (negatives + 1 + 15) / 16 * 16 + 16;
}

/// Floats that the weights of a tile have room for.
static inline size_t pair_weights(size_t negatives) { return (negatives + 1 + 15) / 16 * 16; }

/// Floats of scratch memory that a tile needs.
static inline size_t pair_scratch_floats(size_t pairs, size_t negatives, size_t stride) {
    return (pairs + 2) * pair_logit_stride(negatives) + pairs * stride;
}

/// Input rows of a tile; weights and targets stand in groups of as many, one group an output row.
#define SKIPGRAM_TILE 4

/// A tile of skip-gram training: up to SKIPGRAM_TILE input rows against any number of output rows, each pair with a
/// weight and a target. A pair's loss is weight·log(1 + e^z) − target·z with z = x·y: target = weight = 1 is a true
/// pair, target 0 a negative one that stands for `weight` of them, weight 0 no pair.
typedef struct SkipGramTile {
    float *inputs;              ///< input table; row r starts at inputs + r * stride
    float *outputs;             ///< output table, disjoint from the input table
    size_t stride;              ///< floats from row to row in both tables: a multiple of 16, zero beyond `dimensions`
    size_t dimensions;          ///< floats in use in each row
    const uint32_t *inputRows;  ///< row numbers in the input table; repeats allowed
    size_t inputCount;          ///< 1 … SKIPGRAM_TILE
    const uint32_t *outputRows; ///< row numbers in the output table; repeats allowed
    size_t outputCount;
    const float *weights;       ///< SKIPGRAM_TILE for each output row, 0 beyond inputCount; the rows are filled up with
                                ///< zeros to a multiple of 4
    const float *targets;       ///< laid out as the weights
    float *changes;             ///< SKIPGRAM_TILE rows that get the changes of the inputs in their place; NULL: the
                                ///< inputs themselves take them
    float learningRate;
    _Bool withLoss;             ///< whether the loss is wanted
    const float *const *coming; ///< rows of later tiles that are fetched into the cache meanwhile
    size_t comingCount;
    float *scratch;             ///< at least skipgram_tile_scratch_floats(outputCount) floats
} SkipGramTile;

/// Output rows of a tile, rounded up to what weights and targets must have room for.
static inline size_t skipgram_tile_rows(size_t outputCount) { return (outputCount + 3) / 4 * 4; }

/// Floats of scratch memory that a tile needs.
static inline size_t skipgram_tile_scratch_floats(size_t outputCount) {
    return skipgram_tile_rows(outputCount) * SKIPGRAM_TILE;
}

/// One slot of an alias table: below `threshold` the slot's own number is drawn, above it `alias`.
typedef struct AliasSlot {
    uint32_t threshold, alias;
} AliasSlot;

/// The slot that 64 random bits choose.
static inline uint32_t alias_slot(size_t count, uint64_t bits) {
    return (uint32_t)(((bits & 0xffffffff) * (uint64_t)count) >> 32);
}

/// The number that 64 random bits draw from an alias table.
static inline uint32_t alias_draw(const AliasSlot *slots, size_t count, uint64_t bits) {
    uint32_t index = alias_slot(count, bits);
    // A mask, not a branch, which would be guessed wrong every second time.
    uint32_t own = -(uint32_t)((uint32_t)(bits >> 32) < slots[index].threshold);
    return slots[index].alias ^ ((slots[index].alias ^ index) & own);
}

/// Asks for the slot that alias_draw will look at.
static inline void alias_prefetch(const AliasSlot *slots, size_t count, uint64_t bits) {
    __builtin_prefetch(slots + alias_slot(count, bits));
}

/// The next number of SplitMix64 (Steele et al. 2014).
static inline uint64_t splitmix_next(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

/// The link of the root: no node is above it.
#define SOFTMAX_END UINT32_MAX

/// Rows of a table of which a thread has its own copies, at the end of the table. The rows that all threads train most
/// would else travel from core to core with each change.
typedef struct HotRows {
    uint32_t first, count;   ///< the shared rows; none when `count` is 0
    uint32_t copy;           ///< row of the first copy
} HotRows;

/// The row that a thread trains in the place of a shared one: its own copy, if it has one.
static inline uint32_t hot_row(HotRows hot, uint32_t row) {
    return row - hot.first < hot.count ? row - hot.first + hot.copy : row;
}

/// Which tile met an inner node last, and the place that it has there.
typedef struct NodePlace {
    uint32_t tile, place;
} NodePlace;

/// What the tiles of some sentences are drawn from: negative sampling, hierarchical softmax or both.
///
/// Negatives are kept in stock: each tile takes some of the words of the stock and replaces a few others by words
/// drawn afresh. The rows of the stock are used over and over, so that most of them wait in the cache next to the core,
/// and still no two tiles have the same set of negatives.
typedef struct TileDraw {
    const uint32_t *words;   ///< the sentences, one behind the other
    size_t window;           ///< largest distance of a context
    _Bool shrinks;           ///< whether the distance in use is drawn from 1 … window; else it is the window
    _Bool averages;          ///< continuous bag of words: each input predicts the word in the middle of its window,
                             ///< not the words around itself

    const AliasSlot *slots;  ///< the distribution of the negatives; NULL: no negative sampling
    size_t slotCount;
    uint32_t *stock;         ///< words drawn from that distribution
    size_t stockSize;        ///< a power of two, at least `negatives`
    size_t stockNext;        ///< the place in the stock that is replaced next
    size_t fresh;            ///< words of the stock that each tile replaces
    uint64_t *bits;          ///< `fresh` random numbers, from which the next tile draws the words
    size_t negatives;        ///< negative rows of a tile, shared by its inputs
    float negativeWeight;    ///< what each of them counts for a true pair: wanted negatives / negative rows

    const uint32_t *links;   ///< Huffman tree: for each word, then for each inner node, the node above it · 2, plus 1
                             ///< where its label is 1, or SOFTMAX_END; NULL: no hierarchical softmax
    size_t leaves;           ///< words of the tree; leaves − 1 inner nodes, the frequent ones last
    size_t longestPath;      ///< most inner nodes above a word
    size_t firstNode;        ///< row of inner node 0 in the output table
    NodePlace *places;       ///< for each inner node; all 0 at first
    uint32_t tile;           ///< number of the last tile; 0 at first
    uint32_t *scratch;       ///< tile_draw_scratch numbers
    size_t wordCount;        ///< in `words`
    size_t pathCount;        ///< the words before this one have their paths in the scratch

    const float *inputs;     ///< the tables
    const float *outputs;
    size_t stride;
    HotRows hotInputs;       ///< the thread's own copies of rows: of words in the input table, whose `first` is 0
    HotRows hotWords;        ///< of words in the output table, whose `first` is 0
    HotRows hotNodes;        ///< of inner nodes in the output table, the last ones
} TileDraw;

/// A drawn tile.
typedef struct DrawnTile {
    uint32_t *rows;          ///< output rows: negatives, predicted words, inner nodes; copies in the place of hot ones
    float *weights;          ///< SKIPGRAM_TILE for each output row, as SkipGramTile wants them
    float *targets;
    size_t count;            ///< output rows
    const float **coming;    ///< rows that are hardly in the cache yet, for SkipGramTile; tile_draw_coming of them
    size_t comingCount;
    size_t pairs;            ///< true pairs of an input and a predicted word
    size_t reach;            ///< largest distance of a context in use
} DrawnTile;

/// Most output rows that a tile can be drawn with, rounded up to what its arrays must have room for.
static inline size_t tile_draw_rows(const TileDraw *draw) {
    size_t words = 2 * draw->window + SKIPGRAM_TILE, rows = 16;
    if (draw->slots) rows += draw->negatives + words;
    if (draw->links) rows += words * draw->longestPath < draw->leaves ? words * draw->longestPath : draw->leaves;
    return rows;
}

/// Paths of words around that are kept at a time, a power of two: those of two tiles.
static inline size_t tile_draw_paths(const TileDraw *draw) {
    size_t count = 16;
    while (count < 2 * draw->window + 3 * SKIPGRAM_TILE) count *= 2;
    return count;
}

/// Numbers of scratch that tiles of hierarchical softmax need to be drawn.
static inline size_t tile_draw_scratch(const TileDraw *draw) {
    return tile_draw_rows(draw) + tile_draw_paths(draw) * (draw->longestPath + 2);
}

/// Most rows that a tile can ask to be fetched.
static inline size_t tile_draw_coming(const TileDraw *draw) {
    return draw->fresh + 2 * draw->window + 2 * SKIPGRAM_TILE + tile_draw_rows(draw);
}

/// The means of the words around neighbouring words of a sentence: inputs of the continuous bag of words.
typedef struct WindowMeans {
    float *inputs;           ///< input table
    size_t stride;           ///< floats from row to row, a multiple of 16
    size_t dimensions;
    const uint32_t *words;   ///< the sentences
    size_t begin, end;       ///< the sentence, of at least two words
    size_t position, count;  ///< the words in the middle, at most SKIPGRAM_TILE
    size_t reach;            ///< largest distance of a context, 1 or more
    float **rows;            ///< 2 · reach pointers of scratch, kept for the way back
    float *means;            ///< SKIPGRAM_TILE rows; those beyond `count` become 0
    const float *changes;    ///< SKIPGRAM_TILE rows: what window_scatter gives to the words of each mean
} WindowMeans;

/// Asks for a row of floats that will soon be read and written.
static inline void prefetch_row(const float *row, size_t floats) {
    for (size_t i = 0; i < floats; i += 16) __builtin_prefetch(row + i, 1, 3);
}

/// Asks for memory that will soon be read.
static inline void prefetch_memory(const void *memory, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)memory + i, 0, 3);
}

/// Points that a row's near entries can be of.
#define TSNE_WINDOW 65536

/// The first point of the window of a row: half of it lies before the row's point, as far as there are points.
static inline size_t tsne_window(size_t row, size_t points) {
    if (points <= TSNE_WINDOW || row <= TSNE_WINDOW / 2) return 0;
    size_t first = row - TSNE_WINDOW / 2;
    return first < points - TSNE_WINDOW ? first : points - TSNE_WINDOW;
}

/// A run of rows of a sparse matrix in 4 bytes an entry, where the entry's point lies in the row's window: its distance
/// from the window's start and the root of the value, in units; values are the squares.
typedef struct TsnePackedRows {
    size_t first, count;         ///< the rows
    size_t points;               ///< rows of the whole matrix
    const uint64_t *starts;      ///< for each row of the matrix, where its near entries start
    const uint32_t *nearCounts;  ///< for each row of the matrix, how many there are
    const uint16_t *offsets;     ///< of all near entries; 16 more, of any value below the number of points, may be read
    const uint16_t *roots;       ///< and 16 more
    float unit;
    const uint64_t *farStarts;   ///< for each row of the run and the one behind it, where its other entries start
    const uint32_t *farColumns;
    const float *farValues;      ///< in squares of the unit
} TsnePackedRows;

/// Most points in a tile of tsne_repulsion.
#define TSNE_TILE_POINTS 64

/// The cells of the quadtree or octree that t-SNE sums the repulsion with: one array a field, each with 4 more numbers
/// that may be read.
typedef struct TsneNodes {
    float *centre[3];   ///< mean of the cell's points
    float *limit;       ///< (width / θ)²: the cell is taken as one from beyond this squared distance;
                        ///< negative: the cell's points are all identical, it is always taken as one
    uint32_t *child;    ///< first child; the others follow it
    uint32_t *children; ///< number of children, 2 … 8; 0 in a leaf
    uint32_t *first;    ///< first of the cell's points, in tree order
    uint32_t *count;    ///< number of the cell's points
} TsneNodes;

/// The points in tree order and the cells over them.
typedef struct TsneTree {
    const float *points[3];  ///< coordinates, one array each, in tree order, with 8 more floats that may be read
    const uint32_t *order;   ///< number of each point in the order of the forces
    size_t count;            ///< points; below 2^31
    size_t dimensions;       ///< 2 or 3
    float freedom;           ///< degrees of freedom of Student's t-distribution; van der Maaten's is 1
    _Bool hasCells;          ///< else every pair is summed
    TsneNodes nodes;
    uint32_t root;
} TsneTree;

/// How lines of one length are Fourier transformed.
typedef struct FourierPlan {
    size_t length;          ///< the product of the radices
    size_t passes;
    const uint8_t *radices; ///< 2, 3, 4 or 5, one a pass
    const float *twiddles;  ///< for each pass, with `rest` the length over the radices before it: for p in
                            ///< 0 ..< rest / radix, for i in 1 ..< radix, cos and sin of −2π·p·i / rest
} FourierPlan;

/// The kernels that charges are convolved with; w is 1 / (1 + r² / freedom).
typedef enum TsneKernel {
    TsneKernelZ = 0, ///< w^freedom
    TsneKernelX = 1, ///< x·w^(freedom + 1)
    TsneKernelY = 2, ///< y·w^(freedom + 1)
} TsneKernel;

/// The grid that t-SNE's repulsion is interpolated on in 2-D. Lines are worked on `lanes` at a time (see
/// VectorKernels): a group is `lanes` rows of the spectrum, of which there are down.length / 2 + 1.
typedef struct TsneGrid {
    size_t width, height;      ///< nodes in use; each point has a node before it, and two after it, in each dimension
    size_t stride;             ///< nodes from row to row of charges and forces: a multiple of 32, at least `width`
    size_t spectrumStride;     ///< columns from group to group of the spectrum: a multiple of 32, ≥ across.length
    size_t groups;
    FourierPlan across, down;  ///< both even, and at least twice the nodes in use
    float low[2];              ///< place of the first node
    float inverseSpacing;      ///< nodes in a unit
    float reach;               ///< inside of it the kernels are softened, and tsne_grid_near adds the rest; 0: nowhere
    float freedom;             ///< degrees of freedom of Student's t-distribution; 1 when there is a reach
    const float *acrossFactors; ///< factors of the kernels' spectra, one a column
    const float *downFactors;  ///< and one a row, groups·lanes of them; both with the inverse transform's 1 / length
    float *spectrumRe, *spectrumIm; ///< groups × spectrumStride × lanes
    float *kernels[3];         ///< spectra of the kernels (Y and X divided by i): groups × across.length × lanes
    float *fields[4];          ///< X's re and im, Y's re and im, half transformed: groups × stride × lanes
    float *forces;             ///< height × stride pairs
} TsneGrid;

/// Charges on the grid's nodes; those outside the rows are 0, whatever the memory holds.
typedef struct TsneCharges {
    float *values;             ///< height × stride
    size_t firstRow, endRow;
} TsneCharges;

/// The points in square cells, row by row.
typedef struct TsneCells {
    const float *x, *y;        ///< by cell, with 16 more floats that may be read
    const uint32_t *order;     ///< number of each point in the order of the forces
    const uint32_t *starts;    ///< rows × columns + 1 numbers: where each cell's points begin
    size_t columns, rows;
    float square;              ///< the cells' width, squared
} TsneCells;

/// The constants of one descent step.
typedef struct TsneStep {
    float exaggeration;
    float inverseTotal;  ///< 1 / Z
    float learningRate;
    float momentum;
    float minGain;
    float maxStepNorm;   ///< longer steps of a point are shortened to this
    _Bool adaGrad;       ///< AdaGrad steps in place of gains and momentum
} TsneStep;

/// Sums and bounds of some points' coordinates; those that there are not are 0.
typedef struct TsneExtent {
    float sum[4], low[4], high[4];
} TsneExtent;

/// The kernels of one CPU level.
typedef struct VectorKernels {
    VectorCPULevel level;
    /// Floats in a vector.
    size_t lanes;
    /// Σ a[i]·b[i]
    float (*dot)(const float *a, const float *b, size_t n);
    /// products[r] = Σ row r[i]·query[i], where row r begins starts[r] bytes behind `base`, or r · stride bytes when
    /// `starts` is NULL. The products of a row may round differently with other rows beside it.
    void (*dot_rows)(const void *base, const uint64_t *starts, size_t stride, size_t rows, const float *query, size_t n,
                     float *products);
    /// Σ (a[i] − b[i])²
    float (*squared_distance)(const float *a, const float *b, size_t n);
    /// y[i] += alpha·x[i]
    void (*axpy)(float alpha, const float *x, float *y, size_t n);
    /// y[i] = e^x[i], with a relative error below 1e-7 for −87 ≤ x ≤ 88; beyond it as at that end. NaN stays NaN.
    /// y may be x.
    void (*exponentials)(const float *x, float *y, size_t n);
    /// Writes to `found` the indices i, ascending, for which offsets[i] + scale·values[i] < limit; returns how many.
    /// `found` has room for n numbers.
    size_t (*select_below)(const float *values, const float *offsets, float scale, float limit, size_t n,
                           uint32_t *found);
    /// Trains one tile of pairs by one step of gradient descent, all logits taken before any row changes: pair k moves
    /// its own two rows, and each negative that is not its output row, by their weights. Rows that come twice get all
    /// their updates; the later ones are made from rows that the earlier ones moved.
    /// Returns the weighted sum of the losses. Nobody else may use the rows meanwhile.
    double (*pair_tile)(const PairTile *tile);
    /// Trains one tile by one step of gradient descent, all logits taken before any row changes. Repeated rows get
    /// all their updates; the later ones are made from rows that the earlier ones moved, a difference of second order in
    /// the learning rate. Other threads may change the tables meanwhile (Hogwild): rows are then read and written in
    /// pieces. Returns the sum of the loss over its pairs, 0 when it is not wanted.
    double (*skipgram_tile)(const SkipGramTile *tile);
    /// Draws the tile whose inputs are the words begin ≤ position < end of a sentence from `position` on, up to
    /// SKIPGRAM_TILE of them, with one distance for all of them. Its arrays have room for tile_draw_rows rows.
    /// Inputs and outputs are not read: they may be far away yet.
    /// Negatives come from different places of the stock; a negative counts no pair whose predicted word it is itself,
    /// as in word2vec. An inner node is one row, however many of the predicted words are below it: it has the number of
    /// an input's pairs below it as weight, and of those with label 1 as target.
    void (*tile_draw)(TileDraw *draw, size_t begin, size_t end, size_t position, uint64_t *random, DrawnTile *tile);
    /// Copies shared rows to a thread's own and to what those were last. Rows are `floats` long, a multiple of 16, and
    /// follow one another, here and below. Other threads may change the shared rows meanwhile.
    void (*hot_load)(const float *shared, float *own, float *base, size_t rows, size_t floats);
    /// Brings what a thread has learned of some rows to the shared rows, and what the others have learned to its own:
    /// shared, own and base become base + (own − base) + (shared − base), less `share` of what both have in common.
    /// Other threads may change the shared rows meanwhile.
    void (*hot_merge)(float *shared, float *own, float *base, size_t rows, size_t floats, float share);
    /// Copies `n` floats to a row of a table. Other threads may use the row meanwhile.
    void (*row_put)(const float *row, float *shared, size_t n);
    /// Writes the means.
    void (*window_gather)(const WindowMeans *means);
    /// Adds the change of each mean to all the rows that it is the mean of, as word2vec does. After window_gather.
    void (*window_scatter)(const WindowMeans *means);
    /// The t-SNE attraction of the rows first ..< first + count of a sparse matrix: Σ p·w·(y_i − y_j) with
    /// w = 1 / (1 + |y_i − y_j|² / freedom).
    /// Positions and forces have 2 floats a point in 2-D, 4 in 3-D (the fourth 0); forces start at row `first`.
    /// Row r has the entries starts[r] ..< starts[r + 1]. Returns −freedom·Σ p·ln w if withScore, else 0.
    double (*tsne_attraction)(const float *positions, size_t dimensions, float freedom, const uint64_t *starts,
                              const uint32_t *columns, const float *values, size_t first, size_t count, float *forces,
                              _Bool withScore);
    /// As tsne_attraction, over packed rows.
    double (*tsne_packed_attraction)(const float *positions, size_t dimensions, float freedom,
                                     const TsnePackedRows *rows, float *forces, _Bool withScore);
    /// The t-SNE repulsion on the points first ..< first + count in tree order (1 … TSNE_TILE_POINTS of them), not
    /// yet divided by Z: Σ w^(freedom + 1)·(y_i − y_j), over cells (van der Maaten 2014, eq. 8) or all pairs.
    /// Writes each force to its point's place in `forces`; returns the tile's part of Z.
    double (*tsne_repulsion)(const TsneTree *tree, size_t first, size_t count, float *forces);
    /// Searches β so that the weights exp(−β·squares), divided by their sum, have the given entropy in nats; writes
    /// them. Returns β, 0 when all squares are equal.
    double (*tsne_row_affinities)(const float *squares, size_t count, double logPerplexity, float *weights);
    /// New velocities (and gains, or AdaGrad's sums, in `memory`) of `count` points, laid out as the positions.
    void (*tsne_step)(const TsneStep *step, size_t dimensions, size_t count, const float *attraction,
                      const float *repulsion, float *velocity, float *memory);
    /// to[i] = (positions[i] − shift) + velocity[i] of `count` points, at least one, laid out as there; and the extent of
    /// what was written. Without `velocity` (NULL) the extent of the positions alone.
    TsneExtent (*tsne_move)(const float *positions, const float *velocity, const float *shift, size_t dimensions,
                            size_t count, float *to);
    NeighborKernels neighbors;
    TextKernels text;
    /// Adds a unit charge for each point to the nodes around it, by cubic B-splines; sets the rows.
    void (*tsne_grid_spread)(const TsneGrid *grid, const float *positions, size_t count, TsneCharges *charges);
    /// One row of a kernel's samples, for tsne_grid_down: `row` nodes below the source, periodic; across.length floats.
    void (*tsne_grid_sample)(const TsneGrid *grid, size_t row, TsneKernel kernel, float *out);
    /// Transforms 2·lanes columns of the sum of `count` charges, whose rows are `stride` apart, into the spectrum.
    /// Scratch, here and below: 6·lanes·max(across.length, down.length) floats.
    void (*tsne_grid_down)(const TsneGrid *grid, const TsneCharges *charges, size_t count, size_t stride, size_t column,
                           float *scratch);
    /// Transforms a group of the spectrum of a kernel's samples along its rows and keeps it, times the factors.
    void (*tsne_grid_kernel)(const TsneGrid *grid, size_t group, TsneKernel kernel, float *scratch);
    /// Transforms a group of the charges' spectrum along its rows, times the kernels, and back into the fields.
    /// Returns the group's part of Z, each point with itself included.
    double (*tsne_grid_across)(const TsneGrid *grid, size_t group, float *scratch);
    /// Transforms `lanes` columns of the fields back to forces.
    void (*tsne_grid_up)(const TsneGrid *grid, size_t column, float *scratch);
    /// The force on each point, not yet divided by Z: Σ (y_i − y_j) / (1 + |y_i − y_j|²)², interpolated; added to what
    /// is there, or written.
    void (*tsne_grid_gather)(const TsneGrid *grid, const float *positions, size_t count, _Bool add, float *forces);
    /// The forces on the points of one row of cells that the kernels softened within a cell's width leave out.
    /// Returns their part of Z, each point with itself included.
    double (*tsne_grid_near)(const TsneCells *cells, size_t row, float *forces);
} VectorKernels;

/// The kernels of the highest level that this machine has, or of the level that the environment variable
/// W2V_CPU_LEVEL (baseline, v3, v4) names; a level that the machine lacks is lowered to the best one it has.
/// Chosen at the first call.
const VectorKernels *vector_kernels(void);

/// The kernels of one level, or NULL when the machine (or the architecture) lacks it.
const VectorKernels *vector_kernels_at(VectorCPULevel level);

#endif
