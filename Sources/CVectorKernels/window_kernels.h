// Means over the words around, for the continuous bag of words.

/// The words around, the share that each has in each mean (1 / contexts, or 0), and how many contexts each mean has.
static inline size_t window_words(const WindowMeans *w, size_t *first) {
    *first = w->position - w->begin < w->reach ? w->begin : w->position - w->reach;
    size_t behind = w->end - w->position - w->count < w->reach ? w->end : w->position + w->count + w->reach;
    return behind - *first;
}

static void window_gather(const WindowMeans *w) {
    size_t first, words = window_words(w, &first), floats = (w->dimensions + LANES - 1) / LANES * LANES;
    TileInts distance, nearest = {}, farthest;
    for (int i = 0; i < WIDTH; i++) {
        distance[i] = (int32_t)first - (int32_t)w->position - i;
        nearest[i] = 1;
        farthest[i] = (size_t)i < w->count ? (int32_t)w->reach : -1;
    }
    TileFloats contexts = {}, share;
    for (size_t n = 0; n < words; n++, distance += 1) {
        TileFloats pairs = pairs_at(distance, nearest, farthest);
        contexts += pairs;
        store_tile(w->shares + n * WIDTH, pairs);
    }
    for (int i = 0; i < WIDTH; i++) share[i] = contexts[i] > 0 ? 1 / contexts[i] : 0;
    for (size_t n = 0; n < words; n++) store_tile(w->shares + n * WIDTH, load_tile(w->shares + n * WIDTH) * share);
    for (size_t d = 0; d < floats; d += LANES) {
        Vector mean[WIDTH] = {};
        for (size_t n = 0; n < words; n++) {
            Vector row = load(w->inputs + w->words[first + n] * w->stride + d);
            for (int i = 0; i < WIDTH; i++) mean[i] += splat(w->shares[n * WIDTH + i]) * row;
        }
        for (int i = 0; i < WIDTH; i++) {
            store(w->means + (size_t)i * w->stride + d, mean[i]);
            store(w->before + (size_t)i * w->stride + d, mean[i]);
        }
    }
}

static void window_scatter(const WindowMeans *w) {
    size_t first, words = window_words(w, &first), floats = (w->dimensions + LANES - 1) / LANES * LANES;
    // A mean of c words has shares of 1 / c: times c, each of its words gets the whole change.
    float contexts[WIDTH] = {};
    for (size_t n = 0; n < words; n++)
        for (int i = 0; i < WIDTH; i++) contexts[i] += w->shares[n * WIDTH + i] > 0;
    for (size_t d = 0; d < floats; d += LANES) {
        Vector change[WIDTH];
        for (int i = 0; i < WIDTH; i++)
            change[i] = splat(contexts[i]) * (load(w->means + (size_t)i * w->stride + d) -
                                              load(w->before + (size_t)i * w->stride + d));
        for (size_t n = 0; n < words; n++) {
            float *row = w->inputs + w->words[first + n] * w->stride + d;
            Vector moved = load(row);
            for (int i = 0; i < WIDTH; i++) moved += splat(w->shares[n * WIDTH + i]) * change[i];
            store(row, moved);
        }
    }
}
