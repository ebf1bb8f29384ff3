// Arithmetic of the charts.

/** The first position whose value is not smaller; the values rise. */
export function lowerBound(values, value) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position of the value nearest to this one; -1 when there is none. The values rise. */
export function nearest(values, value) {
  if (values.length === 0) return -1;
  const at = lowerBound(values, value);
  if (at === 0) return 0;
  if (at === values.length) return at - 1;
  return value - values[at - 1] <= values[at] - value ? at - 1 : at;
}

/**
 * Exponential moving average with a weight of 0 (none) to almost 1, freed of the bias towards its start: each value is
 * the mean of all that came before, weighted by weight^age. Gaps stay gaps and do not count.
 */
export function smoothed(values, weight) {
  const result = new Array(values.length);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      result[i] = NaN;
      continue;
    }
    sum = weight * sum + (1 - weight) * values[i];
    total = weight * total + (1 - weight);
    result[i] = sum / total;
  }
  return result;
}

/** The straight line of least squares through the finite points between two x, or null when they are fewer than two. */
export function leastSquares(xs, ys, from, to) {
  let n = 0;
  let [meanX, meanY, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = lowerBound(xs, from); i < xs.length && xs[i] <= to; i++) {
    if (!Number.isFinite(ys[i])) continue;
    n++;
    const [dx, dy] = [xs[i] - meanX, ys[i] - meanY];
    meanX += dx / n;
    meanY += dy / n;
    xx += dx * (xs[i] - meanX);
    xy += dx * (ys[i] - meanY);
    yy += dy * (ys[i] - meanY);
  }
  if (n < 2 || xx <= 0) return null;
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX, fit: yy > 0 ? (xy * xy) / (xx * yy) : 1, points: n };
}

/** The smallest of 1, 2 and 5 times a power of ten that cuts a span into at most so many steps. */
export function niceStep(span, steps) {
  const rough = span / Math.max(1, steps);
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1.0000001 ? 1 : share <= 2.0000001 ? 2 : share <= 5.0000001 ? 5 : 10);
}

/** Even marks between two values. `unit` is what the marks are even in, such as 1 MiB. */
export function linearTicks(low, high, count, unit = 1) {
  if (!(high > low)) return { ticks: Number.isFinite(low) ? [low] : [], step: 0 };
  const step = niceStep((high - low) / unit, count) * unit;
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) ticks.push(k * step + 0);
  return { ticks, step };
}

/** Marks of a logarithmic axis: exponents of ten, with fractions (log10 of 2 and 5) where few tens are in sight. */
export function logTicks(low, high, count) {
  const span = high - low;
  const whole = Math.max(1, Math.ceil(span / Math.max(1, count)));
  const ticks = [];
  for (let k = Math.ceil(low / whole - 1e-9) * whole; k <= high + 1e-9; k += whole) ticks.push(k);
  if (whole > 1 || span >= 2.5) return ticks;
  const between = span < 0.35 ? [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9] : span < 1.1 ? [1, 2, 3, 5, 7] : [1, 2, 5];
  const fine = [];
  for (let k = Math.floor(low); k <= high; k++) {
    for (const part of between) {
      const tick = k + Math.log10(part);
      if (tick >= low - 1e-9 && tick <= high + 1e-9) fine.push(tick);
    }
  }
  return fine.length >= 2 ? fine : linearTicks(low, high, count).ticks;
}

/** Raises digits to where exponents stand. */
export function superscript(number) {
  return String(number).replace(/./g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]));
}
