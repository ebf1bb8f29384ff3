// Skip-gram training tiles: pairs of their own rows, against negatives that they share.
//
// A tile has m pairs (x_k, y_k) and n negatives v_j: m logits x_k·y_k and the m × n product X·Vᵀ. The first pass keeps
// the sums of two pairs in registers and adds up the lanes of all of them together; the second keeps the negatives and
// their changes in registers while the pairs stream through.

enum { PAIR_NEGATIVES = 6, PAIR_SUMS = 8 };

/// The logits of two pairs: of each with its own output row, when `own` is 1, then with `width` negatives. Writes
/// PAIR_SUMS floats for each pair. Rows of the next tile are fetched meanwhile.
static inline __attribute__((always_inline)) void pair_logits(const float *x0, const float *x1, const float *y0,
                                                              const float *y1, const float *const *v, size_t end,
                                                              int own, int width, float *l0, float *l1,
                                                              const float *const *coming, size_t comingCount) {
    Vector s[2 * PAIR_SUMS] = {};
    for (size_t d = 0; d < end; d += LANES) {
        if (d % 16 == 0)
            for (size_t i = 0; i < comingCount; i++) __builtin_prefetch(coming[i] + d, 1, 3);
        Vector a = load(x0 + d), b = load(x1 + d);
        if (own) {
            s[0] += a * load(y0 + d);
            s[PAIR_SUMS] += b * load(y1 + d);
        }
        for (int j = 0; j < width; j++) {
            Vector w = load(v[j] + d);
            s[own + j] += a * w;
            s[PAIR_SUMS + own + j] += b * w;
        }
    }
    float all[2 * PAIR_SUMS];
    for (int i = 0; i < 2 * PAIR_SUMS; i += LANES) store(all + i, sums(s + i));
    memcpy(l0, all, PAIR_SUMS * sizeof(float));
    memcpy(l1, all + PAIR_SUMS, PAIR_SUMS * sizeof(float));
}

/// x += e·y + E·V, y += e·x and V += Eᵀ·X, LANES dimensions at a time; x and y as they were, from `saved` when an
/// earlier tile moved them. The same dimensions of the rows of the next tile are fetched meanwhile, some for each pair: all
/// at once they would be more than can be under way.
static inline __attribute__((always_inline)) void pair_update(float *const *x, float *const *y, size_t pairs,
                                                              float *const *v, size_t d, int own, int width,
                                                              const float *errors, size_t errorStride,
                                                              const float *saved, size_t savedStride,
                                                              const float *const *coming, size_t comingCount) {
    size_t fetched = 0, each = d % 16 == 0 ? (comingCount + pairs - 1) / pairs : 0;
    Vector w[PAIR_NEGATIVES], change[PAIR_NEGATIVES] = {};
    for (int j = 0; j < width; j++) w[j] = load(v[j] + d);
    for (size_t k = 0; k < pairs; k++) {
        const float *e = errors + k * errorStride;
        for (size_t until = fetched + each; fetched < until && fetched < comingCount; fetched++)
            __builtin_prefetch(coming[fetched] + d, 1, 3);
        Vector now = load(x[k] + d), before = saved ? load(saved + k * savedStride + d) : now, moved = now;
        if (own) {
            Vector g = splat(e[0]), other = load(y[k] + d);
            moved += g * other;
            store(y[k] + d, other + g * before);
        }
        for (int j = 0; j < width; j++) {
            Vector g = splat(e[own + j]);
            moved += g * w[j];
            change[j] += g * before;
        }
        store(x[k] + d, moved);
    }
    // Added to what stands there now: a negative that is the output row of one of the pairs keeps both changes.
    for (int j = 0; j < width; j++) store(v[j] + d, load(v[j] + d) + change[j]);
}

/// A vector of logits becomes errors weight·rate·(label − σ(logit)), weighted losses are added to `total`. A negative that
/// is the pair's own row counts for nothing.
static inline __attribute__((always_inline)) void errors_at(float *at, UIntVector negative, UIntVector own,
                                                            Vector weight, Vector label, const PairTile *tile,
                                                            Vector *total) {
    Vector share = choose((IntVector)(negative == own), splat(0), weight);
    Vector z = load(at);
    Vector small = exponential(-maximum(z, -z));
    Vector inverse = 1.0f / (1.0f + small);
    Vector sigma = choose(z >= 0.0f, inverse, small * inverse);
    // Lanes beyond the last column hold whatever lay there, NaN included.
    IntVector live = share != 0.0f;
    if (tile->withLoss) {
        Vector loss = maximum(z, splat(0)) - z * label - logarithm(inverse);
        *total += choose(live, share * loss, splat(0));
    }
    store(at, choose(live, splat(tile->learningRate) * share * (label - sigma), splat(0)));
}

/// Turns logits into errors, and returns the weighted sum of the losses. The first column has the pairs' own rows.
static inline double pair_errors(float *logits, size_t stride, const PairTile *tile, const uint32_t *rows) {
    Vector total = {};
#if LANES == 16
    if (stride == LANES / 2) {
        // Two pairs in one vector.
        UIntVector row;
        memcpy(&row, rows, sizeof row / 2);
        row = __builtin_shufflevector(row, row, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
        Vector weight = load(tile->weights), label = {1, 0, 0, 0, 0, 0, 0, 0, 1};
        Vector both = __builtin_shufflevector(weight, weight, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
        Vector one = __builtin_shufflevector(weight, splat(0), 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        for (size_t k = 0; k < tile->pairs; k += 2) {
            _Bool hasOther = k + 1 < tile->pairs;
            UIntVector a = (UIntVector){} + tile->outputRows[k], b = (UIntVector){} + tile->outputRows[k + hasOther];
            UIntVector own = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31);
            errors_at(logits + k * stride, row, own, hasOther ? both : one, label, tile, &total);
        }
        return (double)sum(total);
    }
#endif
    for (size_t j = 0; j <= tile->negatives; j += LANES) {
        UIntVector row;
        memcpy(&row, rows + j, sizeof row);
        Vector label = {}, weight = load(tile->weights + j);
        if (j == 0) label[0] = 1;
        for (size_t k = 0; k < tile->pairs; k++)
            errors_at(logits + k * stride + j, row, (UIntVector){} + tile->outputRows[k], weight, label, tile, &total);
    }
    return (double)sum(total);
}

#define EACH_NEGATIVES(call)                                                                                          \
    switch (width) {                                                                                                  \
    case 6: call(6); break;                                                                                           \
    case 5: call(5); break;                                                                                           \
    case 4: call(4); break;                                                                                           \
    case 3: call(3); break;                                                                                           \
    case 2: call(2); break;                                                                                           \
    case 1: call(1); break;                                                                                           \
    default: call(0); break;                                                                                          \
    }

static double pair_tile(const PairTile *tile) {
    size_t pairs = tile->pairs, negatives = tile->negatives, stride = pair_logit_stride(negatives);
    if (pairs == 0) return 0;
    size_t end = (tile->dimensions + LANES - 1) / LANES * LANES;
    float *logits = tile->scratch;
    // Behind an odd number of pairs there is room for another one.
    uint32_t *rows = (uint32_t *)(logits + (pairs + 1) * stride);
    float *saved = (float *)(rows + stride);
    float *x[PAIR_TILE_PAIRS], *y[PAIR_TILE_PAIRS];
    for (size_t k = 0; k < pairs; k++) {
        x[k] = tile->inputs + tile->inputRows[k] * tile->stride;
        y[k] = tile->outputs + tile->outputRows[k] * tile->stride;
    }
    rows[0] = UINT32_MAX;
    memcpy(rows + 1, tile->negativeRows, negatives * sizeof *rows);
    memset(rows + 1 + negatives, 0xff, (stride - 1 - negatives) * sizeof *rows);

    // The first tile of columns has the pairs' own rows and up to 6 negatives, each other one up to 6 negatives.
    float *v[PAIR_NEGATIVES];
    // Half of the rows of the next tile are fetched over the first pass, the others over the second.
    size_t early = tile->comingCount / 2, each = early / ((pairs + 1) / 2);
    early = each * ((pairs + 1) / 2);
    for (size_t first = 0, width; first == 0 || first < negatives; first += width) {
        width = negatives - first < PAIR_NEGATIVES ? negatives - first : PAIR_NEGATIVES;
        for (size_t j = 0; j < width; j++) v[j] = tile->outputs + rows[1 + first + j] * tile->stride;
        for (size_t k = 0; k < pairs; k += 2) {
            size_t other = k + 1 < pairs ? k + 1 : k;
            float *l0 = logits + k * stride + first + (first != 0), *l1 = logits + other * stride + first + (first != 0);
#define CALL(w)                                                                                                       \
    (first == 0 ? pair_logits(x[k], x[other], y[k], y[other], (const float *const *)v, end, 1, w, l0, l1,             \
                              tile->coming + k / 2 * each, each)                                                      \
                : pair_logits(x[k], x[other], y[k], y[other], (const float *const *)v, end, 0, w, l0, l1, NULL, 0))
            EACH_NEGATIVES(CALL)
#undef CALL
        }
        if (width == 0) break;
    }
    double loss = pair_errors(logits, stride, tile, rows);

    const float *before = NULL;
    if (negatives > PAIR_NEGATIVES) {
        for (size_t k = 0; k < pairs; k++) memcpy(saved + k * tile->stride, x[k], end * sizeof(float));
        before = saved;
    }
    for (size_t first = 0, width; first == 0 || first < negatives; first += width) {
        width = negatives - first < PAIR_NEGATIVES ? negatives - first : PAIR_NEGATIVES;
        for (size_t j = 0; j < width; j++) v[j] = tile->outputs + rows[1 + first + j] * tile->stride;
#define CALL(w)                                                                                                       \
    if (first == 0)                                                                                                   \
        for (size_t d = 0; d < end; d += LANES)                                                                       \
            pair_update(x, y, pairs, v, d, 1, w, logits, stride, before, tile->stride, tile->coming + early,          \
                        tile->comingCount - early);                                                                   \
    else                                                                                                              \
        for (size_t d = 0; d < end; d += LANES)                                                                       \
            pair_update(x, y, pairs, v, d, 0, w, logits + first + 1, stride, before, tile->stride, NULL, 0)
        EACH_NEGATIVES(CALL)
#undef CALL
        if (width == 0) break;
    }
    return loss;
}
