// Small pure functions over float arrays, compiled once for each CPU level.
//
// No allocation, no threads, no state. Unless a function says otherwise, arrays may have any alignment, inputs may
// overlap inputs, and outputs overlap nothing else. `n` may be 0 and need not be a multiple of a vector.
#ifndef EMBEDDING_C_VECTOR_KERNELS_H
#define EMBEDDING_C_VECTOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The instruction sets that the kernels are compiled for.
typedef enum VectorCPULevel {
    VectorCPULevelBaseline = 0, ///< x86-64 (SSE2), or the plain C of other machines; NEON on arm64
    VectorCPULevelV3 = 1,       ///< x86-64-v3: AVX2 and FMA
    VectorCPULevelV4 = 2,       ///< x86-64-v4: AVX-512 F, BW, CD, DQ, VL
} VectorCPULevel;

/// One block of skip-gram training: every input row against every output row.
typedef struct SkipGramBlock {
    float *inputs;              ///< input table; row r starts at inputs + r * stride
    float *outputs;             ///< output table, disjoint from the input table
    size_t stride;              ///< floats from row to row in both tables: a multiple of 16, zero beyond `dimensions`
    size_t dimensions;          ///< floats in use in each row
    const uint32_t *inputRows;  ///< row numbers in the input table (the context words); repeats allowed
    size_t inputCount;
    const uint32_t *outputRows; ///< row numbers in the output table (centre word and negatives, or inner nodes)
    size_t outputCount;
    const float *labels;        ///< outputCount values: 1 for a true pair, 0 for a negative one
    float learningRate;
    float *scratch;             ///< at least skipgram_scratch_floats(inputCount, outputCount) floats
} SkipGramBlock;

/// Floats of scratch memory that a block needs.
static inline size_t skipgram_scratch_floats(size_t inputCount, size_t outputCount) {
    return (inputCount + 1) * ((outputCount + 15) / 16 * 16 + 16) + inputCount * 16;
}

/// Asks for a row of floats that will soon be read and written.
static inline void prefetch_row(const float *row, size_t floats) {
    for (size_t i = 0; i < floats; i += 16) __builtin_prefetch(row + i, 1, 3);
}

/// The kernels of one CPU level.
typedef struct VectorKernels {
    VectorCPULevel level;
    /// Σ a[i]·b[i]
    float (*dot)(const float *a, const float *b, size_t n);
    /// Σ (a[i] − b[i])²
    float (*squared_distance)(const float *a, const float *b, size_t n);
    /// y[i] += alpha·x[i]
    void (*axpy)(float alpha, const float *x, float *y, size_t n);
    /// Writes to `found` the indices i, ascending, for which offsets[i] + scale·values[i] < limit; returns how many.
    /// `found` has room for n numbers.
    size_t (*select_below)(const float *values, const float *offsets, float scale, float limit, size_t n,
                           uint32_t *found);
    /// Trains one block by one step of gradient descent on −log σ(label · x·y) (Mikolov et al. 2013, eq. 4), all
    /// logits taken before any row changes. Repeated rows get the sum of their updates.
    /// Other threads may change the tables meanwhile (Hogwild): rows are then read and written in pieces.
    /// Returns the sum of the loss over the inputCount × outputCount pairs.
    double (*skipgram_block)(const SkipGramBlock *block);
} VectorKernels;

/// The kernels of the highest level that this machine has, or of the level that the environment variable
/// W2V_CPU_LEVEL (baseline, v3, v4) names; a level that the machine lacks is lowered to the best one it has.
/// Chosen at the first call.
const VectorKernels *vector_kernels(void);

/// The kernels of one level, or NULL when the machine (or the architecture) lacks it.
const VectorKernels *vector_kernels_at(VectorCPULevel level);

#endif
