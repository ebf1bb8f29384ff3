// Which rows a tile has, and what each is to its inputs.

/// One value for each input of a tile.
typedef float TileFloats __attribute__((vector_size(4 * WIDTH)));
typedef int32_t TileInts __attribute__((vector_size(4 * WIDTH)));

static inline TileFloats load_tile(const float *from) {
    TileFloats v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store_tile(float *to, TileFloats v) { memcpy(to, &v, sizeof v); }

/// 1 for each input that a word at these distances behind it is a pair with.
static inline TileFloats pairs_at(TileInts distance, TileInts nearest, TileInts farthest) {
    TileInts away = __builtin_elementwise_abs(distance), one;
    for (int i = 0; i < WIDTH; i++) one[i] = 0x3f800000; // 1.0f
    return (TileFloats)((away >= nearest) & (away <= farthest) & one);
}

/// Takes from a negative row's weights those pairs whose predicted word it is itself.
static void leave_out_own_pairs(uint32_t word, const uint32_t *rows, const float *pairs, size_t count, float share,
                                float *weights) {
    for (size_t n = 0; n < count; n++)
        for (int i = 0; i < WIDTH && rows[n] == word; i++) weights[i] -= pairs[n * WIDTH + i] * share;
}

/// Notes a row that is to be fetched into the cache.
static inline void fetch(DrawnTile *tile, const float *row) { tile->coming[tile->comingCount++] = row; }

/// Replaces the next words of the stock, and takes as many as a tile has from places at equal distances around it: an
/// odd distance meets each place once.
static void draw_negatives(TileDraw *draw, uint64_t *random, DrawnTile *tile) {
    size_t mask = draw->stockSize - 1, next = draw->stockNext;
    uint64_t state = *random;
    for (size_t k = 0; k < draw->fresh; k++) {
        uint32_t word = alias_draw(draw->slots, draw->slotCount, draw->bits[k]);
        draw->stock[next] = word;
        next = (next + 1) & mask;
        fetch(tile, draw->outputs + word * draw->stride);
        // The table is large: its slots for the next tile are asked for now.
        draw->bits[k] = splitmix_next(&state);
        __builtin_prefetch(draw->slots + alias_slot(draw->slotCount, draw->bits[k]));
    }
    draw->stockNext = next;
    uint64_t bits = splitmix_next(&state);
    *random = state;
    size_t place = (size_t)(bits & 0xffffffff), distance = (size_t)(bits >> 32) | 1;
    for (size_t k = 0; k < draw->negatives; k++, place += distance) tile->rows[k] = draw->stock[place & mask];
}

/// Gives the negatives their weights; the predicted words stand behind them.
static void weigh_negatives(const TileDraw *draw, DrawnTile *tile, TileFloats contexts) {
    size_t negatives = draw->negatives, words = tile->count - negatives;
    const uint32_t *predicted = tile->rows + negatives;
    TileFloats share = contexts * draw->negativeWeight;
    memset(tile->targets, 0, negatives * sizeof share);
    for (size_t k = 0; k < negatives; k++) store_tile(tile->weights + k * WIDTH, share);
    // Are any of them among the predicted words? LANES of them at a time against each word.
    for (size_t k = 0; k < negatives; k += LANES) {
        size_t used = negatives - k < LANES ? negatives - k : LANES;
        UIntVector drawn;
        memcpy(&drawn, tile->rows + k, sizeof drawn);
        IntVector same = {};
        for (size_t n = 0; n < words; n++) same |= drawn == predicted[n];
        for (size_t i = used; i < LANES; i++) same[i] = 0;
        if (__builtin_expect(!__builtin_reduce_or(same), 1)) continue;
        for (size_t i = 0; i < used; i++)
            if (same[i]) leave_out_own_pairs(tile->rows[k + i], predicted, tile->weights + negatives * WIDTH, words,
                                             draw->negativeWeight, tile->weights + (k + i) * WIDTH);
    }
}

/// Adds the pairs of a word to the inner nodes above it.
static inline void draw_path(const TileDraw *draw, DrawnTile *tile, uint32_t word, TileFloats pairs) {
    enum { KNOWN = 512 }; // so many nodes next to the root are in the cache anyway
    for (uint32_t link = draw->links[word]; link != SOFTMAX_END; ) {
        uint32_t node = link >> 1;
        NodePlace *place = draw->places + node;
        if (place->tile != draw->tile) {
            *place = (NodePlace){draw->tile, (uint32_t)tile->count};
            size_t row = draw->firstNode + node;
            tile->rows[tile->count] = (uint32_t)row;
            store_tile(tile->weights + tile->count * WIDTH, (TileFloats){});
            store_tile(tile->targets + tile->count * WIDTH, (TileFloats){});
            tile->count++;
            if (node + KNOWN < draw->leaves) fetch(tile, draw->outputs + row * draw->stride);
        }
        float *weights = tile->weights + place->place * WIDTH, *targets = tile->targets + place->place * WIDTH;
        store_tile(weights, load_tile(weights) + pairs);
        store_tile(targets, load_tile(targets) + pairs * (float)(link & 1));
        link = draw->links[draw->leaves + node];
    }
}

static void tile_draw(TileDraw *draw, size_t begin, size_t end, size_t position, uint64_t *random, DrawnTile *tile) {
    const uint32_t *words = draw->words;
    size_t inputs = end - position < WIDTH ? end - position : WIDTH, stride = draw->stride, window = draw->window;
    size_t reach = draw->shrinks ? 1 + (size_t)(((splitmix_next(random) >> 32) * window) >> 32) : window;
    size_t first = position - begin < reach ? begin : position - reach;
    size_t behind = end - position - inputs < reach ? end : position + inputs + reach;
    tile->reach = reach;
    // The words that some input predicts.
    size_t from = draw->averages ? position : first, to = draw->averages ? position + inputs : behind;
    // Distance of the word from each input, and how far it may be: never, for inputs beyond the sentence.
    TileInts start, nearest = {}, farthest = {};
    for (int i = 0; i < WIDTH; i++) {
        start[i] = (int32_t)from - (int32_t)position - i;
        nearest[i] = draw->averages ? 0 : 1;
        farthest[i] = (size_t)i >= inputs ? -1 : draw->averages ? 0 : (int32_t)reach;
    }
    tile->count = 0;
    tile->comingCount = 0;
    TileFloats contexts = {};
    TileInts distance = start;
    if (draw->slots) {
        tile->count = draw->negatives;
        for (size_t n = from; n < to; n++, distance += 1, tile->count++) {
            TileFloats pairs = pairs_at(distance, nearest, farthest);
            store_tile(tile->weights + tile->count * WIDTH, pairs);
            store_tile(tile->targets + tile->count * WIDTH, pairs);
            contexts += pairs;
            tile->rows[tile->count] = words[n];
        }
        draw_negatives(draw, random, tile);
        weigh_negatives(draw, tile, contexts);
    }
    if (draw->links) {
        contexts = (TileFloats){};
        distance = start;
        if (++draw->tile == 0) { // after 2³² tiles the numbers begin anew
            memset(draw->places, 0, (draw->leaves - 1) * sizeof *draw->places);
            draw->tile = 1;
        }
        for (size_t n = from; n < to; n++, distance += 1) {
            TileFloats pairs = pairs_at(distance, nearest, farthest);
            contexts += pairs;
            draw_path(draw, tile, words[n], pairs);
        }
    }
    // What follows is filled up with zeros to a whole vector of weights.
    memset(tile->weights + tile->count * WIDTH, 0, 4 * WIDTH * sizeof(float));
    memset(tile->targets + tile->count * WIDTH, 0, 4 * WIDTH * sizeof(float));
    tile->pairs = (size_t)(contexts[0] + contexts[1] + contexts[2] + contexts[3]);

    // The rows that no earlier tile of the sentence has: inputs are the words themselves or those around, and
    // outputs the other.
    size_t known = position == begin ? begin : position + window < end ? position + window : end;
    size_t far = position + window + WIDTH < end ? position + window + WIDTH : end;
    const float *near = draw->averages ? draw->outputs : draw->inputs;
    const float *around = draw->averages ? draw->inputs : draw->outputs;
    if (draw->slots || !draw->averages)
        for (size_t i = 0; i < inputs; i++) fetch(tile, near + words[position + i] * stride);
    if (draw->slots || draw->averages)
        for (size_t n = known; n < far; n++) fetch(tile, around + words[n] * stride);
}
