// Exact nearest neighbours: tiles of similarities in registers, lists of candidates with a falling bound.

#define TILE_VECTORS 3
#define PANEL (TILE_VECTORS * LANES)
#if LANES == 16
#define TILE_ROWS 8
#else
#define TILE_ROWS 4
#endif

/// A pair of a tile that passed the bounds: places in the block of rows and in the panel of columns.
typedef struct NeighborHit {
    float similarity;
    uint16_t row, column;
} NeighborHit;

static inline unsigned lanes_set(IntVector mask) {
    typedef _Bool Bits __attribute__((ext_vector_type(LANES)));
    unsigned bits = 0;
    Bits packed = __builtin_convertvector(mask, Bits);
    memcpy(&bits, &packed, sizeof packed);
    return bits & ((1u << LANES) - 1);
}

static inline Vector magnitude(Vector v) { return (Vector)((IntVector)v & 0x7fffffff); }

/// TILE_ROWS rows against a panel; appends the pairs that reach the smaller of their limits.
static inline __attribute__((always_inline)) size_t neighbor_tile(
    const float *rows, const float *columns, size_t dimensions, const float *rowOffsets, const float *columnOffsets,
    const float *rowLimits, const float *columnLimits, size_t row, _Bool manhattan, NeighborHit *hits) {
    Vector s[TILE_ROWS][TILE_VECTORS];
    for (int r = 0; r < TILE_ROWS; r++)
        for (int v = 0; v < TILE_VECTORS; v++) s[r][v] = load(columnOffsets + v * LANES) + splat(rowOffsets[r]);
    for (size_t d = 0; d < dimensions; d++, rows += PANEL, columns += PANEL) {
        Vector y[TILE_VECTORS];
        for (int v = 0; v < TILE_VECTORS; v++) y[v] = load(columns + v * LANES);
        for (int r = 0; r < TILE_ROWS; r++) {
            Vector x = splat(rows[r]);
            for (int v = 0; v < TILE_VECTORS; v++) {
                if (manhattan) s[r][v] -= magnitude(x - y[v]);
                else s[r][v] += x * y[v];
            }
        }
    }
    size_t n = 0;
    for (int v = 0; v < TILE_VECTORS; v++) {
        Vector limit = load(columnLimits + v * LANES);
        for (int r = 0; r < TILE_ROWS; r++) {
            unsigned bits = lanes_set(s[r][v] >= minimum(limit, splat(rowLimits[r])));
            if (__builtin_expect(bits != 0, 0)) {
                float all[LANES];
                store(all, s[r][v]);
                do {
                    int lane = __builtin_ctz(bits);
                    hits[n++] = (NeighborHit){all[lane], (uint16_t)(row + (size_t)r), (uint16_t)(v * LANES + lane)};
                    bits &= bits - 1;
                } while (bits);
            }
        }
    }
    return n;
}

#include "whole_kernels.h"

/// The distance of two exact rows; `stride` is a multiple of 16.
static float neighbor_distance(const NeighborSearch *search, size_t i, size_t j) {
    const size_t stride = search->targets.stride;
    const float *a = search->queries.exact + i * stride, *b = search->targets.exact + j * stride;
    Vector sum0 = {}, sum1 = {};
    switch (search->similarity) {
    case NeighborSimilarityEuclidean:
    case NeighborSimilarityCosine:
        for (size_t d = 0; d < stride; d += 2 * LANES) {
            Vector d0 = load(a + d) - load(b + d);
            sum0 += d0 * d0;
            if (d + LANES < stride) {
                Vector d1 = load(a + d + LANES) - load(b + d + LANES);
                sum1 += d1 * d1;
            }
        }
        if (search->similarity == NeighborSimilarityEuclidean) return sum(sum0 + sum1);
        // 1 − cos = |u − v|² / 2 for rows of length 1: no cancellation between close ones. A row of length 0 has the
        // error 0.
        if (search->queries.errors[i] == 0 || search->targets.errors[j] == 0) return 1;
        float half = sum(sum0 + sum1) / 2;
        return half < 2 ? half : 2;
    case NeighborSimilarityDot:
        for (size_t d = 0; d < stride; d += LANES) sum0 += load(a + d) * load(b + d);
        return -sum(sum0);
    case NeighborSimilarityManhattan:
        for (size_t d = 0; d < stride; d += LANES) sum0 += magnitude(load(a + d) - load(b + d));
        return sum(sum0);
    }
    return 0;
}

/// The similarity that a distance stands for.
static inline float neighbor_similarity_of(NeighborSimilarity similarity, float distance) {
    switch (similarity) {
    case NeighborSimilarityEuclidean: return -distance / 2;
    case NeighborSimilarityCosine: return 1 - distance;
    default: return -distance;
    }
}

/// A whole number that sorts as (distance, number).
static inline uint64_t neighbor_key(float distance, uint32_t number) {
    distance += 0.0f; // −0 and 0 are one distance
    uint32_t bits;
    memcpy(&bits, &distance, sizeof bits);
    bits ^= bits >> 31 ? 0xffffffffu : 0x80000000u;
    return (uint64_t)bits << 32 | number;
}

static inline float neighbor_key_distance(uint64_t key) {
    uint32_t bits = (uint32_t)(key >> 32);
    bits ^= bits >> 31 ? 0x80000000u : 0xffffffffu;
    float distance;
    memcpy(&distance, &bits, sizeof distance);
    return distance;
}

/// Sorts the pairs of a key and a payload: runs of 8 by insertion, then merges; `spare` has room for n pairs.
typedef struct NeighborKey {
    uint64_t key;
    uint32_t index;
} NeighborKey;

static void neighbor_sort(NeighborKey *keys, size_t n, NeighborKey *spare) {
    for (size_t from = 0; from < n; from += 8) {
        size_t to = from + 8 < n ? from + 8 : n;
        for (size_t i = from + 1; i < to; i++) {
            NeighborKey x = keys[i];
            size_t j = i;
            for (; j > from && keys[j - 1].key > x.key; j--) keys[j] = keys[j - 1];
            keys[j] = x;
        }
    }
    NeighborKey *source = keys, *target = spare;
    for (size_t width = 8; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t middle = from + width < n ? from + width : n, to = from + 2 * width < n ? from + 2 * width : n;
            size_t a = from, b = middle;
            for (size_t i = from; i < to; i++) {
                _Bool left = b >= to || (a < middle && source[a].key <= source[b].key);
                target[i] = left ? source[a] : source[b];
                a += left;
                b += !left;
            }
        }
        NeighborKey *swap = source;
        source = target;
        target = swap;
    }
    if (source != keys) memcpy(keys, source, n * sizeof *keys);
}

/// Exact keys of a list, sorted. `scratch` has room for 2 · capacity keys.
static NeighborKey *neighbor_exact_keys(const NeighborSearch *search, const NeighborLists *lists, size_t row,
                                        void *scratch) {
    const NeighborCandidate *list = lists->candidates + row * search->capacity;
    size_t n = lists->counts[row];
    NeighborKey *keys = scratch;
    for (size_t i = 0; i < n; i++) {
        uint32_t index = list[i].index;
        float distance = neighbor_distance(search, lists->first + row, index);
        keys[i] = (NeighborKey){neighbor_key(distance, search->targets.numbers[index]), index};
    }
    neighbor_sort(keys, n, keys + n);
    return keys;
}

static size_t neighbor_count_from(const float *values, size_t n, float limit) {
    IntVector counts = {};
    Vector bound = splat(limit);
    size_t i = 0, count = 0;
    for (; i + LANES <= n; i += LANES) counts -= load(values + i) >= bound;
    for (; i < n; i++) count += values[i] >= limit;
    for (int lane = 0; lane < LANES; lane++) count += (size_t)counts[lane];
    return count;
}

static void neighbor_narrow(const NeighborSearch *search, const NeighborLists *lists, size_t row, void *scratch) {
    NeighborCandidate *list = lists->candidates + row * search->capacity;
    size_t n = lists->counts[row], k = search->k;
    if (n < k || k == 0) return;
    const float *errors = search->targets.errors;
    float own = search->queries.errors[lists->first + row];
    float *lows = scratch;
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        float value = list[i].similarity - (own + errors[list[i].index]);
        lows[i] = value;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    if (lists->limits[row] > low) low = lists->limits[row];
    // Halving: a bound that at least k reach, and not many more.
    size_t enough = search->capacity - (search->capacity - k) / 2, reached = n;
    for (int step = 0; step < 64 && reached > k && (step < 12 || reached > enough); step++) {
        float middle = low + (high - low) / 2;
        if (!(middle > low && middle < high)) break;
        size_t count = neighbor_count_from(lows, n, middle);
        if (count >= k) {
            low = middle;
            reached = count;
            if (count <= k + k / 16) break;
        } else {
            high = middle;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        NeighborCandidate candidate = list[i];
        list[kept] = candidate;
        kept += candidate.similarity + (own + errors[candidate.index]) >= low;
    }
    lists->counts[row] = (uint32_t)kept;
    lists->limits[row] = low;
    if (kept <= enough) return;
    // Too many within the error of each other: keep the k nearest by exact distances.
    NeighborKey *keys = neighbor_exact_keys(search, lists, row, scratch);
    float limit = INFINITY;
    for (size_t i = 0; i < k; i++) {
        float similarity = neighbor_similarity_of(search->similarity, neighbor_key_distance(keys[i].key));
        list[i] = (NeighborCandidate){similarity, keys[i].index};
        float value = similarity - (own + errors[keys[i].index]);
        limit = value < limit ? value : limit;
    }
    lists->counts[row] = (uint32_t)k;
    if (limit > lists->limits[row]) lists->limits[row] = limit;
}

/// Adds a candidate to a list, unless it is surely too far. Returns whether the list's limit changed.
static inline _Bool neighbor_append(const NeighborSearch *search, const NeighborLists *lists, size_t row, size_t index,
                                    float similarity, void *scratch) {
    float error = search->queries.errors[lists->first + row] + search->targets.errors[index];
    if (similarity + error < lists->limits[row]) return 0;
    lists->candidates[row * search->capacity + lists->counts[row]++] =
        (NeighborCandidate){similarity, (uint32_t)index};
    if (lists->counts[row] < search->capacity) return 0;
    neighbor_narrow(search, lists, row, scratch);
    return 1;
}

static inline float neighbor_largest(const float *values, size_t n) {
    float largest = 0;
    for (size_t i = 0; i < n; i++) largest = values[i] > largest ? values[i] : largest;
    return largest;
}

/// A panel of columns against the tiles of some rows.
typedef struct PanelPlace {
    size_t firstRow, rowCount; ///< rows, filled up to whole tiles
    size_t column;             ///< the panel's first column
    const float *rowLimits, *columnLimits;
} PanelPlace;

static size_t neighbor_panel(const NeighborSearch *search, const PanelPlace *place, NeighborHit *hits) {
    const NeighborPoints *queries = &search->queries, *targets = &search->targets;
    size_t dimensions = search->dimensions, n = 0;
    const float *columns = targets->panels + place->column * dimensions;
    for (size_t r = 0; r < place->rowCount; r += TILE_ROWS) {
        size_t row = place->firstRow + r;
        const float *rows = queries->panels + row / PANEL * PANEL * dimensions + row % PANEL;
        if (search->similarity == NeighborSimilarityManhattan)
            n += neighbor_tile(rows, columns, dimensions, queries->offsets + row, targets->offsets + place->column,
                               place->rowLimits + r, place->columnLimits, r, 1, hits + n);
        else
            n += neighbor_tile(rows, columns, dimensions, queries->offsets + row, targets->offsets + place->column,
                               place->rowLimits + r, place->columnLimits, r, 0, hits + n);
    }
    return n;
}

#if NEIGHBOR_WHOLES
/// The largest whole number that is surely not above a limit in squares of the unit.
static inline int32_t whole_limit(float limit) {
    // Rounding errs by less than 2^−22 of 2^31.
    limit -= fabsf(limit) * 0x1p-21f + 2;
    // Above what any similarity reaches, below what any has. Infinity has become NaN.
    limit = limit < 0x1.fffffep30f ? limit : 0x1.fffffep30f;
    return (int32_t)(limit > -0x1p31f ? limit : -0x1p31f);
}

static size_t neighbor_whole_panel(const NeighborSearch *search, const PanelPlace *place, NeighborHit *hits) {
    const NeighborPoints *queries = &search->queries, *targets = &search->targets;
    size_t pairs = (search->dimensions + 1) / 2, n = 0;
    float square = targets->unit * targets->unit, inverse = 1 / square;
    int32_t columnLimits[PANEL], rowLimits[TILE_ROWS];
    for (size_t i = 0; i < PANEL; i++) columnLimits[i] = whole_limit(place->columnLimits[i] * inverse);
#if LANES == 16
    _Bool vnni = has_vnni();
#endif
    for (size_t r = 0; r < place->rowCount; r += TILE_ROWS) {
        size_t row = place->firstRow + r;
        for (size_t i = 0; i < TILE_ROWS; i++) rowLimits[i] = whole_limit(place->rowLimits[r + i] * inverse);
        WholeTile tile = {queries->wholes + row / PANEL * PANEL * pairs + row % PANEL,
                          targets->wholes + place->column * pairs,
                          pairs,
                          queries->wholeOffsets + row,
                          targets->wholeOffsets + place->column,
                          rowLimits,
                          columnLimits,
                          square,
                          r};
#if LANES == 16
        if (vnni) {
            n += whole_tile_vnni(&tile, hits + n);
            continue;
        }
#endif
        n += whole_tile(&tile, hits + n);
    }
    return n;
}
#endif

static void neighbor_compare(const NeighborSearch *search, const NeighborLists *rows, const NeighborLists *columns,
                             size_t first, size_t count, void *scratch) {
    const NeighborPoints *queries = &search->queries, *targets = &search->targets;
    size_t rowCount = (rows->count + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
    _Bool diagonal = columns && columns->first == rows->first;
    // Scratch: what narrowing needs, hits of a panel, limits of the rows.
    char *place = scratch;
    NeighborHit *hits = (NeighborHit *)(place + (search->capacity * 32 + 63) / 64 * 64);
    float *limits = (float *)(hits + rowCount * PANEL);
    float columnErrors = neighbor_largest(targets->errors + first, count);
    float rowErrors = neighbor_largest(queries->errors + rows->first, rows->count);
    for (size_t r = 0; r < rowCount; r++)
        limits[r] = r < rows->count ? rows->limits[r] - (queries->errors[rows->first + r] + columnErrors) : INFINITY;
    for (size_t c = 0; c < count; c += PANEL) {
        float columnLimits[PANEL];
        size_t width = count - c < PANEL ? count - c : PANEL;
        for (size_t i = 0; i < PANEL; i++)
            columnLimits[i] =
                columns && i < width ? columns->limits[c + i] - (rowErrors + targets->errors[first + c + i]) : INFINITY;
        PanelPlace panel = {rows->first, diagonal && rowCount > c + PANEL ? c + PANEL : rowCount, first + c, limits,
                            columnLimits};
#if NEIGHBOR_WHOLES
        size_t n = targets->wholes ? neighbor_whole_panel(search, &panel, hits) : neighbor_panel(search, &panel, hits);
#else
        size_t n = neighbor_panel(search, &panel, hits);
#endif
        for (size_t i = 0; i < n; i++) {
            size_t row = hits[i].row, column = hits[i].column;
            if (row >= rows->count || column >= width) continue;
            size_t target = first + c + column;
            if (diagonal ? row >= c + column
                         : search->same && queries->numbers[rows->first + row] == targets->numbers[target])
                continue;
            if (neighbor_append(search, rows, row, target, hits[i].similarity, scratch))
                limits[row] = rows->limits[row] - (queries->errors[rows->first + row] + columnErrors);
            if (columns)
                neighbor_append(search, columns, c + column, rows->first + row, hits[i].similarity, scratch);
        }
    }
}

static size_t neighbor_finish(const NeighborSearch *search, const NeighborLists *lists, size_t row, uint32_t *numbers,
                              float *distances, void *scratch) {
    neighbor_narrow(search, lists, row, scratch);
    NeighborKey *keys = neighbor_exact_keys(search, lists, row, scratch);
    size_t n = lists->counts[row] < search->k ? lists->counts[row] : search->k;
    for (size_t i = 0; i < n; i++) {
        numbers[i] = (uint32_t)keys[i].key;
        distances[i] = neighbor_key_distance(keys[i].key);
    }
    return n;
}

static void neighbor_merge(const NeighborSearch *search, const NeighborLists *lists, size_t row,
                           NeighborCandidate *best, void *scratch) {
    const NeighborCandidate *list = lists->candidates + row * search->capacity;
    size_t n = lists->counts[row], k = search->k;
    NeighborKey *keys = scratch;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = search->targets.numbers[list[i].index];
        keys[i] = (NeighborKey){neighbor_key(-list[i].similarity, number), number};
    }
    neighbor_sort(keys, n, keys + n);
    // The same pair has the same similarity wherever it is computed, so what is there already is next to its twin.
    NeighborCandidate *merged = (NeighborCandidate *)(keys + 2 * search->capacity);
    size_t a = 0, b = 0;
    for (size_t i = 0; i < k; i++) {
        uint64_t old = neighbor_key(-best[a].similarity, best[a].index);
        uint64_t new = b < n ? keys[b].key : UINT64_MAX;
        if (old <= new) {
            merged[i] = best[a++];
            b += old == new;
        } else {
            merged[i] = (NeighborCandidate){-neighbor_key_distance(new), keys[b].index};
            b++;
        }
    }
    memcpy(best, merged, k * sizeof *best);
}

static inline __attribute__((always_inline)) void similarity_rows(const NeighborSearch *search, const size_t *queries,
                                                                  size_t count, _Bool manhattan, float *similarities,
                                                                  size_t stride) {
    const NeighborPoints *targets = &search->targets;
    size_t dimensions = search->dimensions;
    const float *own[NEIGHBOR_QUERIES];
    for (size_t q = 0; q < count; q++)
        own[q] = search->queries.panels + queries[q] / PANEL * PANEL * dimensions + queries[q] % PANEL;
    for (size_t c = 0; c < targets->count; c += PANEL) {
        const float *columns = targets->panels + c * dimensions;
        Vector s[NEIGHBOR_QUERIES][TILE_VECTORS];
        for (size_t q = 0; q < count; q++)
            for (int v = 0; v < TILE_VECTORS; v++)
                s[q][v] = load(targets->offsets + c + v * LANES) + splat(search->queries.offsets[queries[q]]);
        for (size_t d = 0; d < dimensions; d++) {
            Vector y[TILE_VECTORS];
            for (int v = 0; v < TILE_VECTORS; v++) y[v] = load(columns + d * PANEL + v * LANES);
            for (size_t q = 0; q < count; q++) {
                Vector x = splat(own[q][d * PANEL]);
                for (int v = 0; v < TILE_VECTORS; v++) {
                    if (manhattan) s[q][v] -= magnitude(x - y[v]);
                    else s[q][v] += x * y[v];
                }
            }
        }
        for (size_t q = 0; q < count; q++)
            for (int v = 0; v < TILE_VECTORS; v++) store(similarities + q * stride + c + v * LANES, s[q][v]);
    }
}

static void neighbor_similarities(const NeighborSearch *search, const size_t *queries, size_t count,
                                  float *similarities, size_t stride) {
    if (search->similarity == NeighborSimilarityManhattan) {
        for (size_t q = 0; q < count; q++) similarity_rows(search, queries + q, 1, 1, similarities + q * stride, stride);
    } else if (count == NEIGHBOR_QUERIES) {
        similarity_rows(search, queries, NEIGHBOR_QUERIES, 0, similarities, stride);
    } else {
        for (size_t q = 0; q < count; q++) similarity_rows(search, queries + q, 1, 0, similarities + q * stride, stride);
    }
}

static size_t neighbor_count_above(const float *values, size_t n, float bound) {
    IntVector counts = {};
    Vector limit = splat(bound);
    size_t i = 0, count = 0;
    for (; i + LANES <= n; i += LANES) counts -= load(values + i) > limit;
    for (; i < n; i++) count += values[i] > bound;
    for (int lane = 0; lane < LANES; lane++) count += (size_t)counts[lane];
    return count;
}
