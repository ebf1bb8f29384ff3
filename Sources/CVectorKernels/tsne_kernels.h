// t-SNE: perplexity search, attraction over sparse rows, repulsion of a tile of points, the descent step.

/// Loads the positions of LANES points whose numbers are given, one vector a coordinate.
static inline void load_points(const float *positions, size_t dimensions, const uint32_t *numbers, Vector *to) {
    if (dimensions == 2) {
        // One 64-bit load a point, then shuffles: faster than gathers on the machines measured.
        typedef double Pairs __attribute__((vector_size(LANES * 4)));
        typedef float PairsAsFloats __attribute__((vector_size(LANES * 4)));
        const char *base = (const char *)positions;
        Pairs low, high;
#define PAIR(i) ({ double both; memcpy(&both, base + (size_t)numbers[i] * 8, 8); both; })
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
    // One 128-bit load a point (x, y, z, 0), then transposed four by four.
    typedef float Four __attribute__((vector_size(16)));
    float coordinates[3][LANES];
    for (int i = 0; i < LANES; i += 4) {
        Four r[4];
        for (int j = 0; j < 4; j++) memcpy(&r[j], positions + (size_t)numbers[i + j] * 4, 16);
        Four xy01 = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), xy23 = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
        Four z01 = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7), z23 = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
        Four x = __builtin_shufflevector(xy01, xy23, 0, 1, 4, 5), y = __builtin_shufflevector(xy01, xy23, 2, 3, 6, 7);
        Four z = __builtin_shufflevector(z01, z23, 0, 1, 4, 5);
        memcpy(&coordinates[0][i], &x, 16);
        memcpy(&coordinates[1][i], &y, 16);
        memcpy(&coordinates[2][i], &z, 16);
    }
    for (int d = 0; d < 3; d++) to[d] = load(coordinates[d]);
}

static inline __attribute__((always_inline)) double attraction_rows(
    const float *positions, size_t dimensions, float freedom, const uint64_t *starts, const uint32_t *columns,
    const float *values, size_t first, size_t count, float *forces, _Bool withScore) {
    float inverse = 1 / freedom;
    size_t end = starts[first + count];
    IntVector lanes;
    for (int i = 0; i < LANES; i++) lanes[i] = i;
    size_t stride = dimensions == 2 ? 2 : 4;
    double score = 0;
    for (size_t row = first; row < first + count; row++) {
        const float *own = positions + row * stride;
        Vector at[3], force[3] = {}, rowScore = {};
        for (size_t d = 0; d < dimensions; d++) at[d] = splat(own[d]);
        size_t from = starts[row], to = starts[row + 1];
        uint32_t tail[LANES];
        for (size_t i = from; i < to; i += LANES) {
            const uint32_t *numbers = columns + i;
            Vector p;
            if (to - i >= LANES) {
                p = load(values + i);
            } else if (end - i >= LANES) {
                // What belongs to the next rows has no weight here.
                p = (Vector)((IntVector)load(values + i) & (lanes < (int32_t)(to - i)));
            } else {
                // The missing entries are the row's own point with weight 0.
                for (size_t lane = 0; lane < LANES; lane++) tail[lane] = i + lane < to ? columns[i + lane] : (uint32_t)row;
                numbers = tail;
                p = load_part(values + i, to - i);
            }
            Vector delta[3], square = {};
            load_points(positions, dimensions, numbers, delta);
            for (size_t d = 0; d < dimensions; d++) {
                delta[d] = at[d] - delta[d];
                square += delta[d] * delta[d];
            }
            square = 1.0f + square * inverse;
            Vector weight = p / square;
            for (size_t d = 0; d < dimensions; d++) force[d] += weight * delta[d];
            if (withScore) rowScore += p * logarithm(square);
        }
        float *out = forces + (row - first) * stride;
        for (size_t d = 0; d < dimensions; d++) out[d] = sum(force[d]);
        if (dimensions == 3) out[3] = 0;
        if (withScore) score += sum(rowScore);
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

/// Points of a tile that are worked on at once: as many as the registers hold.
#if LANES == 16
#define TILE_POINTS 4
#else
#define TILE_POINTS 2
#endif

/// `number` points (a constant, at most TILE_POINTS) against `count` sources (a multiple of LANES; padding has mass 0):
/// adds to each point's force and sum.
static inline __attribute__((always_inline)) void repel_points(
    const float *const *points, size_t from, int number, const float *const *sources, const float *masses,
    size_t count, size_t dimensions, float freedom, float (*force)[3], double *total) {
    Vector at[TILE_POINTS][3], out[TILE_POINTS][3] = {}, z[TILE_POINTS] = {};
    for (int i = 0; i < number; i++)
        for (size_t d = 0; d < dimensions; d++) at[i][d] = splat(points[d][from + (size_t)i]);
    for (size_t j = 0; j < count; j += LANES) {
        Vector mass = load(masses + j);
        for (int i = 0; i < number; i++) {
            Vector delta[3], square = splat(1.0f);
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
                                                            size_t count, size_t dimensions, float freedom,
                                                            float (*force)[3], double *total) {
    size_t i = 0;
    for (; i + TILE_POINTS <= pointCount; i += TILE_POINTS)
        repel_points(points, i, TILE_POINTS, sources, masses, count, dimensions, freedom, force, total);
    for (; i < pointCount; i++) repel_points(points, i, 1, sources, masses, count, dimensions, freedom, force, total);
}

static __attribute__((noinline)) void repel(const float *const *points, size_t pointCount, const float *const *sources,
                                            const float *masses, size_t count, size_t dimensions, float freedom,
                                            float (*force)[3], double *total) {
    if (freedom != 1)
        repel_any(points, pointCount, sources, masses, count, dimensions, freedom, force, total);
    else if (dimensions == 2)
        repel_any(points, pointCount, sources, masses, count, 2, 1, force, total);
    else
        repel_any(points, pointCount, sources, masses, count, 3, 1, force, total);
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

/// As `repel`, for one point.
static __attribute__((noinline)) void repel_one(const float *const *points, size_t point, const float *const *sources,
                                                const float *masses, size_t count, size_t dimensions, float freedom,
                                                float (*force)[3], double *total) {
    if (freedom != 1)
        repel_points(points, point, 1, sources, masses, count, dimensions, freedom, force, total);
    else if (dimensions == 2)
        repel_points(points, point, 1, sources, masses, count, 2, 1, force, total);
    else
        repel_points(points, point, 1, sources, masses, count, 3, 1, force, total);
}

/// The points of the tile on each other; none on itself, whose part of 1 would swamp those of far points.
static void repel_each_other(const TsneTree *tree, SourceList *list, const float *const *points, size_t count,
                             float (*force)[3], double *total) {
    size_t dimensions = tree->dimensions, padded = (count + LANES - 1) / LANES * LANES;
    for (size_t d = 0; d < dimensions; d++) {
        memcpy(list->at[d], points[d], count * sizeof(float));
        for (size_t i = count; i < padded; i++) list->at[d][i] = 0;
    }
    for (size_t i = 0; i < padded; i++) list->mass[i] = i < count ? 1 : 0;
    const float *sources[3] = {list->at[0], list->at[1], list->at[2]};
    for (size_t i = 0; i < count; i++) {
        list->mass[i] = 0;
        repel_one(points, i, sources, list->mass, padded, dimensions, tree->freedom, force, total);
        list->mass[i] = 1;
    }
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

/// Cells still to be divided (at most seven for each of 24 levels, and eight more), and leaves still to be added.
enum { OPEN_CELLS = 256, LEAVES = 256 };

/// A leaf that is too close to be taken as one.
static void add_leaf(const TsneTree *tree, const TsneNode *leaf, size_t first, size_t count, SourceList *list,
                     const float *const *points, float (*force)[3], double *total, _Bool *eachOther) {
    if (leaf->limit < 0) {
        // Identical points, some of them the tile's. If all of the tile's are in this place, each meets all but itself.
        if (leaf->first <= first && leaf->first + leaf->count >= first + count) {
            for (size_t d = 0; d < tree->dimensions; d++) list->at[d][list->count] = leaf->centre[d];
            list->mass[list->count++] = (float)(leaf->count - 1);
            *eachOther = 0;
            if (list->count == SOURCES) work_off(tree, list, points, count, force, total);
        }
        return;
    }
    _Bool apart = leaf->first + leaf->count <= first || leaf->first >= first + count;
    if (apart && leaf->count <= 8 && list->count + 8 <= SOURCES) {
        // Always eight, what is too much is written over: the arrays have room for it.
        for (size_t d = 0; d < tree->dimensions; d++)
            memcpy(list->at[d] + list->count, tree->points[d] + leaf->first, 8 * sizeof(float));
        for (size_t i = 0; i < 8; i++) list->mass[list->count + i] = 1;
        list->count += leaf->count;
        if (list->count == SOURCES) work_off(tree, list, points, count, force, total);
        return;
    }
    add_points(tree, leaf->first, leaf->count, first, count, list, points, force, total);
}

static double tsne_repulsion(const TsneTree *tree, size_t first, size_t count, float *forces) {
    typedef float Four __attribute__((vector_size(16)));
    size_t dimensions = tree->dimensions, end = first + count;
    float force[TILE_LIMIT][3] = {};
    double total[TILE_LIMIT] = {};
    const float *points[3];
    // The box around the tile; its fourth lane, the cells' limit, counts for nothing.
    Four middle = {}, half = {0, 0, 0, INFINITY};
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
    if (tree->nodeCount == 0) {
        add_points(tree, 0, tree->count, first, count, &list, points, force, total);
        work_off(tree, &list, points, count, force, total);
        repel_each_other(tree, &list, points, count, force, total);
        return finish_tile(tree, first, count, (const float (*)[3])force, total, forces);
    }
    _Bool eachOther = 1;
    uint32_t open[OPEN_CELLS], leaves[LEAVES + 8];
    size_t openCount = 0, leafCount = 0;
    // Groups of brothers: the number of the first, then how many.
    uint32_t from = tree->root, brothers = 1;
    while (1) {
        for (uint32_t at = from; at < from + brothers; at++) {
            const TsneNode *node = tree->nodes + at;
            Four cell;
            memcpy(&cell, node->centre, sizeof cell);
            // The box's distance is at most that of any of its points: as strict as a test per point, or stricter.
            Four outside = __builtin_elementwise_max(__builtin_elementwise_abs(cell - middle) - half, (Four){});
            outside *= outside;
            float distance = outside[0] + outside[1] + outside[2], limit = node->limit;
            // A cell that holds points of the tile is never taken as one.
            unsigned own = (unsigned)(node->first < end) & (unsigned)(node->first + (size_t)node->count > first);
            unsigned taken = ((unsigned)(distance > limit) | (unsigned)(limit < 0)) & ~own & 1;
            unsigned leaf = (unsigned)(node->children == 0);
            list.at[0][list.count] = cell[0];
            list.at[1][list.count] = cell[1];
            list.at[2][list.count] = cell[2];
            list.mass[list.count] = (float)node->count;
            list.count += taken;
            leaves[leafCount] = at;
            leafCount += leaf & ~taken & 1;
            open[openCount] = at;
            openCount += ~leaf & ~taken & 1;
        }
        // At most eight brothers come at a time.
        if (list.count >= SOURCES - 8) work_off(tree, &list, points, count, force, total);
        if (leafCount >= LEAVES || openCount == 0) {
            for (size_t i = 0; i < leafCount; i++)
                add_leaf(tree, tree->nodes + leaves[i], first, count, &list, points, force, total, &eachOther);
            leafCount = 0;
            if (list.count >= SOURCES - 8) work_off(tree, &list, points, count, force, total);
        }
        if (openCount == 0) break;
        const TsneNode *node = tree->nodes + open[--openCount];
        from = node->child;
        brothers = node->children;
    }
    work_off(tree, &list, points, count, force, total);
    if (eachOther) repel_each_other(tree, &list, points, count, force, total);
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
        double total = 0, moment = 0;
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
            moment += sum(w * d);
        }
        double entropy = log(total) + beta * moment / total;
        double difference = entropy - logPerplexity;
        if (fabs(difference) < 1e-6 || step == 199 || (high - low) < 1e-9 * beta || beta > 1e30) {
            float scale = (float)(1 / total);
            for (size_t i = 0; i < count; i++) weights[i] *= scale;
            return beta * unit;
        }
        if (difference > 0) {
            low = beta;
            beta = high == INFINITY ? beta * 2 : (low + high) / 2;
        } else {
            high = beta;
            beta = (low + high) / 2;
        }
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
