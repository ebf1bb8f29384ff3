// t-SNE's repulsion by interpolation on a grid (Linderman et al. 2019): points spread unit charges on the nodes, the
// charges are convolved with the forces' kernels by Fourier transforms, points gather the forces from the nodes.
//
// Weights are cubic B-splines on one equispaced grid (as in SG-t-SNE-Π, Pitsianis et al. 2019, with other weights). The
// kernels' spectra are multiplied with factors that make up for the spreading (Hockney and Eastwood 1988).

/// Four floats: points' stencils are four nodes wide.
typedef float Four __attribute__((vector_size(16)));

static inline Four load_four(const float *from) {
    Four v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store_four(float *to, Four v) { memcpy(to, &v, sizeof v); }

/// Transposes LANES × LANES floats that follow each other.
static inline void turn(const float *from, float *to) {
    for (size_t i = 0; i < LANES; i += 4)
        for (size_t j = 0; j < LANES; j += 4) {
            const float *at = from + i * LANES + j;
            Four a = load_four(at), b = load_four(at + LANES), c = load_four(at + 2 * LANES), d = load_four(at + 3 * LANES);
            Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
            Four ef = __builtin_shufflevector(a, b, 2, 6, 3, 7), gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
            float *out = to + j * LANES + i;
            store_four(out, __builtin_shufflevector(ab, cd, 0, 1, 4, 5));
            store_four(out + LANES, __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
            store_four(out + 2 * LANES, __builtin_shufflevector(ef, gh, 0, 1, 4, 5));
            store_four(out + 3 * LANES, __builtin_shufflevector(ef, gh, 2, 3, 6, 7));
        }
}

/// The cubic B-spline's weights of the nodes before, at, after and two after the place `part` (0 ..< 1) behind a node.
static inline Four spline(float part) {
    const Four c0 = {1.0f / 6, 4.0f / 6, 1.0f / 6, 0}, c1 = {-0.5f, 0, 0.5f, 0}, c2 = {0.5f, -1, 0.5f, 0},
               c3 = {-1.0f / 6, 0.5f, -0.5f, 1.0f / 6};
    Four t = {part, part, part, part};
    return ((c3 * t + c2) * t + c1) * t + c0;
}

/// The node at or before a point, and the weights around it.
typedef struct Stencil {
    size_t node;
    Four across, down;
} Stencil;

static inline Stencil stencil(const TsneGrid *grid, const float *position) {
    float u = (position[0] - grid->low[0]) * grid->inverseSpacing, v = (position[1] - grid->low[1]) * grid->inverseSpacing;
    int32_t column = (int32_t)u, row = (int32_t)v;
    // The stencil's first node.
    return (Stencil){(size_t)(row - 1) * grid->stride + (size_t)(column - 1), spline(u - (float)column),
                     spline(v - (float)row)};
}

static void tsne_grid_spread(const TsneGrid *grid, const float *positions, size_t count, TsneCharges *charges) {
    size_t stride = grid->stride;
    float low = positions[1], high = low;
    for (size_t i = 1; i < count; i++) {
        float y = positions[2 * i + 1];
        low = y < low ? y : low;
        high = y > high ? y : high;
    }
    charges->firstRow = (size_t)((low - grid->low[1]) * grid->inverseSpacing) - 1;
    charges->endRow = (size_t)((high - grid->low[1]) * grid->inverseSpacing) + 3;
    memset(charges->values + charges->firstRow * stride, 0,
           (charges->endRow - charges->firstRow) * stride * sizeof(float));
    for (size_t i = 0; i < count; i++) {
        Stencil s = stencil(grid, positions + 2 * i);
        float *at = charges->values + s.node;
        for (int j = 0; j < 4; j++, at += stride) store_four(at, load_four(at) + s.across * s.down[j]);
    }
}

static void tsne_grid_gather(const TsneGrid *grid, const float *positions, size_t count, _Bool add, float *forces) {
    typedef float Eight __attribute__((vector_size(32)));
    for (size_t i = 0; i < count; i++) {
        Stencil s = stencil(grid, positions + 2 * i);
        const float *at = grid->forces + 2 * s.node;
        Eight total = {};
        for (int j = 0; j < 4; j++, at += 2 * grid->stride) {
            Eight field;
            memcpy(&field, at, sizeof field);
            total += field * s.down[j];
        }
        total *= __builtin_shufflevector(s.across, s.across, 0, 0, 1, 1, 2, 2, 3, 3);
        Four half = __builtin_shufflevector(total, total, 0, 1, 2, 3) + __builtin_shufflevector(total, total, 4, 5, 6, 7);
        float x = half[0] + half[2], y = half[1] + half[3];
        forces[2 * i] = add ? forces[2 * i] + x : x;
        forces[2 * i + 1] = add ? forces[2 * i + 1] + y : y;
    }
}

/// 1 / (1 + r²) inside of the reach r₀, softened: with v = (r₀² − r²) / (1 + r₀²) it is (1 + v + v² + v³ + …) / (1 + r₀²),
/// of which the first four terms are kept. What is left is smooth enough for a coarse grid; the rest is compact.
static inline float soften(float square, float reach, _Bool slope) {
    float unit = 1 / (1 + reach), v = (reach - square) * unit;
    return slope ? unit * unit * (1 + v * (2 + v * 3)) : unit * (1 + v * (1 + v * (1 + v)));
}

/// One row of a kernel's samples, `row` nodes above or below the source (the whole is periodic).
static void tsne_grid_sample(const TsneGrid *grid, size_t row, TsneKernel kernel, float *out) {
    int32_t columns = (int32_t)grid->across.length, rows = (int32_t)grid->down.length, at = (int32_t)row;
    float spacing = 1 / grid->inverseSpacing, y = (float)(2 * at > rows ? at - rows : at) * spacing;
    float reach = grid->reach * grid->reach, freedom = grid->freedom;
    for (int32_t i = 0; i < columns; i++) {
        float x = (float)(2 * i > columns ? i - columns : i) * spacing, square = x * x + y * y;
        float w = 1 / (1 + square / freedom), q = w;
        if (freedom != 1) q = powf(w, freedom);
        float slope = q * w;
        if (square < reach) {
            q = soften(square, reach, 0);
            slope = soften(square, reach, 1);
        }
        // Half a period away an odd function is its own opposite.
        float odd = kernel == TsneKernelX ? (2 * i == columns ? 0 : x) : 2 * at == rows ? 0 : y;
        out[i] = kernel == TsneKernelZ ? q : odd * slope;
    }
}

static void tsne_grid_down(const TsneGrid *grid, const TsneCharges *charges, size_t count, size_t stride, size_t column,
                           float *scratch) {
    size_t length = grid->down.length, half = length / 2;
    Lines lines = {scratch, scratch + length * LANES};
    Lines spare = {scratch + 2 * length * LANES, scratch + 3 * length * LANES};
    for (size_t y = 0; y < length; y++) {
        Vector left = {}, right = {};
        for (size_t i = 0; i < count; i++) {
            if (y < charges[i].firstRow || y >= charges[i].endRow) continue;
            const float *values = charges[i].values + y * stride + column;
            left += load(values);
            right += load(values + LANES);
        }
        store(lines.re + y * LANES, left);
        store(lines.im + y * LANES, right);
    }
    lines = transform(&grid->down, lines, spare);
    float tile[4][LANES * LANES];
    for (size_t group = 0; group < grid->groups; group++) {
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t k = group * LANES + lane, at = lane * LANES;
            if (k > half) {
                for (int i = 0; i < 4; i++) store(tile[i] + at, (Vector){});
                continue;
            }
            size_t mirror = k ? length - k : 0;
            Vector re = load(lines.re + k * LANES) * 0.5f, im = load(lines.im + k * LANES) * 0.5f;
            Vector mre = load(lines.re + mirror * LANES) * 0.5f, mim = load(lines.im + mirror * LANES) * 0.5f;
            store(tile[0] + at, re + mre);
            store(tile[1] + at, im - mim);
            store(tile[2] + at, im + mim);
            store(tile[3] + at, mre - re);
        }
        size_t to = (group * grid->spectrumStride + column) * LANES;
        turn(tile[0], grid->spectrumRe + to);
        turn(tile[1], grid->spectrumIm + to);
        turn(tile[2], grid->spectrumRe + to + LANES * LANES);
        turn(tile[3], grid->spectrumIm + to + LANES * LANES);
    }
}

static Lines spectrum_across(const TsneGrid *grid, size_t group, size_t columns, float *scratch) {
    size_t length = grid->across.length, from = group * grid->spectrumStride * LANES;
    Lines lines = {scratch, scratch + length * LANES};
    Lines spare = {scratch + 2 * length * LANES, scratch + 3 * length * LANES};
    memcpy(lines.re, grid->spectrumRe + from, columns * LANES * sizeof(float));
    memcpy(lines.im, grid->spectrumIm + from, columns * LANES * sizeof(float));
    memset(lines.re + columns * LANES, 0, (length - columns) * LANES * sizeof(float));
    memset(lines.im + columns * LANES, 0, (length - columns) * LANES * sizeof(float));
    return transform(&grid->across, lines, spare);
}

static void tsne_grid_kernel(const TsneGrid *grid, size_t group, TsneKernel kernel, float *scratch) {
    size_t length = grid->across.length;
    Lines lines = spectrum_across(grid, group, length, scratch);
    // Even functions have real spectra, odd ones imaginary.
    const float *part = kernel == TsneKernelZ ? lines.re : lines.im;
    for (size_t k = 0; k < length; k++) {
        Vector factor = load(grid->downFactors + group * LANES) * grid->acrossFactors[k];
        store(grid->kernels[kernel] + (group * length + k) * LANES, load(part + k * LANES) * factor);
    }
}

static double tsne_grid_across(const TsneGrid *grid, size_t group, float *scratch) {
    typedef double Doubles __attribute__((vector_size(LANES * 8)));
    size_t length = grid->across.length, size = length * LANES, kernel = group * size;
    Lines charges = spectrum_across(grid, group, grid->width, scratch);
    Doubles energy = {};
    for (size_t at = 0; at < size; at += LANES) {
        Vector re = load(charges.re + at), im = load(charges.im + at);
        energy += __builtin_convertvector((re * re + im * im) * load(grid->kernels[TsneKernelZ] + kernel + at), Doubles);
    }
    size_t used = charges.re == scratch ? 2 : 0;
    for (int d = 0; d < 2; d++) {
        Lines lines = {scratch + used * size, scratch + (used + 1) * size};
        Lines spare = {scratch + 4 * size, scratch + 5 * size};
        const float *odd = grid->kernels[TsneKernelX + d] + kernel;
        // i·kernel times the spectrum, re and im exchanged for the inverse.
        for (size_t at = 0; at < size; at += LANES) {
            Vector k = load(odd + at);
            store(lines.re + at, load(charges.re + at) * k);
            store(lines.im + at, -(load(charges.im + at) * k));
        }
        lines = transform(&grid->across, lines, spare);
        size_t to = group * grid->stride * LANES;
        memcpy(grid->fields[2 * d] + to, lines.im, grid->width * LANES * sizeof(float));
        memcpy(grid->fields[2 * d + 1] + to, lines.re, grid->width * LANES * sizeof(float));
    }
    double total = 0;
    for (size_t lane = 0; lane < LANES; lane++) {
        size_t k = group * LANES + lane;
        if (2 * k <= grid->down.length) total += energy[lane] * (k == 0 || 2 * k == grid->down.length ? 1 : 2);
    }
    return total;
}

static void tsne_grid_up(const TsneGrid *grid, size_t column, float *scratch) {
    size_t length = grid->down.length, half = length / 2;
    Lines lines = {scratch, scratch + length * LANES};
    Lines spare = {scratch + 2 * length * LANES, scratch + 3 * length * LANES};
    float tile[4][LANES * LANES];
    for (size_t group = 0; group < grid->groups; group++) {
        for (int i = 0; i < 4; i++) turn(grid->fields[i] + (group * grid->stride + column) * LANES, tile[i]);
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t k = group * LANES + lane, at = lane * LANES;
            if (k > half) break;
            Vector are = load(tile[0] + at), aim = load(tile[1] + at), bre = load(tile[2] + at), bim = load(tile[3] + at);
            store(lines.im + k * LANES, are - bim);
            store(lines.re + k * LANES, aim + bre);
            if (k == 0 || 2 * k == length) continue;
            store(lines.im + (length - k) * LANES, are + bim);
            store(lines.re + (length - k) * LANES, bre - aim);
        }
    }
    lines = transform(&grid->down, lines, spare);
    for (size_t y = 0; y < grid->height; y++) {
        Vector x = load(lines.im + y * LANES), z = load(lines.re + y * LANES);
        float *out = grid->forces + 2 * (y * grid->stride + column);
        for (size_t i = 0; i < LANES; i++) {
            out[2 * i] = x[i];
            out[2 * i + 1] = z[i];
        }
    }
}

/// Points of a cell that are worked on at once.
#if LANES == 16
enum { NEAR_POINTS = 4 };
#else
enum { NEAR_POINTS = 2 };
#endif

/// What the softened kernels (see soften) leave out between `number` points of a cell (a constant) and the runs of
/// points around them: with v as there, q·v⁴ of Z, and q²·v³·(4 − 3v) times the difference of the force.
static inline __attribute__((always_inline)) double near_points(const TsneCells *cells, size_t first, size_t number,
                                                                const uint32_t (*runs)[2], float *forces) {
    Vector x[NEAR_POINTS], y[NEAR_POINTS], fx[NEAR_POINTS] = {}, fy[NEAR_POINTS] = {}, z[NEAR_POINTS] = {};
    for (size_t i = 0; i < number; i++) {
        x[i] = splat(cells->x[first + i]);
        y[i] = splat(cells->y[first + i]);
    }
    float edge = cells->square, unit = 1 / (1 + edge);
    IntVector lanes;
    for (int i = 0; i < LANES; i++) lanes[i] = i;
    for (int run = 0; run < 3; run++)
        for (uint32_t j = runs[run][0]; j < runs[run][1]; j += LANES) {
            Vector sx = load(cells->x + j), sy = load(cells->y + j);
            // What lies behind the run is put far away.
            if (runs[run][1] - j < LANES) sx = choose(lanes < (int32_t)(runs[run][1] - j), sx, splat(1e15f));
            for (size_t i = 0; i < number; i++) {
                Vector dx = x[i] - sx, dy = y[i] - sy, square = dx * dx + dy * dy;
                Vector q = 1.0f / (1.0f + square), v = maximum((edge - square) * unit, (Vector){});
                Vector v2 = v * v, q2 = q * q;
                Vector weight = q2 * (v2 * v) * (4.0f - 3.0f * v);
                z[i] += v2 * v2 * q;
                fx[i] += weight * dx;
                fy[i] += weight * dy;
            }
        }
    double total = 0;
    for (size_t i = 0; i < number; i++) {
        float *out = forces + 2 * cells->order[first + i];
        out[0] = sum(fx[i]);
        out[1] = sum(fy[i]);
        total += sum(z[i]);
    }
    return total;
}

static double tsne_grid_near(const TsneCells *cells, size_t row, float *forces) {
    size_t columns = cells->columns;
    double total = 0;
    for (size_t column = 0; column < columns; column++) {
        const uint32_t *own = cells->starts + row * columns + column;
        if (own[0] == own[1]) continue;
        size_t left = column > 0 ? column - 1 : 0, right = column + 2 < columns ? column + 2 : columns;
        uint32_t runs[3][2] = {};
        for (size_t i = 0; i < 3; i++) {
            if (row + i < 1 || row + i > cells->rows) continue;
            const uint32_t *starts = cells->starts + (row + i - 1) * columns;
            runs[i][0] = starts[left];
            runs[i][1] = starts[right];
        }
        uint32_t at = own[0];
        for (; at + NEAR_POINTS <= own[1]; at += NEAR_POINTS) total += near_points(cells, at, NEAR_POINTS, runs, forces);
        if (own[1] - at == 3) total += near_points(cells, at, 3, runs, forces);
        if (own[1] - at == 2) total += near_points(cells, at, 2, runs, forces);
        if (own[1] - at == 1) total += near_points(cells, at, 1, runs, forces);
    }
    return total;
}
