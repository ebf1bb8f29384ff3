// Skip-gram training tiles: a few neighbouring words of a sentence as inputs against all words around them and one set
// of negatives.
//
// Three small matrix products, L = X·Yᵀ, X += E·Y, Y += Eᵀ·X, with rows that stay where they lie in two large tables.
// The input rows and their changes are held in registers, LANES dimensions at a time, and the output rows stream
// through: any number of them in one pass.

// COLUMNS vectors of dimensions at a time, as many as the registers hold.
enum { WIDTH = SKIPGRAM_TILE, GROUP = LANES / WIDTH, COLUMNS = LANES == 16 ? 2 : 1 };

/// Sums of neighbouring lanes, those of a and those of b in turn within each 4 lanes: two calls on four vectors leave
/// in each 4 lanes the sums of those 4 lanes of the four.
static inline Vector pair_sums(Vector a, Vector b) {
#if LANES == 16
    return __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
           __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
#elif LANES == 8
    return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
           __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
#else
    return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}

/// The same with groups of 4 lanes in place of lanes.
static inline Vector group_sums(Vector a, Vector b) {
#if LANES == 16
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
#elif LANES == 8
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
#else
    (void)b;
    return a;
#endif
}

/// Lane i is the sum of s[i]: LANES sums for about three operations each.
static inline __attribute__((always_inline)) Vector sums(const Vector *s) {
    Vector q[GROUP];
    for (int i = 0; i < GROUP; i++)
        q[i] = pair_sums(pair_sums(s[4 * i], s[4 * i + 1]), pair_sums(s[4 * i + 2], s[4 * i + 3]));
#if LANES == 16
    return group_sums(group_sums(q[0], q[1]), group_sums(q[2], q[3]));
#elif LANES == 8
    return group_sums(q[0], q[1]);
#else
    return q[0];
#endif
}

/// Writes rate·(target − weight·σ(z)) for all pairs of the tile to `errors`; returns the loss if it is wanted.
static inline double tile_errors(const SkipGramTile *tile, float *const *x, float *errors) {
    size_t count = tile->outputCount, floats = (tile->dimensions + LANES - 1) / LANES * LANES;
    Vector total = {}, rate = splat(tile->learningRate);
    for (size_t j = 0; j < count; j += GROUP) {
        const float *y[GROUP];
        for (size_t k = 0; k < GROUP; k++)
            y[k] = tile->outputs + tile->outputRows[j + k < count ? j + k : count - 1] * tile->stride;
        Vector s[LANES] = {};
        for (size_t d = 0; d < floats; d += LANES) {
            Vector a[WIDTH];
            for (int i = 0; i < WIDTH; i++) a[i] = load(x[i] + d);
            for (int k = 0; k < GROUP; k++) {
                Vector v = load(y[k] + d);
                for (int i = 0; i < WIDTH; i++) s[k * WIDTH + i] += a[i] * v;
            }
        }
        store(errors + j * WIDTH, sums(s));
    }
    // In a loop of its own: the long chains of several groups are under way at once.
    for (size_t j = 0; j < count; j += GROUP) {
        Vector z = load(errors + j * WIDTH), weight = load(tile->weights + j * WIDTH);
        Vector target = load(tile->targets + j * WIDTH);
        // By e^−|z| ≤ 1, which never overflows.
        Vector small = exponential(-maximum(z, -z));
        Vector inverse = 1.0f / (1.0f + small);
        Vector sigma = choose(z >= 0.0f, inverse, small * inverse);
        if (tile->withLoss) total += weight * (maximum(z, splat(0)) - logarithm(inverse)) - target * z;
        store(errors + j * WIDTH, rate * (target - weight * sigma));
    }
    return (double)sum(total);
}

/// X += E·Y and Y += Eᵀ·X for some vectors of dimensions.
///
/// The same dimensions of the rows of later tiles are fetched meanwhile, one row for each output row: no more than can be
/// under way at once, over all of the pass.
static inline __attribute__((always_inline)) void update_columns(const SkipGramTile *tile, float *const *x,
                                                                 const float *errors, size_t d, int vectors) {
    Vector a[COLUMNS][WIDTH], change[COLUMNS][WIDTH] = {};
    for (int v = 0; v < vectors; v++)
        for (int i = 0; i < WIDTH; i++) a[v][i] = load(x[i] + d + v * LANES);
    size_t coming = d % 16 == 0 ? tile->comingCount : 0, fetched = 0;
    for (size_t j = 0; j < tile->outputCount; j++) {
        if (fetched < coming) prefetch_row(tile->coming[fetched++] + d, (size_t)vectors * LANES);
        float *y = tile->outputs + tile->outputRows[j] * tile->stride + d;
        Vector old[COLUMNS], moved[COLUMNS];
        for (int v = 0; v < vectors; v++) moved[v] = old[v] = load(y + v * LANES);
        for (int i = 0; i < WIDTH; i++) {
            Vector g = splat(errors[j * WIDTH + i]);
            for (int v = 0; v < vectors; v++) {
                change[v][i] += g * old[v];
                moved[v] += g * a[v][i];
            }
        }
        for (int v = 0; v < vectors; v++) store(y + v * LANES, moved[v]);
    }
    while (fetched < coming) prefetch_row(tile->coming[fetched++] + d, (size_t)vectors * LANES);
    if (tile->changes) {
        for (int v = 0; v < vectors; v++)
            for (int i = 0; i < WIDTH; i++) store(tile->changes + (size_t)i * tile->stride + d + v * LANES, change[v][i]);
        return;
    }
    // Added to what stands there now: a row that comes twice keeps both changes.
    for (int v = 0; v < vectors; v++)
        for (int i = 0; i < WIDTH; i++) store(x[i] + d + v * LANES, load(x[i] + d + v * LANES) + change[v][i]);
}

static void hot_load(const float *shared, float *own, float *base, size_t rows, size_t floats) {
    for (size_t d = 0; d < rows * floats; d += LANES) {
        Vector v = load(shared + d);
        store(own + d, v);
        store(base + d, v);
    }
}

/// What two threads have learned of a row since it was the same in both: changes in different directions add up, and of
/// what both have in common the larger counts. Each of them goes most of the way to the best place for itself; the sum of
/// both would go beyond it (compare Maleki et al. 2020, "Scaling distributed training with adaptive summation").
static void hot_merge(float *shared, float *own, float *base, size_t rows, size_t floats) {
    for (size_t end = rows * floats, at = 0; at < end; at += floats) {
        Vector common = {}, square = {}, others = {};
        for (size_t d = at; d < at + floats; d += LANES) {
            Vector old = load(base + d), a = load(own + d) - old, b = load(shared + d) - old;
            common += a * b;
            square += a * a;
            others += b * b;
        }
        float both = sum(common), mine = sum(square), theirs = sum(others);
        float larger = mine > theirs ? mine : theirs, rest = both > 0 ? 1 - both / larger : 1;
        Vector x = splat(mine >= theirs ? rest : 1), y = splat(mine >= theirs ? 1 : rest);
        for (size_t d = at; d < at + floats; d += LANES) {
            Vector old = load(base + d), new = old + x * (load(own + d) - old) + y * (load(shared + d) - old);
            store(shared + d, new);
            store(own + d, new);
            store(base + d, new);
        }
    }
}

static double skipgram_tile(const SkipGramTile *tile) {
    size_t inputs = tile->inputCount, count = tile->outputCount;
    if (inputs == 0 || count == 0) return 0;
    float *x[WIDTH];
    // Missing inputs are the first one once more, with weight 0.
    for (size_t i = 0; i < WIDTH; i++) x[i] = tile->inputs + tile->inputRows[i < inputs ? i : 0] * tile->stride;
    float *errors = tile->scratch;
    double loss = tile_errors(tile, x, errors);
    size_t floats = (tile->dimensions + LANES - 1) / LANES * LANES;
    size_t d = 0;
    for (; d + COLUMNS * LANES <= floats; d += COLUMNS * LANES) update_columns(tile, x, errors, d, COLUMNS);
    for (; d < floats; d += LANES) update_columns(tile, x, errors, d, 1);
    return loss;
}
