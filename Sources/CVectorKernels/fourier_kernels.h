// The Fourier transform of many lines at once (Stockham 1966: each pass writes in order, nothing is reversed).

/// (re, im) times the twiddle at `w`.
static inline __attribute__((always_inline)) void twist(Vector *re, Vector *im, const float *w) {
    Vector c = splat(w[0]), s = splat(w[1]), r = *re * c - *im * s;
    *im = *re * s + *im * c;
    *re = r;
}

/// One pass of Stockham's transform with radix `radix` (a constant): LANES lines of length radix·parts·span.
static inline __attribute__((always_inline)) void pass(int radix, size_t parts, size_t span, const float *fromRe,
                                                       const float *fromIm, float *toRe, float *toIm,
                                                       const float *twiddles) {
    const float half = 0.5f, sin60 = 0.86602540378443865f;
    const float c1 = 0.30901699437494742f, c2 = -0.80901699437494742f, s1 = 0.95105651629515357f, s2 = 0.58778525229247313f;
    for (size_t p = 0; p < parts; p++) {
        const float *w = twiddles + p * 2 * (size_t)(radix - 1);
        for (size_t q = 0; q < span; q++) {
            Vector re[5], im[5];
            for (int i = 0; i < radix; i++) {
                size_t at = (q + span * (p + parts * (size_t)i)) * LANES;
                re[i] = load(fromRe + at);
                im[i] = load(fromIm + at);
            }
            if (radix == 2) {
                Vector r = re[0] - re[1], m = im[0] - im[1];
                re[0] += re[1];
                im[0] += im[1];
                re[1] = r;
                im[1] = m;
            } else if (radix == 3) {
                Vector r = re[1] + re[2], m = im[1] + im[2];
                Vector dr = (re[1] - re[2]) * sin60, dm = (im[1] - im[2]) * sin60;
                Vector ar = re[0] - r * half, am = im[0] - m * half;
                re[0] += r;
                im[0] += m;
                re[1] = ar + dm;
                im[1] = am - dr;
                re[2] = ar - dm;
                im[2] = am + dr;
            } else if (radix == 4) {
                Vector ar = re[0] + re[2], am = im[0] + im[2], br = re[0] - re[2], bm = im[0] - im[2];
                Vector cr = re[1] + re[3], cm = im[1] + im[3], dr = re[1] - re[3], dm = im[1] - im[3];
                re[0] = ar + cr;
                im[0] = am + cm;
                re[1] = br + dm;
                im[1] = bm - dr;
                re[2] = ar - cr;
                im[2] = am - cm;
                re[3] = br - dm;
                im[3] = bm + dr;
            } else {
                Vector ar = re[1] + re[4], am = im[1] + im[4], br = re[1] - re[4], bm = im[1] - im[4];
                Vector cr = re[2] + re[3], cm = im[2] + im[3], dr = re[2] - re[3], dm = im[2] - im[3];
                Vector er = re[0] + ar * c1 + cr * c2, em = im[0] + am * c1 + cm * c2;
                Vector gr = re[0] + ar * c2 + cr * c1, gm = im[0] + am * c2 + cm * c1;
                Vector hr = br * s1 + dr * s2, hm = bm * s1 + dm * s2;
                Vector kr = br * s2 - dr * s1, km = bm * s2 - dm * s1;
                re[0] += ar + cr;
                im[0] += am + cm;
                re[1] = er + hm;
                im[1] = em - hr;
                re[4] = er - hm;
                im[4] = em + hr;
                re[2] = gr + km;
                im[2] = gm - kr;
                re[3] = gr - km;
                im[3] = gm + kr;
            }
            for (int i = 0; i < radix; i++) {
                if (i && parts > 1) twist(&re[i], &im[i], w + 2 * (i - 1));
                size_t at = (q + span * ((size_t)radix * p + (size_t)i)) * LANES;
                store(toRe + at, re[i]);
                store(toIm + at, im[i]);
            }
        }
    }
}

/// LANES lines, element k of line l at k·LANES + l. The result is where the returned pointers show: in the arrays
/// given, or in the spare ones. The inverse (without its factor) is the same with re and im exchanged.
typedef struct Lines {
    float *re, *im;
} Lines;

static Lines transform(const FourierPlan *plan, Lines lines, Lines spare) {
    size_t span = 1, rest = plan->length;
    const float *twiddles = plan->twiddles;
    for (size_t i = 0; i < plan->passes; i++) {
        size_t radix = plan->radices[i], parts = rest / radix;
        switch (radix) {
        case 2: pass(2, parts, span, lines.re, lines.im, spare.re, spare.im, twiddles); break;
        case 3: pass(3, parts, span, lines.re, lines.im, spare.re, spare.im, twiddles); break;
        case 4: pass(4, parts, span, lines.re, lines.im, spare.re, spare.im, twiddles); break;
        default: pass(5, parts, span, lines.re, lines.im, spare.re, spare.im, twiddles); break;
        }
        twiddles += parts * 2 * (radix - 1);
        rest = parts;
        span *= radix;
        Lines other = lines;
        lines = spare;
        spare = other;
    }
    return lines;
}
