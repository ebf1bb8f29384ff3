// Vectors of LANES floats, and the few operations on them that C has no operator for.
#include <math.h>
#include <string.h>

#pragma clang fp contract(fast)

typedef float Vector __attribute__((vector_size(LANES * 4)));
typedef int32_t IntVector __attribute__((vector_size(LANES * 4)));
typedef uint32_t UIntVector __attribute__((vector_size(LANES * 4)));

static inline Vector load(const float *from) {
    Vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(float *to, Vector v) { memcpy(to, &v, sizeof v); }

static inline Vector splat(float x) {
    // A cast spreads a scalar over an ext_vector; 0 + x would cost an addition, which −0 keeps the compiler from
    // leaving out.
    typedef float Spread __attribute__((ext_vector_type(LANES)));
    return (Vector)(Spread)x;
}

/// `count` < LANES floats, the rest 0.
static inline Vector load_part(const float *from, size_t count) {
    Vector v = {};
    memcpy(&v, from, count * sizeof(float));
    return v;
}

static inline void store_part(float *to, Vector v, size_t count) { memcpy(to, &v, count * sizeof(float)); }

/// Sum of the lanes, halves first.
static inline float sum(Vector v) {
#if LANES == 16
    typedef float Half __attribute__((vector_size(32)));
    Half h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
             __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
    Vector h = v;
#endif
#if LANES >= 8
    typedef float Quarter __attribute__((vector_size(16)));
    Quarter q = __builtin_shufflevector(h, h, 0, 1, 2, 3) + __builtin_shufflevector(h, h, 4, 5, 6, 7);
#else
    Vector q = h;
#endif
    q += __builtin_shufflevector(q, q, 2, 3, 2, 3);
    return q[0] + q[1];
}

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
    Vector q[LANES / 4];
    for (int i = 0; i < LANES / 4; i++)
        q[i] = pair_sums(pair_sums(s[4 * i], s[4 * i + 1]), pair_sums(s[4 * i + 2], s[4 * i + 3]));
#if LANES == 16
    return group_sums(group_sums(q[0], q[1]), group_sums(q[2], q[3]));
#elif LANES == 8
    return group_sums(q[0], q[1]);
#else
    return q[0];
#endif
}

/// Lanes of a where mask is set (all ones), else lanes of b.
static inline Vector choose(IntVector mask, Vector a, Vector b) {
    return (Vector)(((IntVector)a & mask) | ((IntVector)b & ~mask));
}

static inline Vector maximum(Vector a, Vector b) { return __builtin_elementwise_max(a, b); }
static inline Vector minimum(Vector a, Vector b) { return __builtin_elementwise_min(a, b); }

/// e^x for x in [−87, 88] (clamped to it, NaN stays NaN), relative error below 1e-7: Cody-Waite reduction by ln 2,
/// polynomial of degree 6 on [−ln 2 / 2, ln 2 / 2] whose last four coefficients make its largest error least (4e-9).
static inline Vector exponential(Vector x) {
    x = choose(x < -87.0f, splat(-87.0f), x);
    x = choose(x > 88.0f, splat(88.0f), x);
    // Behind a sum of this size there are no fractions: the nearest whole number is left in its last bits.
    const float shift = 12582912.0f;
    Vector shifted = x * 1.44269504088896341f + shift, k = shifted - shift;
    Vector r = x - k * 0.693359375f;
    r = r + k * 2.12194440e-4f;
    Vector p = splat(1.38637566e-3f);
    p = p * r + 8.36750913e-3f;
    p = p * r + 4.16672388e-2f;
    p = p * r + 0.166665338f;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    IntVector exponent = ((IntVector)shifted + 127) << 23;
    return p * (Vector)exponent;
}

/// log x for finite x ≥ 2^−126, absolute error below 1e-6 near 1: exponent and atanh series of the mantissa.
static inline Vector logarithm(Vector x) {
    IntVector bits = (IntVector)x;
    IntVector exponent = ((bits - 0x3f3504f3) >> 23);
    Vector m = (Vector)(bits - (exponent << 23)); // in [√½, √2)
    Vector s = (m - 1.0f) / (m + 1.0f);
    Vector z = s * s;
    Vector p = splat(2.0f / 9);
    p = p * z + 2.0f / 7;
    p = p * z + 2.0f / 5;
    p = p * z + 2.0f / 3;
    p = p * z + 2.0f;
    return __builtin_convertvector(exponent, Vector) * 0.69314718055994531f + s * p;
}
