// What threads of the racing trainer do to the shared tables, all of it: they read and write rows without locks (Hogwild).
// No other file has such races.
//
// Skip-gram training tiles are a few neighbouring words of a sentence as inputs against all words around them and one
// set of negatives: three small matrix products, L = X·Yᵀ, X += E·Y, Y += Eᵀ·X, with rows that stay where they lie in two
// large tables. The input rows and their changes are held in registers, LANES dimensions at a time, and the output rows
// stream through: any number of them in one pass.

// COLUMNS vectors of dimensions at a time, as many as the registers hold.
enum { WIDTH = SKIPGRAM_TILE, GROUP = LANES / WIDTH, COLUMNS = LANES == 16 ? 2 : 1 };

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

static void hot_load(const float *shared, float *own, float *base, size_t rows, size_t floats) {
    for (size_t d = 0; d < rows * floats; d += LANES) {
        Vector v = load(shared + d);
        store(own + d, v);
        store(base + d, v);
    }
}

/// What two threads have learned of a row since it was the same in both. Changes in different directions add up. What both
/// have in common, the smaller of two changes in one direction, is taken off in part: many threads, each of which goes
/// all the way to the best place for itself, would together go far beyond it (compare Maleki et al. 2020, "Scaling
/// distributed training with adaptive summation").
static void hot_merge(float *shared, float *own, float *base, size_t rows, size_t floats, float share) {
    for (size_t end = rows * floats, at = 0; at < end; at += floats) {
        Vector common = {}, square = {}, others = {};
        for (size_t d = at; d < at + floats; d += LANES) {
            Vector old = load(base + d), a = load(own + d) - old, b = load(shared + d) - old;
            common += a * b;
            square += a * a;
            others += b * b;
        }
        float both = sum(common), mine = sum(square), theirs = sum(others);
        float larger = mine > theirs ? mine : theirs, rest = both > 0 ? 1 - share * both / larger : 1;
        Vector x = splat(mine >= theirs ? rest : 1), y = splat(mine >= theirs ? 1 : rest);
        for (size_t d = at; d < at + floats; d += LANES) {
            Vector old = load(base + d), new = old + x * (load(own + d) - old) + y * (load(shared + d) - old);
            store(shared + d, new);
            store(own + d, new);
            store(base + d, new);
        }
    }
}

static void row_put(const float *row, float *shared, size_t n) {
    size_t d = 0;
    for (; d + LANES <= n; d += LANES) store(shared + d, load(row + d));
    if (d < n) store_part(shared + d, load_part(row + d, n - d), n - d);
}

// Means over the words around, for the continuous bag of words.
//
// The windows of neighbouring words overlap: each row is loaded once for all of them. Before the middle words the
// nearest rows are in all windows and the farther ones in fewer and fewer, so that one running sum passes by all the
// means; behind them likewise.

/// The rows around, and how many of them each mean has.
typedef struct WindowRows {
    float **before;           ///< rows before the middle, the nearest one first
    float **behind;           ///< rows behind it, the nearest one first
    float *middle[WIDTH];     ///< the rows in the middle, the last one repeated
    size_t left[WIDTH], right[WIDTH]; ///< so many of `before` and `behind` are around each word
    float present[WIDTH];     ///< 1 for the words in the middle, 0 for those that are none
    float share[WIDTH];       ///< 1 / words of the mean; 0 where there is none
} WindowRows;

static inline size_t nearest_rows(size_t reach, size_t distance, size_t rows) {
    size_t most = reach < distance ? 0 : reach - distance;
    return most < rows ? most : rows;
}

/// - seeks: whether the rows before and behind are looked for; they are known for the way back.
static inline WindowRows window_rows(const WindowMeans *w, _Bool seeks) {
    WindowRows rows = {.before = w->rows, .behind = w->rows + w->reach};
    size_t left = w->position - w->begin, after = w->position + w->count, right = w->end - after, reach = w->reach;
    if (left > reach) left = reach;
    if (right > reach) right = reach;
    for (size_t k = 0; seeks && k < left; k++) rows.before[k] = w->inputs + w->words[w->position - 1 - k] * w->stride;
    for (size_t k = 0; seeks && k < right; k++) rows.behind[k] = w->inputs + w->words[after + k] * w->stride;
    for (size_t i = 0; i < WIDTH; i++) {
        size_t place = i < w->count ? i : w->count - 1;
        rows.middle[i] = w->inputs + w->words[w->position + place] * w->stride;
        rows.right[i] = nearest_rows(reach, w->count - 1 - place, right);
        if (i >= w->count) continue;
        rows.present[i] = 1;
        rows.left[i] = nearest_rows(reach, i, left);
        size_t others = (i < reach ? i : reach) + (w->count - 1 - i < reach ? w->count - 1 - i : reach);
        size_t words = rows.left[i] + rows.right[i] + others;
        rows.share[i] = words ? 1 / (float)words : 0;
    }
    return rows;
}

/// The sums of those of four vectors that are at most `reach` (1, 2 or 3) places away from each.
static inline __attribute__((always_inline)) void neighbour_sums(const Vector v[4], Vector sums[4], size_t reach) {
    _Static_assert(WIDTH == 4, "four words");
    if (reach == 1) {
        sums[0] = v[1];
        sums[1] = v[0] + v[2];
        sums[2] = v[1] + v[3];
        sums[3] = v[2];
        return;
    }
    Vector first = v[0] + v[1], last = v[2] + v[3];
    sums[1] = v[0] + last;
    sums[2] = first + v[3];
    sums[0] = v[1] + (reach == 2 ? v[2] : last);
    sums[3] = v[2] + (reach == 2 ? v[1] : first);
}

static inline __attribute__((always_inline)) void gather_columns(const WindowMeans *w, const WindowRows *rows,
                                                                 size_t d, int vectors, size_t reach) {
    Vector mean[COLUMNS][WIDTH], sum[COLUMNS] = {};
    for (int v = 0; v < vectors; v++) {
        Vector middle[WIDTH];
        for (int i = 0; i < WIDTH; i++)
            middle[i] = splat(rows->present[i]) * load(rows->middle[i] + d + (size_t)v * LANES);
        neighbour_sums(middle, mean[v], reach);
    }
    size_t k = 0;
    for (int i = WIDTH - 1; i >= 0; i--) {
        for (; k < rows->left[i]; k++)
            for (int v = 0; v < vectors; v++) sum[v] += load(rows->before[k] + d + (size_t)v * LANES);
        for (int v = 0; v < vectors; v++) mean[v][i] += sum[v];
    }
    k = 0;
    for (int v = 0; v < vectors; v++) sum[v] = splat(0);
    for (int i = 0; i < WIDTH; i++) {
        for (; k < rows->right[i]; k++)
            for (int v = 0; v < vectors; v++) sum[v] += load(rows->behind[k] + d + (size_t)v * LANES);
        for (int v = 0; v < vectors; v++)
            store(w->means + (size_t)i * w->stride + d + (size_t)v * LANES,
                  splat(rows->share[i]) * (mean[v][i] + sum[v]));
    }
}

static inline __attribute__((always_inline)) void gather_all(const WindowMeans *w, const WindowRows *rows,
                                                             size_t reach) {
    size_t floats = (w->dimensions + LANES - 1) / LANES * LANES, d = 0;
    for (; d + COLUMNS * LANES <= floats; d += COLUMNS * LANES) gather_columns(w, rows, d, COLUMNS, reach);
    for (; d < floats; d += LANES) gather_columns(w, rows, d, 1, reach);
}

static void window_gather(const WindowMeans *w) {
    WindowRows rows = window_rows(w, 1);
    if (w->reach == 1) gather_all(w, &rows, 1);
    else if (w->reach == 2) gather_all(w, &rows, 2);
    else gather_all(w, &rows, 3);
}

static inline __attribute__((always_inline)) void scatter_columns(const WindowMeans *w, const WindowRows *rows,
                                                                  size_t d, int vectors, size_t reach) {
    Vector change[COLUMNS][WIDTH], sum[COLUMNS];
    for (int v = 0; v < vectors; v++)
        for (int i = 0; i < WIDTH; i++)
            change[v][i] = splat(rows->present[i]) * load(w->changes + (size_t)i * w->stride + d + (size_t)v * LANES);
    // From the farthest rows, which belong to one mean, to the nearest, which belong to all.
    size_t k = rows->left[0];
    for (int v = 0; v < vectors; v++) sum[v] = splat(0);
    for (int i = 0; i < WIDTH; i++) {
        for (int v = 0; v < vectors; v++) sum[v] += change[v][i];
        for (size_t until = i + 1 < WIDTH ? rows->left[i + 1] : 0; k > until; k--)
            for (int v = 0; v < vectors; v++) {
                float *row = rows->before[k - 1] + d + (size_t)v * LANES;
                store(row, load(row) + sum[v]);
            }
    }
    k = rows->right[w->count - 1];
    for (int v = 0; v < vectors; v++) sum[v] = splat(0);
    for (int i = WIDTH - 1; i >= 0; i--) {
        for (int v = 0; v < vectors; v++) sum[v] += change[v][i];
        for (size_t until = i > 0 ? rows->right[i - 1] : 0; k > until; k--)
            for (int v = 0; v < vectors; v++) {
                float *row = rows->behind[k - 1] + d + (size_t)v * LANES;
                store(row, load(row) + sum[v]);
            }
    }
    for (int v = 0; v < vectors; v++) {
        Vector sums[WIDTH];
        neighbour_sums(change[v], sums, reach);
        for (int i = 0; i < WIDTH; i++) {
            // A word that is none stands for the last one, and adds nothing.
            float *row = rows->middle[i] + d + (size_t)v * LANES;
            store(row, load(row) + splat(rows->present[i]) * sums[i]);
        }
    }
}

static inline __attribute__((always_inline)) void scatter_all(const WindowMeans *w, const WindowRows *rows,
                                                              size_t reach) {
    size_t floats = (w->dimensions + LANES - 1) / LANES * LANES, d = 0;
    for (; d + COLUMNS * LANES <= floats; d += COLUMNS * LANES) scatter_columns(w, rows, d, COLUMNS, reach);
    for (; d < floats; d += LANES) scatter_columns(w, rows, d, 1, reach);
}

static void window_scatter(const WindowMeans *w) {
    WindowRows rows = window_rows(w, 0);
    if (w->reach == 1) scatter_all(w, &rows, 1);
    else if (w->reach == 2) scatter_all(w, &rows, 2);
    else scatter_all(w, &rows, 3);
}
