// Skip-gram training tiles: a few neighbouring words of a sentence as inputs against all words around them and one set
// of negatives.
//
// As in skipgram_block there are three small products, L = X·Yᵀ, X += E·Y, Y += Eᵀ·X, with rows that stay where they
// lie. The input rows and their changes are held in registers, LANES dimensions at a time, and the output rows stream
// through: any number of them in one pass.

enum { WIDTH = SKIPGRAM_TILE, GROUP = LANES / WIDTH };

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
    size_t fetched = 0, groups = (count + GROUP - 1) / GROUP, together = (tile->comingCount + groups - 1) / groups;
    for (size_t j = 0; j < count; j += GROUP) {
        // A few rows at a time: no more than can be under way at once, so that nothing waits for them.
        for (size_t k = 0; k < together && fetched < tile->comingCount; k++)
            prefetch_row(tile->coming[fetched++], tile->stride);
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
        Vector z = sums(s), weight = load(tile->weights + j * WIDTH), target = load(tile->targets + j * WIDTH);
        // By e^−|z| ≤ 1, which never overflows.
        Vector small = exponential(-maximum(z, -z));
        Vector inverse = 1.0f / (1.0f + small);
        Vector sigma = choose(z >= 0.0f, inverse, small * inverse);
        if (tile->withLoss) total += weight * (maximum(z, splat(0)) - logarithm(inverse)) - target * z;
        store(errors + j * WIDTH, rate * (target - weight * sigma));
    }
    return (double)sum(total);
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
    for (size_t d = 0; d < floats; d += LANES) {
        Vector a[WIDTH], change[WIDTH] = {};
        for (int i = 0; i < WIDTH; i++) a[i] = load(x[i] + d);
        for (size_t j = 0; j < count; j++) {
            float *y = tile->outputs + tile->outputRows[j] * tile->stride + d;
            Vector v = load(y), moved = v;
            for (int i = 0; i < WIDTH; i++) {
                Vector g = splat(errors[j * WIDTH + i]);
                change[i] += g * v;
                moved += g * a[i];
            }
            store(y, moved);
        }
        // Added to what stands there now: a row that comes twice keeps both changes.
        for (int i = 0; i < WIDTH; i++) store(x[i] + d, load(x[i] + d) + change[i]);
    }
    return loss;
}

/// Takes from a negative row's weights those pairs whose predicted word it is itself.
static void leave_out_own_pairs(uint32_t word, const uint32_t *rows, const float *pairs, size_t count, float share,
                                float *weights) {
    for (size_t n = 0; n < count; n++)
        for (int i = 0; i < WIDTH && rows[n] == word; i++) weights[i] -= pairs[n * WIDTH + i] * share;
}

/// Replaces the next words of the stock, and takes as many as a tile has from places at equal distances around it: an odd
/// distance meets each place once.
static void draw_negatives(SkipGramDraw *draw, uint64_t *random, uint32_t *rows) {
    size_t mask = draw->stockSize - 1, next = draw->stockNext;
    uint64_t state = *random;
    for (size_t k = 0; k < draw->fresh; k++) {
        uint32_t word = alias_draw(draw->slots, draw->slotCount, splitmix_next(&state));
        draw->stock[next] = word;
        next = (next + 1) & mask;
        draw->coming[draw->comingCount++] = draw->outputs + word * draw->stride;
    }
    draw->stockNext = next;
    uint64_t bits = splitmix_next(&state);
    *random = state;
    size_t place = (size_t)(bits & 0xffffffff), distance = (size_t)(bits >> 32) | 1;
    for (size_t k = 0; k < draw->negatives; k++, place += distance) rows[k] = draw->stock[place & mask];
}

static size_t skipgram_draw(SkipGramDraw *draw, size_t begin, size_t end, size_t position, uint64_t *random,
                            uint32_t *outputRows, float *weights, float *targets, size_t *pairs) {
    typedef float Weights __attribute__((vector_size(4 * WIDTH)));
    typedef int32_t Distances __attribute__((vector_size(4 * WIDTH)));
    const uint32_t *words = draw->words;
    size_t inputs = end - position < WIDTH ? end - position : WIDTH, stride = draw->stride;
    int32_t reach = 1 + (int32_t)(((splitmix_next(random) >> 32) * draw->window) >> 32);
    size_t first = position - begin < (size_t)reach ? begin : position - (size_t)reach;
    size_t behind = position + inputs + (size_t)reach < end ? position + inputs + (size_t)reach : end;
    size_t around = behind - first, negatives = draw->negatives;

    uint32_t *rows = outputRows + negatives;
    float *trueWeights = weights + negatives * WIDTH, *trueTargets = targets + negatives * WIDTH;
    // Distance of the word from each input, and how far it may be: never, for inputs beyond the sentence.
    Distances distance, limit, one;
    for (int i = 0; i < WIDTH; i++) {
        distance[i] = (int32_t)(first - position) - i;
        limit[i] = (size_t)i < inputs ? reach : -1;
        one[i] = 0x3f800000; // 1.0f
    }
    Weights contexts = {};
    for (size_t n = 0; n < around; n++, distance += 1) {
        Weights isContext = (Weights)((distance != 0) & (distance <= limit) & (-distance <= limit) & one);
        memcpy(trueWeights + n * WIDTH, &isContext, sizeof isContext);
        memcpy(trueTargets + n * WIDTH, &isContext, sizeof isContext);
        contexts += isContext;
        rows[n] = words[first + n];
    }
    // What follows is filled up with zeros to a whole vector of weights.
    memset(trueWeights + around * WIDTH, 0, 4 * WIDTH * sizeof(float));
    memset(trueTargets + around * WIDTH, 0, 4 * WIDTH * sizeof(float));

    Weights share = contexts * draw->negativeWeight;
    draw->comingCount = 0;
    draw_negatives(draw, random, outputRows);
    memset(targets, 0, negatives * WIDTH * sizeof(float));
    for (size_t k = 0; k < negatives; k++) memcpy(weights + k * WIDTH, &share, sizeof share);
    // Are any of the negatives among the words around? LANES of them at a time against each word.
    for (size_t k = 0; k < negatives; k += LANES) {
        size_t used = negatives - k < LANES ? negatives - k : LANES;
        UIntVector drawn;
        memcpy(&drawn, outputRows + k, sizeof drawn);
        IntVector same = {};
        for (size_t n = 0; n < around; n++) same |= drawn == rows[n];
        for (size_t i = used; i < LANES; i++) same[i] = 0;
        if (__builtin_expect(!__builtin_reduce_or(same), 1)) continue;
        for (size_t i = 0; i < used; i++)
            if (same[i]) leave_out_own_pairs(outputRows[k + i], rows, trueWeights, around, draw->negativeWeight,
                                             weights + (k + i) * WIDTH);
    }
    // The words that no earlier tile of the sentence has fetched.
    for (size_t i = 0; i < inputs; i++) draw->coming[draw->comingCount++] = draw->inputs + words[position + i] * stride;
    size_t known = position == begin ? begin : position + draw->window;
    size_t far = position + draw->window + WIDTH < end ? position + draw->window + WIDTH : end;
    for (size_t n = known; n < far; n++) draw->coming[draw->comingCount++] = draw->outputs + words[n] * stride;
    *pairs = (size_t)(contexts[0] + contexts[1] + contexts[2] + contexts[3]);
    return negatives + around;
}
