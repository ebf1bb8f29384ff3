// Tiles of the neighbour search in whole numbers of 16 bits: twice as many products an instruction as of floats.
#if LANES >= 8
#define NEIGHBOR_WHOLES 1

#if LANES == 16
typedef short Shorts __attribute__((vector_size(64)));
#else
typedef short Shorts __attribute__((vector_size(32)));
#endif

static inline __attribute__((always_inline)) IntVector load_whole(const void *from) {
    IntVector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline __attribute__((always_inline)) IntVector splat_whole(int32_t x) {
    typedef int32_t Spread __attribute__((ext_vector_type(LANES)));
    return (IntVector)(Spread)x;
}

/// What a tile of whole numbers is made of.
typedef struct WholeTile {
    const int32_t *rows, *columns; ///< panels
    size_t pairs;                  ///< pairs of coordinates
    const int32_t *rowOffsets, *columnOffsets, *rowLimits, *columnLimits;
    float square;                  ///< of the unit
    size_t row;                    ///< place of the first row in its block
} WholeTile;

#define WHOLE_TILE static __attribute__((noinline)) size_t whole_tile
#if LANES == 16
#define ADD_PRODUCTS(sum, a, b) ((sum) + (IntVector)__builtin_ia32_pmaddwd512((Shorts)(a), (Shorts)(b)))
#else
#define ADD_PRODUCTS(sum, a, b) ((sum) + (IntVector)__builtin_ia32_pmaddwd256((Shorts)(a), (Shorts)(b)))
#endif
#include "whole_tile.h"

#if LANES == 16
// Machines with AVX-512's instructions for neural networks add the products in the same instruction.
#define WHOLE_TILE                                                                                                     \
    static __attribute__((noinline, target(V4_FEATURES ",avx512vnni"))) size_t                                     \
    whole_tile_vnni
#define ADD_PRODUCTS(sum, a, b) ((IntVector)__builtin_ia32_vpdpwssd512(sum, a, b))
#include "whole_tile.h"

static _Bool has_vnni(void) { return __builtin_cpu_supports("avx512vnni") != 0; }
#endif
#else
#define NEIGHBOR_WHOLES 0
#endif
