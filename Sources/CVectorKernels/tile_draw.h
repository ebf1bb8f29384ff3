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

/// Notes the row of a word that is to be fetched into the cache. Copies of hot rows are there.
static inline void fetch(DrawnTile *tile, const float *table, size_t stride, HotRows hot, uint32_t word) {
    tile->coming[tile->comingCount] = table + word * stride;
    tile->comingCount += word >= hot.count; // no branch that guesses wrong
}

/// Replaces the next words of the stock, and takes as many as a tile has from places at equal distances around it: an
/// odd distance meets each place once.
static void draw_negatives(TileDraw *draw, uint64_t *random, DrawnTile *tile) {
    size_t mask = draw->stockSize - 1, next = draw->stockNext;
    uint64_t state = *random;
    for (size_t k = 0; k < draw->fresh; k++) {
        uint32_t word = alias_draw(draw->slots, draw->slotCount, draw->bits[k]);
        draw->stock[next] = word;
        next = (next + 1) & mask;
        fetch(tile, draw->outputs, draw->stride, draw->hotWords, word);
        // The table is large: its slots for the next tile are asked for now.
        draw->bits[k] = splitmix_next(&state);
        alias_prefetch(draw->slots, draw->slotCount, draw->bits[k]);
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

/// Where tiles of hierarchical softmax are drawn.
typedef struct TreeScratch {
    uint32_t *edges; ///< for each row, the place of the node above it · 2, plus the label; SOFTMAX_END for the root
    uint32_t *runs;  ///< for each word, the place of its first own node
    uint32_t *paths; ///< links from a word up to SOFTMAX_END, for the words around, by place in the sentences
    size_t stride, mask;
} TreeScratch;

static inline TreeScratch tree_scratch(const TileDraw *draw) {
    size_t paths = tile_draw_paths(draw), stride = draw->longestPath + 1;
    uint32_t *runs = draw->scratch + tile_draw_rows(draw);
    return (TreeScratch){draw->scratch, runs, runs + paths, stride, paths - 1};
}

/// Walks up the tree from the words until `until` that are not done yet, four at a time: a walk waits for memory at each
/// step. A word is around several tiles, and its path is walked once.
static void walk_paths(TileDraw *draw, const TreeScratch *scratch, size_t position, size_t until) {
    if (draw->pathCount < position || position == 0) draw->pathCount = position;
    const uint32_t *inner = draw->links + draw->leaves;
    // The link of the root, SOFTMAX_END, is that of all nodes beyond it.
    uint32_t root = (uint32_t)draw->leaves - 2;
    for (size_t n = until; n < until + 4 && n < draw->wordCount; n++) __builtin_prefetch(draw->links + draw->words[n]);
    for (; draw->pathCount < until; draw->pathCount += 4) {
        uint32_t link[4], *path[4];
        for (size_t i = 0; i < 4; i++) {
            size_t n = draw->pathCount + i < until ? draw->pathCount + i : until - 1;
            link[i] = draw->links[draw->words[n]];
            path[i] = scratch->paths + (n & scratch->mask) * scratch->stride;
        }
        for (size_t step = 0;; step++) {
            for (size_t i = 0; i < 4; i++) path[i][step] = link[i];
            if ((link[0] & link[1] & link[2] & link[3]) == SOFTMAX_END) break;
            for (size_t i = 0; i < 4; i++) link[i] = inner[link[i] >> 1 < root ? link[i] >> 1 : root];
        }
    }
    draw->pathCount = until;
}

/// Adds the inner nodes above a word that the tile does not have yet, from the nearest one up to the first that it has:
/// those above that one it has too. The word's pairs are noted at the nearest node alone.
static inline __attribute__((always_inline)) void draw_path(const TileDraw *draw, const TreeScratch *scratch,
                                                            DrawnTile *tile, const uint32_t *path, TileFloats pairs) {
    enum { KNOWN = 512 }; // so many nodes next to the root are in the cache anyway
    size_t begin = tile->count, count = begin, coming = tile->comingCount, stride = draw->stride;
    size_t far = draw->leaves > KNOWN ? draw->leaves - KNOWN : 0;
    uint32_t label = *path & 1, now = draw->tile, first = (uint32_t)draw->firstNode, known = SOFTMAX_END;
    NodePlace *places = draw->places;
    uint32_t *restrict rows = tile->rows, *restrict edges = scratch->edges;
    float *restrict weights = tile->weights, *restrict targets = tile->targets;
    const float **restrict fetched = tile->coming, *outputs = draw->outputs + first * stride;
    for (uint32_t link = *path; link != SOFTMAX_END; link = *++path) {
        uint32_t node = link >> 1;
        if (places[node].tile == now) {
            known = places[node].place << 1 | (link & 1);
            break;
        }
        places[node] = (NodePlace){now, (uint32_t)count};
        rows[count] = hot_row(draw->hotNodes, first + node);
        store_tile(weights + count * WIDTH, (TileFloats){});
        store_tile(targets + count * WIDTH, (TileFloats){});
        fetched[coming] = outputs + node * stride;
        coming += node < far;
        edges[count] = (uint32_t)(count + 1) << 1 | (path[1] & 1);
        count++;
    }
    size_t nearest = begin;
    if (count > begin) edges[count - 1] = known;
    else if (known == SOFTMAX_END) return;
    else nearest = known >> 1;
    weights += nearest * WIDTH;
    targets += nearest * WIDTH;
    store_tile(weights, load_tile(weights) + pairs);
    store_tile(targets, load_tile(targets) + pairs * (float)label);
    tile->count = count;
    tile->comingCount = coming;
}

/// Passes the pairs that were noted at some nodes on to all nodes above them. The nodes were added in runs, one for each
/// of `count` words, from below upward, and a run's upper end is below a node of an earlier run.
static void pass_pairs_up(const TreeScratch *scratch, DrawnTile *tile, size_t count) {
    float *restrict weights = tile->weights, *restrict targets = tile->targets;
    for (uint32_t end = (uint32_t)tile->count; count-- > 0; end = scratch->runs[count]) {
        TileFloats passed = {};
        uint32_t edge = SOFTMAX_END;
        for (size_t at = scratch->runs[count]; at < end; at++) {
            store_tile(targets + at * WIDTH, load_tile(targets + at * WIDTH) + passed * (float)(edge & 1));
            passed += load_tile(weights + at * WIDTH);
            store_tile(weights + at * WIDTH, passed);
            edge = scratch->edges[at];
        }
        if (edge == SOFTMAX_END) continue;
        size_t above = (edge >> 1) * WIDTH;
        store_tile(weights + above, load_tile(weights + above) + passed);
        store_tile(targets + above, load_tile(targets + above) + passed * (float)(edge & 1));
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
        for (size_t n = 0; n < tile->count; n++) tile->rows[n] = hot_row(draw->hotWords, tile->rows[n]);
    }
    if (draw->links) {
        contexts = (TileFloats){};
        distance = start;
        if (++draw->tile == 0) { // after 2³² tiles the numbers begin anew
            memset(draw->places, 0, (draw->leaves - 1) * sizeof *draw->places);
            draw->tile = 1;
        }
        TreeScratch scratch = tree_scratch(draw);
        // The words that the next tile will have besides, too.
        size_t until = position + window + 2 * WIDTH;
        if (draw->leaves > 1) walk_paths(draw, &scratch, from, until < draw->wordCount ? until : draw->wordCount);
        for (size_t n = from; n < to; n++, distance += 1) {
            TileFloats pairs = pairs_at(distance, nearest, farthest);
            contexts += pairs;
            scratch.runs[n - from] = (uint32_t)tile->count;
            if (draw->leaves > 1)
                draw_path(draw, &scratch, tile, scratch.paths + (n & scratch.mask) * scratch.stride, pairs);
        }
        pass_pairs_up(&scratch, tile, to - from);
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
    HotRows hotNear = draw->averages ? draw->hotWords : draw->hotInputs;
    HotRows hotAround = draw->averages ? draw->hotInputs : draw->hotWords;
    if (draw->slots || !draw->averages)
        for (size_t i = 0; i < inputs; i++) fetch(tile, near, stride, hotNear, words[position + i]);
    if (draw->slots || draw->averages)
        for (size_t n = known; n < far; n++) fetch(tile, around, stride, hotAround, words[n]);
}
