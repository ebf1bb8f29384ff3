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
