// The kernels of the exact nearest-neighbour search.
//
// Points are compared by a similarity s, larger for nearer points: −|x − y|² / 2 (Euclidean), x·y (cosine, of rows of
// length 1; dot), −Σ|x − y| (Manhattan). A block of points against a block of points is computed in registers and
// compared with each point's bound at once; only what may be among the k nearest is written.
#ifndef EMBEDDING_NEIGHBOR_KERNELS_H
#define EMBEDDING_NEIGHBOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// How points are compared.
typedef enum NeighborSimilarity {
    NeighborSimilarityEuclidean = 0,
    NeighborSimilarityCosine = 1,
    NeighborSimilarityDot = 2,
    NeighborSimilarityManhattan = 3,
} NeighborSimilarity;

/// A point that may be among the k nearest of another, and their computed similarity.
typedef struct NeighborCandidate {
    float similarity;
    uint32_t index;
} NeighborCandidate;

/// Largest length of a vector of whole numbers: neither twice its square nor the sum of two offsets and a product
/// overflows.
#define NEIGHBOR_LARGEST 32000

/// Queries whose similarities are computed side by side.
#define NEIGHBOR_QUERIES 4

/// A set of points, prepared.
///
/// `panels` holds panels of `panel` points (NeighborKernels.panel), in each the coordinates one after another, each of
/// all the panel's points: coordinate d of point i is panels[(i / panel · dimensions + d) · panel + i % panel]. The
/// last panel is filled up with points at 0 whose offset is −∞.
typedef struct NeighborPoints {
    const float *panels;
    /// The coordinates in whole numbers of 16 bits, two of a point in one number (the first one in the lower half; an odd
    /// number of coordinates is filled up with 0), laid out as the panels. A point's length is at most NEIGHBOR_LARGEST.
    /// Or NULL: then `panels` are compared.
    const int32_t *wholes;
    const int32_t *wholeOffsets; ///< offsets in squares of the whole numbers' unit; −NEIGHBOR_LARGEST² for what fills up
    const float *offsets; ///< −|x|² / 2 (Euclidean), else 0: one a point, filled up
    const float *errors;  ///< the similarity of points i and j is right to errors[i] + errors[j]: filled up
    const float *exact;   ///< rows of `stride` floats, zero beyond the dimensions, that exact distances are made from
    const uint32_t *numbers; ///< the point's number for the outside: ties go to the smaller one
    float unit;           ///< of the whole numbers
    size_t stride;        ///< a multiple of 16
    size_t count;         ///< points, without those that fill up
} NeighborPoints;

/// A search: the k nearest `targets` of each of the `queries` (both may be the same set).
typedef struct NeighborSearch {
    NeighborSimilarity similarity;
    size_t dimensions;
    size_t k;
    size_t capacity;                ///< room of a list of candidates, at least k + 32
    _Bool same;                     ///< numbers mean the same points on both sides: no point is its own neighbour
    NeighborPoints queries, targets;
} NeighborSearch;

/// The lists of candidates of a run of queries.
typedef struct NeighborLists {
    NeighborCandidate *candidates; ///< `capacity` for each query
    uint32_t *counts;              ///< 0 at first
    float *limits;                 ///< at least k candidates are surely as similar as this; −∞ at first
    size_t first;                  ///< the first query, a multiple of a panel
    size_t count;                  ///< queries
} NeighborLists;

/// Bytes of scratch memory for blocks of at most `rows` queries and lists of that capacity.
static inline size_t neighbor_scratch_bytes(size_t rows, size_t capacity) {
    return (rows + 64) * 48 * 8 + (rows + 64) * 8 + capacity * 40 + 1024;
}

/// The kernels of one CPU level.
typedef struct NeighborKernels {
    /// Points in a panel: at most 48.
    size_t panel;
    /// Whether `compare` takes whole numbers, and is faster with them.
    _Bool wholes;
    /// Compares the queries of `rows` with the targets first ..< first + count (`first` a multiple of a panel) and adds
    /// to their lists. With `columns` not NULL (same set; it holds the lists of those targets) adds to the targets'
    /// lists too; if both are the same lists, each pair is taken once.
    void (*compare)(const NeighborSearch *search, const NeighborLists *rows, const NeighborLists *columns, size_t first,
                    size_t count, void *scratch);
    /// Drops what is surely not among the k nearest of query `row` of the lists.
    void (*narrow)(const NeighborSearch *search, const NeighborLists *lists, size_t row, void *scratch);
    /// Exact distances of the candidates of query `row` of the lists, the k nearest of them, nearest first, ties by
    /// number: numbers, and |x − y|², 1 − cos (1 for a zero row), −x·y or Σ|x − y|. Returns how many.
    size_t (*finish)(const NeighborSearch *search, const NeighborLists *lists, size_t row, uint32_t *numbers,
                     float *distances, void *scratch);
    /// Joins the candidates of query `row` of the lists into its best so far: k of them, the most similar first, ties by
    /// number, each once; `index` is there the target's number, and UINT32_MAX with a similarity of −∞ fills it up.
    void (*merge)(const NeighborSearch *search, const NeighborLists *lists, size_t row, NeighborCandidate *best,
                  void *scratch);
    /// The similarities of `count` queries, at most NEIGHBOR_QUERIES, and all targets: a row of `stride` floats for each
    /// query, in the order of the set, filled up to whole panels with −∞.
    void (*similarities)(const NeighborSearch *search, const size_t *queries, size_t count, float *similarities,
                         size_t stride);
    /// How many of the values are larger than a bound.
    size_t (*count_above)(const float *values, size_t n, float bound);
    /// The distance of query `i` and target `j`, as `finish` computes it.
    float (*distance)(const NeighborSearch *search, size_t i, size_t j);
} NeighborKernels;

#endif
