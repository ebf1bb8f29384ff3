// dot, squared distance, axpy, selection by a limit.

static float dot(const float *a, const float *b, size_t n) {
    Vector s0 = {}, s1 = {}, s2 = {}, s3 = {};
    size_t i = 0;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        s0 += load(a + i) * load(b + i);
        s1 += load(a + i + LANES) * load(b + i + LANES);
        s2 += load(a + i + 2 * LANES) * load(b + i + 2 * LANES);
        s3 += load(a + i + 3 * LANES) * load(b + i + 3 * LANES);
    }
    for (; i + LANES <= n; i += LANES) s0 += load(a + i) * load(b + i);
    if (i < n) s1 += load_part(a + i, n - i) * load_part(b + i, n - i);
    return sum((s0 + s1) + (s2 + s3));
}

static void dot_rows(const void *base, const uint64_t *starts, size_t stride, size_t rows, const float *query, size_t n,
                     float *products) {
    // The last lanes of a row are read again with zeros for those that were counted, so that nothing beyond it is.
    size_t whole = n / LANES * LANES, rest = n - whole;
    Vector last = {};
    if (rest && n >= LANES) memcpy((float *)&last + LANES - rest, query + whole, rest * sizeof(float));
    size_t row = 0;
    for (; n >= LANES && row + 4 <= rows; row += 4) {
        const float *r[4];
        for (size_t j = 0; j < 4; j++)
            r[j] = (const float *)((const char *)base + (starts ? starts[row + j] : (row + j) * stride));
        Vector s0 = {}, s1 = {}, s2 = {}, s3 = {};
        for (size_t i = 0; i < whole; i += LANES) {
            Vector q = load(query + i);
            s0 += load(r[0] + i) * q;
            s1 += load(r[1] + i) * q;
            s2 += load(r[2] + i) * q;
            s3 += load(r[3] + i) * q;
        }
        if (rest) {
            s0 += load(r[0] + n - LANES) * last;
            s1 += load(r[1] + n - LANES) * last;
            s2 += load(r[2] + n - LANES) * last;
            s3 += load(r[3] + n - LANES) * last;
        }
        products[row] = sum(s0);
        products[row + 1] = sum(s1);
        products[row + 2] = sum(s2);
        products[row + 3] = sum(s3);
    }
    for (; row < rows; row++)
        products[row] = dot((const float *)((const char *)base + (starts ? starts[row] : row * stride)), query, n);
}

static float squared_distance(const float *a, const float *b, size_t n) {
    Vector s0 = {}, s1 = {};
    size_t i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        Vector d0 = load(a + i) - load(b + i), d1 = load(a + i + LANES) - load(b + i + LANES);
        s0 += d0 * d0;
        s1 += d1 * d1;
    }
    for (; i + LANES <= n; i += LANES) {
        Vector d = load(a + i) - load(b + i);
        s0 += d * d;
    }
    if (i < n) {
        Vector d = load_part(a + i, n - i) - load_part(b + i, n - i);
        s1 += d * d;
    }
    return sum(s0 + s1);
}

static void axpy(float alpha, const float *x, float *y, size_t n) {
    Vector factor = splat(alpha);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, load(y + i) + factor * load(x + i));
    if (i < n) store_part(y + i, load_part(y + i, n - i) + factor * load_part(x + i, n - i), n - i);
}

static void exponentials(const float *x, float *y, size_t n) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) store(y + i, exponential(load(x + i)));
    if (i < n) store_part(y + i, exponential(load_part(x + i, n - i)), n - i);
}

static size_t select_below(const float *values, const float *offsets, float scale, float limit, size_t n,
                           uint32_t *found) {
    Vector factor = splat(scale), bound = splat(limit);
    size_t count = 0, i = 0;
    for (; i + LANES <= n; i += LANES) {
        IntVector below = load(offsets + i) + factor * load(values + i) < bound;
        typedef _Bool Bits __attribute__((ext_vector_type(LANES)));
        unsigned bits = 0;
        Bits mask = __builtin_convertvector(below, Bits);
        memcpy(&bits, &mask, sizeof mask);
        bits &= (1u << LANES) - 1;
        while (bits) {
            found[count++] = (uint32_t)(i + (size_t)__builtin_ctz(bits));
            bits &= bits - 1;
        }
    }
    for (; i < n; i++)
        if (offsets[i] + scale * values[i] < limit) found[count++] = (uint32_t)i;
    return count;
}
