// Skip-gram training blocks: contexts × (centre word and negatives).
//
// One block is three small matrix products, L = X·Yᵀ, X += E·Y, Y += Eᵀ·X, with rows that lie scattered in two
// large tables. Rows are read where they lie: the first pass keeps a tile of 2 × 6 sums in registers, the second
// keeps 6 output rows and their 6 updates in registers while the input rows stream through. So each row is read
// twice and written once, and nothing is copied.

enum { TILE = 6 };

/// Sums over all dimensions of x·y for up to two input rows and `width` output rows.
static inline __attribute__((always_inline)) void logits_tile(const float *x0, const float *x1,
                                                              const float *const *y, size_t steps, int width,
                                                              float *l0, float *l1) {
    Vector s0[TILE] = {}, s1[TILE] = {};
    for (size_t d = 0; d < steps * LANES; d += LANES) {
        Vector a = load(x0 + d), b = load(x1 + d);
        for (int j = 0; j < width; j++) {
            Vector v = load(y[j] + d);
            s0[j] += a * v;
            s1[j] += b * v;
        }
    }
    for (int j = 0; j < width; j++) {
        l0[j] = sum(s0[j]);
        l1[j] = sum(s1[j]);
    }
}

/// x += e·Y and Y += eᵀ·x for all input rows and `width` output rows, LANES dimensions at a time. `saved` holds the
/// input rows of before the first tile when there are several tiles.
static inline __attribute__((always_inline)) void update_tile(float *const *x, size_t inputs, float *const *y,
                                                              size_t d, int width, const float *errors,
                                                              size_t errorStride, const float *saved,
                                                              size_t savedStride) {
    Vector v[TILE], change[TILE] = {};
    for (int j = 0; j < width; j++) v[j] = load(y[j] + d);
    for (size_t i = 0; i < inputs; i++) {
        const float *e = errors + i * errorStride;
        Vector row = load(x[i] + d), before = saved ? load(saved + i * savedStride + d) : row, moved = row;
        for (int j = 0; j < width; j++) {
            Vector g = splat(e[j]);
            moved += g * v[j];
            change[j] += g * before;
        }
        store(x[i] + d, moved);
    }
    // Added to what stands there now: an output row that comes twice in the tile keeps both changes.
    for (int j = 0; j < width; j++) store(y[j] + d, load(y[j] + d) + change[j]);
}

#define EACH_WIDTH(call)                                                                                              \
    switch (width) {                                                                                                  \
    case 6: call(6); break;                                                                                           \
    case 5: call(5); break;                                                                                           \
    case 4: call(4); break;                                                                                           \
    case 3: call(3); break;                                                                                           \
    case 2: call(2); break;                                                                                           \
    default: call(1); break;                                                                                          \
    }

/// Turns logits into errors rate·(label − σ(logit)) in place and returns the sum of the losses.
static inline double errors_from_logits(float *logits, size_t rows, size_t stride, size_t width, const float *labels,
                                        float rate) {
    Vector total = {};
    Vector factor = splat(rate);
    for (size_t j = 0; j < width; j += LANES) {
        size_t used = width - j < LANES ? width - j : LANES;
        Vector label = load_part(labels + j, used);
        IntVector live;
        for (int lane = 0; lane < LANES; lane++) live[lane] = (size_t)lane < used ? -1 : 0;
        for (size_t i = 0; i < rows; i++) {
            float *at = logits + i * stride + j;
            Vector z = load(at);
            // −log σ(z) for label 1 and −log σ(−z) for label 0, by e^−|z| ≤ 1, which never overflows.
            Vector magnitude = maximum(z, -z);
            Vector small = exponential(-magnitude);
            Vector inverse = 1.0f / (1.0f + small);
            Vector sigma = choose(z >= 0.0f, inverse, small * inverse);
            Vector loss = maximum(z, splat(0)) - z * label - logarithm(inverse);
            total += choose(live, loss, splat(0));
            store(at, choose(live, factor * (label - sigma), splat(0)));
        }
    }
    return (double)sum(total);
}

/// Width of the tile that begins at output row `first`: tiles of a block are as equal as can be, as a narrow tile
/// costs nearly as much as a wide one.
static inline int tile_width(size_t first, size_t outputs) {
    size_t left = outputs - first, tiles = (left + TILE - 1) / TILE;
    return (int)((left + tiles - 1) / tiles);
}

static double skipgram_block(const SkipGramBlock *block) {
    size_t inputs = block->inputCount, outputs = block->outputCount;
    if (inputs == 0 || outputs == 0) return 0;
    size_t steps = (block->dimensions + LANES - 1) / LANES;
    size_t stride = (outputs + 15) / 16 * 16 + 16;
    float *logits = block->scratch;
    float *saved = block->scratch + (inputs + 1) * stride;
    for (size_t first = 0, width; first < outputs; first += width) {
        width = (size_t)tile_width(first, outputs);
        const float *y[TILE];
        for (size_t j = 0; j < width; j++) y[j] = block->outputs + block->outputRows[first + j] * block->stride;
        for (size_t i = 0; i < inputs; i += 2) {
            size_t second = i + 1 < inputs ? i + 1 : i;
            const float *x0 = block->inputs + block->inputRows[i] * block->stride;
            const float *x1 = block->inputs + block->inputRows[second] * block->stride;
            float *l0 = logits + i * stride + first, *l1 = logits + second * stride + first;
#define CALL(w) logits_tile(x0, x1, y, steps, w, l0, l1)
            EACH_WIDTH(CALL)
#undef CALL
        }
    }
    double loss = errors_from_logits(logits, inputs, stride, outputs, block->labels, block->learningRate);

    // The pointers of the input rows, a group at a time, so that any number of rows works without allocation.
    enum { GROUP = 64 };
    for (size_t from = 0; from < inputs; from += GROUP) {
        size_t group = inputs - from < GROUP ? inputs - from : GROUP;
        float *x[GROUP];
        for (size_t i = 0; i < group; i++) x[i] = block->inputs + block->inputRows[from + i] * block->stride;
        const float *errors = logits + from * stride;
        // With several tiles, all but the first need the input rows as they were.
        const float *before = outputs > TILE ? saved : NULL;
        for (size_t i = 0; before && i < group; i++)
            memcpy(saved + i * block->stride, x[i], steps * LANES * sizeof(float));
        for (size_t first = 0, width; first < outputs; first += width) {
            width = (size_t)tile_width(first, outputs);
            float *y[TILE];
            for (size_t j = 0; j < width; j++)
                y[j] = block->outputs + block->outputRows[first + j] * block->stride;
#define CALL(w)                                                                                                       \
    for (size_t d = 0; d < steps * LANES; d += LANES)                                                                 \
    update_tile(x, group, y, d, w, errors + first, stride, before, block->stride)
            EACH_WIDTH(CALL)
#undef CALL
        }
    }
    return loss;
}
