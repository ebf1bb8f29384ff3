// t-SNE: perplexity search, attraction over sparse rows, repulsion of a tile of points, the descent step.

/// Number i, of 16 or 32 bits, of which the compiler knows nothing more: it would load sixteen of them as one vector and take that apart
/// again, which takes longer than sixteen loads.
static inline size_t on_its_own(const void *numbers, _Bool halves, size_t i) {
    size_t n = halves ? ((const uint16_t *)numbers)[i] : ((const uint32_t *)numbers)[i];
    __asm__("" : "+r"(n));
    return n;
}

/// Loads the positions of LANES points whose numbers (of 16 bits, or of 32) are given, one vector a coordinate.
static inline __attribute__((always_inline)) void load_points(const float *positions, size_t dimensions,
                                                              const void *numbers, _Bool halves, Vector *to) {
    if (dimensions == 2) {
        // One 64-bit load a point, then shuffles: faster than gathers on the machines measured.
        typedef double Pairs __attribute__((vector_size(LANES * 4)));
        typedef float PairsAsFloats __attribute__((vector_size(LANES * 4)));
        const char *base = (const char *)positions;
        Pairs low, high;
#define PAIR(i) ({ double both; memcpy(&both, base + on_its_own(numbers, halves, i) * 8, 8); both; })
#if LANES == 4
        low = (Pairs){PAIR(0), PAIR(1)};
        high = (Pairs){PAIR(2), PAIR(3)};
        PairsAsFloats a = (PairsAsFloats)low, b = (PairsAsFloats)high;
        to[0] = __builtin_shufflevector(a, b, 0, 2, 4, 6);
        to[1] = __builtin_shufflevector(a, b, 1, 3, 5, 7);
#elif LANES == 8
        low = (Pairs){PAIR(0), PAIR(1), PAIR(4), PAIR(5)};
        high = (Pairs){PAIR(2), PAIR(3), PAIR(6), PAIR(7)};
        PairsAsFloats a = (PairsAsFloats)low, b = (PairsAsFloats)high;
        to[0] = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14);
        to[1] = __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
#else
        low = (Pairs){PAIR(0), PAIR(1), PAIR(4), PAIR(5), PAIR(8), PAIR(9), PAIR(12), PAIR(13)};
        high = (Pairs){PAIR(2), PAIR(3), PAIR(6), PAIR(7), PAIR(10), PAIR(11), PAIR(14), PAIR(15)};
        PairsAsFloats a = (PairsAsFloats)low, b = (PairsAsFloats)high;
        to[0] = __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30);
        to[1] = __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
#endif
#undef PAIR
        return;
    }
    // One 128-bit load a point (x, y, z, 0), then transposed four by four in each quarter of the vectors.
    typedef float Four __attribute__((vector_size(16)));
    Vector r[4];
    for (int j = 0; j < 4; j++) {
        Four part[LANES / 4];
        for (int i = 0; i < LANES / 4; i++) memcpy(&part[i], positions + on_its_own(numbers, halves, (size_t)(4 * i + j)) * 4, 16);
#if LANES == 4
        r[j] = part[0];
#elif LANES == 8
        r[j] = __builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7);
#else
        r[j] = __builtin_shufflevector(__builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7),
                                       __builtin_shufflevector(part[2], part[3], 0, 1, 2, 3, 4, 5, 6, 7), 0, 1, 2, 3, 4, 5,
                                       6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
    }
#if LANES == 4
#define QUARTERS(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, (k) + 4, (l) + 4)
#elif LANES == 8
#define QUARTERS(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, (k) + 8, (l) + 8, (i) + 4, (j) + 4, (k) + 12, (l) + 12)
#else
#define QUARTERS(a, b, i, j, k, l)                                                                                     \
    __builtin_shufflevector(a, b, i, j, (k) + 16, (l) + 16, (i) + 4, (j) + 4, (k) + 20, (l) + 20, (i) + 8, (j) + 8,      \
                            (k) + 24, (l) + 24, (i) + 12, (j) + 12, (k) + 28, (l) + 28)
#endif
    Vector xy01 = QUARTERS(r[0], r[1], 0, 1, 0, 1), xy23 = QUARTERS(r[2], r[3], 0, 1, 0, 1);
    Vector z01 = QUARTERS(r[0], r[1], 2, 2, 2, 2), z23 = QUARTERS(r[2], r[3], 2, 2, 2, 2);
    to[0] = QUARTERS(xy01, xy23, 0, 2, 0, 2);
    to[1] = QUARTERS(xy01, xy23, 1, 3, 1, 3);
    to[2] = QUARTERS(z01, z23, 0, 2, 0, 2);
#undef QUARTERS
}

/// What the points of one row pull at its own, summed so far.
typedef struct Pull {
    Vector at[3], force[3], score;
} Pull;

/// Adds up to LANES entries: their weights p and their points' numbers.
static inline __attribute__((always_inline)) void pull(Pull *to, const float *positions, size_t dimensions,
                                                       float inverse, Vector p, const void *numbers, _Bool halves,
                                                       _Bool withScore) {
    Vector delta[3], square = {};
    load_points(positions, dimensions, numbers, halves, delta);
    for (size_t d = 0; d < dimensions; d++) {
        delta[d] = to->at[d] - delta[d];
        square += delta[d] * delta[d];
    }
    square = 1.0f + square * inverse;
    Vector weight = p / square;
    for (size_t d = 0; d < dimensions; d++) to->force[d] += weight * delta[d];
    if (withScore) to->score += p * logarithm(square);
}

static inline __attribute__((always_inline)) IntVector lane_numbers(void) {
    IntVector lanes;
    for (int i = 0; i < LANES; i++) lanes[i] = i;
    return lanes;
}

static inline __attribute__((always_inline)) Pull pull_at(const float *own, size_t dimensions) {
    Pull to = {};
    for (size_t d = 0; d < dimensions; d++) to.at[d] = splat(own[d]);
    return to;
}

/// Entries from ..< to, numbers of 32 bits. Those up to `end` may be read; they have no weight here.
static inline __attribute__((always_inline)) void pull_run(Pull *pulled, const float *positions, size_t dimensions,
                                                           float inverse, const uint32_t *columns, const float *values,
                                                           size_t from, size_t to, size_t end, uint32_t own,
                                                           _Bool withScore) {
    uint32_t tail[LANES];
    for (size_t i = from; i < to; i += LANES) {
        const uint32_t *numbers = columns + i;
        Vector p;
        if (to - i >= LANES) {
            p = load(values + i);
        } else if (end - i >= LANES) {
            p = (Vector)((IntVector)load(values + i) & (lane_numbers() < (int32_t)(to - i)));
        } else {
            // The missing entries are the row's own point with weight 0.
            for (size_t lane = 0; lane < LANES; lane++) tail[lane] = i + lane < to ? columns[i + lane] : own;
            numbers = tail;
            p = load_part(values + i, to - i);
        }
        pull(pulled, positions, dimensions, inverse, p, numbers, 0, withScore);
    }
}

/// Writes the force, times a unit; returns the score in it.
static inline __attribute__((always_inline)) double pull_end(const Pull *pulled, size_t dimensions, float unit,
                                                             float *out, _Bool withScore) {
    for (size_t d = 0; d < dimensions; d++) out[d] = sum(pulled->force[d]) * unit;
    if (dimensions == 3) out[3] = 0;
    return withScore ? (double)unit * sum(pulled->score) : 0;
}

static inline __attribute__((always_inline)) double attraction_rows(
    const float *positions, size_t dimensions, float freedom, const uint64_t *starts, const uint32_t *columns,
    const float *values, size_t first, size_t count, float *forces, _Bool withScore) {
    size_t end = starts[first + count], stride = dimensions == 2 ? 2 : 4;
    double score = 0;
    for (size_t row = first; row < first + count; row++) {
        Pull pulled = pull_at(positions + row * stride, dimensions);
        pull_run(&pulled, positions, dimensions, 1 / freedom, columns, values, starts[row], starts[row + 1], end,
                 (uint32_t)row, withScore);
        score += pull_end(&pulled, dimensions, 1, forces + (row - first) * stride, withScore);
    }
    return score;
}

static double tsne_attraction(const float *positions, size_t dimensions, float freedom, const uint64_t *starts,
                              const uint32_t *columns, const float *values, size_t first, size_t count, float *forces,
                              _Bool withScore) {
    if (dimensions == 2 && !withScore)
        return attraction_rows(positions, 2, freedom, starts, columns, values, first, count, forces, 0);
    if (dimensions == 2)
        return freedom * attraction_rows(positions, 2, freedom, starts, columns, values, first, count, forces, 1);
    return freedom * attraction_rows(positions, 3, freedom, starts, columns, values, first, count, forces, withScore);
}

static inline __attribute__((always_inline)) double packed_rows(const float *positions, size_t dimensions,
                                                                float freedom, const TsnePackedRows *rows,
                                                                float *forces, _Bool withScore) {
    typedef uint16_t Halves __attribute__((vector_size(LANES * 2)));
    float inverse = 1 / freedom, unit = rows->unit * rows->unit;
    size_t stride = dimensions == 2 ? 2 : 4, farEnd = rows->farStarts[rows->count];
    double score = 0;
    for (size_t r = 0; r < rows->count; r++) {
        size_t row = rows->first + r, from = rows->starts[row];
        Pull pulled = pull_at(positions + row * stride, dimensions);
        const float *window = positions + tsne_window(row, rows->points) * stride;
        for (int32_t left = (int32_t)rows->nearCounts[row]; left > 0; left -= LANES, from += LANES) {
            Halves halves;
            memcpy(&halves, rows->roots + from, sizeof halves);
            // Numbers of 16 bits fill the lanes' lower halves: no sign.
            Vector root = __builtin_convertvector(__builtin_convertvector(halves, IntVector), Vector);
            if (left < LANES) root = (Vector)((IntVector)root & (lane_numbers() < left));
            pull(&pulled, window, dimensions, inverse, root * root, rows->offsets + from, 1, withScore);
        }
        pull_run(&pulled, positions, dimensions, inverse, rows->farColumns, rows->farValues, rows->farStarts[r],
                 rows->farStarts[r + 1], farEnd, (uint32_t)row, withScore);
        score += pull_end(&pulled, dimensions, unit, forces + r * stride, withScore);
    }
    return score;
}

static double tsne_packed_attraction(const float *positions, size_t dimensions, float freedom,
                                     const TsnePackedRows *rows, float *forces, _Bool withScore) {
    if (dimensions == 2 && !withScore) return packed_rows(positions, 2, freedom, rows, forces, 0);
    if (dimensions == 2) return freedom * packed_rows(positions, 2, freedom, rows, forces, 1);
    return freedom * packed_rows(positions, 3, freedom, rows, forces, withScore);
}

/// Points of a tile that are worked on at once: as many as the registers hold.
#if LANES == 16
#define TILE_POINTS 4
#else
#define TILE_POINTS 2
#endif

/// `number` points (a constant, at most TILE_POINTS) against `count` sources (a multiple of LANES; padding has mass 0):
/// adds to each point's force and sum. With `own`, source i is point i, and no point meets itself.
static inline __attribute__((always_inline)) void repel_points(
    const float *const *points, size_t from, int number, const float *const *sources, const float *masses,
    size_t count, size_t dimensions, float freedom, _Bool own, float (*force)[3], double *total) {
    Vector at[TILE_POINTS][3], out[TILE_POINTS][3] = {}, z[TILE_POINTS] = {};
    IntVector lanes;
    for (int i = 0; i < LANES; i++) lanes[i] = i;
    for (int i = 0; i < number; i++)
        for (size_t d = 0; d < dimensions; d++) at[i][d] = splat(points[d][from + (size_t)i]);
    for (size_t j = 0; j < count; j += LANES) {
        Vector shared = load(masses + j);
        for (int i = 0; i < number; i++) {
            Vector delta[3], square = splat(1.0f), mass = shared;
            if (own) mass = choose(lanes == (int32_t)(from + (size_t)i) - (int32_t)j, (Vector){}, mass);
            for (size_t d = 0; d < dimensions; d++) {
                delta[d] = at[i][d] - load(sources[d] + j);
                square += delta[d] * delta[d];
            }
            Vector q = 1.0f / square, weighted = mass * q;
            if (freedom != 1) {
                q = 1.0f / (1.0f + (square - 1.0f) * (1 / freedom));
                weighted = mass * exponential(logarithm(q) * freedom);
            }
            z[i] += weighted;
            weighted *= q;
            for (size_t d = 0; d < dimensions; d++) out[i][d] += weighted * delta[d];
        }
    }
    for (int i = 0; i < number; i++) {
        for (size_t d = 0; d < dimensions; d++) force[from + (size_t)i][d] += sum(out[i][d]);
        total[from + (size_t)i] += sum(z[i]);
    }
}

static inline __attribute__((always_inline)) void repel_any(const float *const *points, size_t pointCount,
                                                            const float *const *sources, const float *masses,
                                                            size_t count, size_t dimensions, float freedom, _Bool own,
                                                            float (*force)[3], double *total) {
    size_t i = 0;
    for (; i + TILE_POINTS <= pointCount; i += TILE_POINTS)
        repel_points(points, i, TILE_POINTS, sources, masses, count, dimensions, freedom, own, force, total);
    if (i + 2 <= pointCount) {
        repel_points(points, i, 2, sources, masses, count, dimensions, freedom, own, force, total);
        i += 2;
    }
    if (i < pointCount) repel_points(points, i, 1, sources, masses, count, dimensions, freedom, own, force, total);
}

static inline __attribute__((always_inline)) void repel_dimensions(
    const float *const *points, size_t pointCount, const float *const *sources, const float *masses, size_t count,
    size_t dimensions, float freedom, _Bool own, float (*force)[3], double *total) {
    if (freedom != 1)
        repel_any(points, pointCount, sources, masses, count, dimensions, freedom, own, force, total);
    else if (dimensions == 2)
        repel_any(points, pointCount, sources, masses, count, 2, 1, own, force, total);
    else
        repel_any(points, pointCount, sources, masses, count, 3, 1, own, force, total);
}

static __attribute__((noinline)) void repel(const float *const *points, size_t pointCount, const float *const *sources,
                                            const float *masses, size_t count, size_t dimensions, float freedom,
                                            float (*force)[3], double *total) {
    repel_dimensions(points, pointCount, sources, masses, count, dimensions, freedom, 0, force, total);
}

/// As `repel`, where source i is point i: none on itself, whose part of 1 would swamp those of far points.
static __attribute__((noinline)) void repel_own(const float *const *points, size_t pointCount,
                                                const float *const *sources, const float *masses, size_t count,
                                                size_t dimensions, float freedom, float (*force)[3], double *total) {
    repel_dimensions(points, pointCount, sources, masses, count, dimensions, freedom, 1, force, total);
}

/// Room for sources before they are worked off.
enum { SOURCES = 1024, TILE_LIMIT = TSNE_TILE_POINTS };

typedef struct SourceList {
    float at[3][SOURCES + 16];
    float mass[SOURCES + 16];
    size_t count;
} SourceList;

static void work_off(const TsneTree *tree, SourceList *list, const float *const *points, size_t pointCount,
                     float (*force)[3], double *total) {
    size_t padded = (list->count + LANES - 1) / LANES * LANES;
    for (size_t i = list->count; i < padded; i++) {
        for (size_t d = 0; d < 3; d++) list->at[d][i] = 0;
        list->mass[i] = 0;
    }
    const float *sources[3] = {list->at[0], list->at[1], list->at[2]};
    repel(points, pointCount, sources, list->mass, padded, tree->dimensions, tree->freedom, force, total);
    list->count = 0;
}

/// The points of the tile on each other.
static void repel_each_other(const TsneTree *tree, SourceList *list, const float *const *points, size_t count,
                             float (*force)[3], double *total) {
    size_t dimensions = tree->dimensions, padded = (count + LANES - 1) / LANES * LANES;
    for (size_t d = 0; d < dimensions; d++) {
        memcpy(list->at[d], points[d], count * sizeof(float));
        for (size_t i = count; i < padded; i++) list->at[d][i] = 0;
    }
    for (size_t i = 0; i < padded; i++) list->mass[i] = i < count ? 1 : 0;
    const float *sources[3] = {list->at[0], list->at[1], list->at[2]};
    repel_own(points, count, sources, list->mass, padded, dimensions, tree->freedom, force, total);
}

/// Adds points first ..< first + count, in tree order, to the list, but none of the tile's.
static void add_points(const TsneTree *tree, size_t first, size_t count, size_t tileFirst, size_t tileCount,
                       SourceList *list, const float *const *points, float (*force)[3], double *total) {
    for (size_t from = first; from < first + count;) {
        if (from >= tileFirst && from < tileFirst + tileCount) {
            from = tileFirst + tileCount;
            continue;
        }
        size_t end = from < tileFirst && tileFirst < first + count ? tileFirst : first + count;
        size_t number = end - from, room = SOURCES - list->count;
        if (number > room) number = room;
        for (size_t d = 0; d < tree->dimensions; d++)
            memcpy(list->at[d] + list->count, tree->points[d] + from, number * sizeof(float));
        for (size_t i = 0; i < number; i++) list->mass[list->count + i] = 1;
        list->count += number;
        from += number;
        if (list->count == SOURCES) work_off(tree, list, points, tileCount, force, total);
    }
}

/// Writes the tile's forces to its points' places and returns their part of Z.
static double finish_tile(const TsneTree *tree, size_t first, size_t count, const float (*force)[3],
                          const double *total, float *forces) {
    size_t dimensions = tree->dimensions, stride = dimensions == 2 ? 2 : 4;
    double z = 0;
    for (size_t i = 0; i < count; i++) {
        float *out = forces + (size_t)tree->order[first + i] * stride;
        for (size_t d = 0; d < dimensions; d++) out[d] = force[i][d];
        if (dimensions == 3) out[3] = 0;
        z += total[i];
    }
    return z;
}

/// Cells tested at a time: as many groups of four brothers as a vector holds, at least two.
#if LANES == 16
enum { TESTED = 16 };
#else
enum { TESTED = 8 };
#endif
typedef float Cells __attribute__((vector_size(TESTED * 4)));
typedef int32_t CellNumbers __attribute__((vector_size(TESTED * 4)));

/// Cells still to be divided (a step adds at most TESTED, all of one level or deeper than all before, on 24 levels at
/// most), and leaves still to be added.
enum { OPEN_CELLS = 512, LEAVES = 256 };

/// Up to TESTED cells: groups of at most four that lie side by side.
typedef struct CellGroups {
    uint32_t first[TESTED / 4];
    uint32_t count[TESTED / 4];
} CellGroups;

/// Loads one field of the cells; lanes behind the end of a group hold anything.
static inline void load_cells(const void *field, const CellGroups *groups, CellNumbers *to) {
    typedef int32_t Four __attribute__((vector_size(16)));
    Four part[TESTED / 4];
    for (int i = 0; i < TESTED / 4; i++) memcpy(&part[i], (const char *)field + (size_t)groups->first[i] * 4, 16);
#if LANES == 16
    *to = __builtin_shufflevector(__builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7),
                                  __builtin_shufflevector(part[2], part[3], 0, 1, 2, 3, 4, 5, 6, 7), 0, 1, 2, 3, 4, 5,
                                  6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
    *to = __builtin_shufflevector(part[0], part[1], 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}

/// Writes the lanes where the mask is set one behind the other, whatever behind them (at most TESTED in all); returns
/// their number.
static inline size_t compress(const CellNumbers *mask, const CellNumbers *values, void *const *to, size_t number) {
#if LANES == 16
    unsigned short bits = (unsigned short)__builtin_ia32_cvtd2mask512(*mask);
    for (size_t i = 0; i < number; i++) {
        CellNumbers packed = (CellNumbers)__builtin_ia32_compresssi512_mask(values[i], (CellNumbers){}, bits);
        memcpy(to[i], &packed, sizeof packed);
    }
    return (size_t)__builtin_popcount(bits);
#else
    size_t count = 0;
    for (int lane = 0; lane < TESTED; lane++) {
        for (size_t i = 0; i < number; i++) ((int32_t *)to[i])[count] = values[i][lane];
        count += (size_t)((*mask)[lane] & 1);
    }
    return count;
#endif
}

/// A leaf that is too close to be taken as one.
static void add_leaf(const TsneTree *tree, uint32_t leaf, size_t first, size_t count, SourceList *list,
                     const float *const *points, float (*force)[3], double *total, _Bool *eachOther) {
    size_t leafFirst = tree->nodes.first[leaf], leafCount = tree->nodes.count[leaf];
    if (tree->nodes.limit[leaf] < 0) {
        // Identical points, some of them the tile's. If all of the tile's are in this place, each meets all but itself.
        if (leafFirst <= first && leafFirst + leafCount >= first + count) {
            for (size_t d = 0; d < tree->dimensions; d++) list->at[d][list->count] = tree->nodes.centre[d][leaf];
            list->mass[list->count++] = (float)(leafCount - 1);
            *eachOther = 0;
            if (list->count == SOURCES) work_off(tree, list, points, count, force, total);
        }
        return;
    }
    _Bool apart = leafFirst + leafCount <= first || leafFirst >= first + count;
    if (apart && leafCount <= 8 && list->count + 8 <= SOURCES) {
        // Always eight, what is too much is written over: the arrays have room for it.
        for (size_t d = 0; d < tree->dimensions; d++)
            memcpy(list->at[d] + list->count, tree->points[d] + leafFirst, 8 * sizeof(float));
        for (size_t i = 0; i < 8; i++) list->mass[list->count + i] = 1;
        list->count += leafCount;
        if (list->count == SOURCES) work_off(tree, list, points, count, force, total);
        return;
    }
    add_points(tree, leafFirst, leafCount, first, count, list, points, force, total);
}

/// Takes cells off the end of the open ones, as long as their children find room; returns how many are left.
static inline size_t next_groups(const TsneNodes *nodes, const uint32_t *open, size_t openCount, CellGroups *groups) {
    int taken = 0;
    while (taken < TESTED / 4 && openCount > 0) {
        uint32_t child = nodes->child[open[openCount - 1]], children = nodes->children[open[openCount - 1]];
        if (children > 4) {
            if (taken + 2 > TESTED / 4) break;
            groups->first[taken] = child + 4;
            groups->count[taken++] = children - 4;
            children = 4;
        }
        groups->first[taken] = child;
        groups->count[taken++] = children;
        openCount--;
    }
    for (; taken < TESTED / 4; taken++) groups->count[taken] = 0;
    return openCount;
}

static inline __attribute__((always_inline)) void repulsion_of_cells(
    const TsneTree *tree, size_t dimensions, size_t first, size_t count, const float *const *points,
    const float *middle, const float *half, SourceList *list, float (*force)[3], double *total) {
    TsneNodes nodes = tree->nodes;
    _Bool eachOther = 1;
    uint32_t open[OPEN_CELLS + TESTED], leaves[LEAVES + TESTED];
    size_t openCount = 0, leafCount = 0;
    CellGroups groups = {{tree->root}, {1}};
    for (int i = 1; i < TESTED / 4; i++) groups.first[i] = tree->root;
    CellNumbers place;
    for (int i = 0; i < TESTED; i++) place[i] = i % 4;
    while (1) {
        CellNumbers starts = {}, number = {};
        for (int i = 0; i < TESTED; i++) {
            starts[i] = (int32_t)groups.first[i / 4];
            number[i] = (int32_t)groups.count[i / 4];
        }
        CellNumbers cellFirst, mass, limits, children, values[4];
        load_cells(nodes.first, &groups, &cellFirst);
        load_cells(nodes.count, &groups, &mass);
        load_cells(nodes.limit, &groups, &limits);
        load_cells(nodes.children, &groups, &children);
        Cells limit = (Cells)limits, distance = {};
        for (size_t d = 0; d < dimensions; d++) {
            load_cells(nodes.centre[d], &groups, &values[d]);
            // The box's distance is at most that of any of its points: as strict as a test per point, or stricter.
            Cells outside = __builtin_elementwise_abs((Cells)values[d] - middle[d]) - half[d];
            outside = __builtin_elementwise_max(outside, (Cells){});
            distance += outside * outside;
        }
        values[dimensions] = (CellNumbers)__builtin_convertvector(mass, Cells);
        CellNumbers valid = place < number;
        // A cell that holds points of the tile is never taken as one.
        CellNumbers own = (cellFirst < (int32_t)(first + count)) & (cellFirst + mass > (int32_t)first);
        CellNumbers taken = ((distance > limit) | (limit < 0)) & ~own & valid;
        CellNumbers leaf = valid & ~taken & (children == 0), inner = valid & ~taken & (children != 0);
        CellNumbers numbers = starts + place;
        void *to[4];
        for (size_t d = 0; d < dimensions; d++) to[d] = list->at[d] + list->count;
        to[dimensions] = list->mass + list->count;
        list->count += compress(&taken, values, to, dimensions + 1);
        leafCount += compress(&leaf, &numbers, (void *[]){leaves + leafCount}, 1);
        openCount += compress(&inner, &numbers, (void *[]){open + openCount}, 1);
        if (list->count >= SOURCES - TESTED) work_off(tree, list, points, count, force, total);
        if (leafCount >= LEAVES || openCount == 0) {
            for (size_t i = 0; i < leafCount; i++)
                add_leaf(tree, leaves[i], first, count, list, points, force, total, &eachOther);
            leafCount = 0;
            if (list->count >= SOURCES - TESTED) work_off(tree, list, points, count, force, total);
        }
        if (openCount == 0) break;
        openCount = next_groups(&nodes, open, openCount, &groups);
    }
    work_off(tree, list, points, count, force, total);
    if (eachOther) repel_each_other(tree, list, points, count, force, total);
}

static double tsne_repulsion(const TsneTree *tree, size_t first, size_t count, float *forces) {
    size_t dimensions = tree->dimensions;
    float force[TILE_LIMIT][3] = {};
    double total[TILE_LIMIT] = {};
    const float *points[3];
    // The box around the tile.
    float middle[3], half[3];
    for (size_t d = 0; d < dimensions; d++) {
        points[d] = tree->points[d] + first;
        float low = points[d][0], high = low;
        for (size_t i = 1; i < count; i++) {
            low = points[d][i] < low ? points[d][i] : low;
            high = points[d][i] > high ? points[d][i] : high;
        }
        middle[d] = low + (high - low) * 0.5f;
        // A little wider, so that rounding never leaves a point outside.
        half[d] = (high - low) * 0.500001f + fabsf(middle[d]) * 2e-7f;
    }
    SourceList list;
    list.count = 0;
    if (!tree->hasCells) {
        add_points(tree, 0, tree->count, first, count, &list, points, force, total);
        work_off(tree, &list, points, count, force, total);
        repel_each_other(tree, &list, points, count, force, total);
    } else if (dimensions == 2) {
        repulsion_of_cells(tree, 2, first, count, points, middle, half, &list, force, total);
    } else {
        repulsion_of_cells(tree, 3, first, count, points, middle, half, &list, force, total);
    }
    return finish_tile(tree, first, count, (const float (*)[3])force, total, forces);
}

static double tsne_row_affinities(const float *squares, size_t count, double logPerplexity, float *weights) {
    if (count == 0) return 0;
    // Distances less the least one, in units of their mean: neither sum overflows nor the search starts far off.
    float least = squares[0];
    for (size_t i = 1; i < count; i++)
        if (squares[i] < least) least = squares[i];
    double mean = 0;
    for (size_t i = 0; i < count; i++) mean += (double)squares[i] - least;
    mean /= (double)count;
    if (!(mean > 0)) {
        for (size_t i = 0; i < count; i++) weights[i] = 1.0f / (float)count;
        return 0;
    }
    double unit = 1 / mean, low = 0, high = INFINITY, beta = 1;
    for (int step = 0; step < 200; step++) {
        // Entropy of w / Σw with w = exp(−β·d): ln Σw + β·Σ(w·d) / Σw.
        double total = 0, moment = 0, second = 0;
        for (size_t i = 0; i < count; i += LANES) {
            size_t number = count - i < LANES ? count - i : LANES;
            Vector d = load_part(squares + i, number);
            if (number == LANES) d = load(squares + i);
            d = (d - least) * (float)unit;
            Vector w = exponential(d * (float)-beta);
            if (number < LANES) {
                float all[LANES];
                store(all, w);
                w = load_part(all, number);
            }
            store_part(weights + i, w, number);
            total += sum(w);
            w *= d;
            moment += sum(w);
            second += sum(w * d);
        }
        double entropy = log(total) + beta * moment / total;
        double difference = entropy - logPerplexity;
        if (fabs(difference) < 1e-6 || step == 199 || (high - low) < 1e-9 * beta || beta > 1e30) {
            float scale = (float)(1 / total);
            for (size_t i = 0; i < count; i++) weights[i] *= scale;
            return beta * unit;
        }
        if (difference > 0)
            low = beta;
        else
            high = beta;
        // Newton's step for ln β, of which the entropy falls by β² times the variance of d; where that leaves the
        // bracket, its middle.
        double distance = moment / total, slope = beta * beta * (second / total - distance * distance);
        double factor = slope > 0 ? difference / slope : 0;
        double next = beta * exp(factor > 1.4 ? 1.4 : factor < -1.4 ? -1.4 : factor);
        if (!(next > low && next < high)) next = high == INFINITY ? beta * 2 : (low + high) / 2;
        beta = next;
    }
    return beta * unit;
}

static void tsne_step(const TsneStep *step, size_t dimensions, size_t count, const float *attraction,
                      const float *repulsion, float *velocity, float *memory) {
    size_t stride = dimensions == 2 ? 2 : 4;
    float exaggeration = step->exaggeration, inverse = step->inverseTotal, rate = step->learningRate;
    if (step->adaGrad) {
        for (size_t i = 0; i < count * stride; i++) {
            float gradient = exaggeration * attraction[i] - inverse * repulsion[i];
            memory[i] += gradient * gradient;
            velocity[i] = memory[i] > 0 ? -rate * gradient / sqrtf(memory[i]) : 0;
        }
    } else {
        float momentum = step->momentum, minGain = step->minGain;
        for (size_t i = 0; i < count * stride; i++) {
            float gradient = exaggeration * attraction[i] - inverse * repulsion[i];
            float old = velocity[i];
            int same = ((old > 0) & (gradient > 0)) | ((old < 0) & (gradient < 0));
            float smaller = memory[i] * 0.8f;
            smaller = smaller > minGain ? smaller : minGain;
            float gain = same ? smaller : memory[i] + 0.2f;
            memory[i] = gain;
            velocity[i] = momentum * old - rate * gain * gradient;
        }
    }
    float limit = step->maxStepNorm;
    for (size_t i = 0; i < count; i++) {
        float *v = velocity + i * stride;
        float square = v[0] * v[0] + v[1] * v[1];
        if (dimensions == 3) square += v[2] * v[2];
        if (square > limit * limit) {
            float scale = limit / sqrtf(square);
            for (size_t d = 0; d < dimensions; d++) v[d] *= scale;
        }
    }
}

static TsneExtent tsne_move(const float *positions, const float *velocity, const float *shift, size_t dimensions,
                            size_t count, float *to) {
    size_t stride = dimensions == 2 ? 2 : 4, n = count * stride, i = 0;
    // Lane l holds coordinate l % stride, here and in all vectors, as the stride divides their lanes.
    Vector back, total = {}, low = splat(INFINITY), high = splat(-INFINITY);
    for (size_t lane = 0; lane < LANES; lane++) back[lane] = velocity && lane % stride < dimensions ? shift[lane % stride] : 0;
    for (; i + LANES <= n; i += LANES) {
        Vector at = load(positions + i);
        if (velocity) {
            at = (at - back) + load(velocity + i);
            store(to + i, at);
        }
        total += at;
        low = minimum(low, at);
        high = maximum(high, at);
    }
    TsneExtent extent = {};
    for (size_t d = 0; d < stride; d++) {
        float sum = 0, least = INFINITY, most = -INFINITY;
        for (size_t lane = d; lane < LANES; lane += stride) {
            sum += total[lane];
            least = low[lane] < least ? low[lane] : least;
            most = high[lane] > most ? high[lane] : most;
        }
        for (size_t j = i + d; j < n; j += stride) {
            float at = positions[j];
            if (velocity) to[j] = at = (at - back[d]) + velocity[j];
            sum += at;
            least = at < least ? at : least;
            most = at > most ? at : most;
        }
        if (d >= dimensions) continue;
        extent.sum[d] = sum;
        extent.low[d] = least;
        extent.high[d] = most;
    }
    return extent;
}
