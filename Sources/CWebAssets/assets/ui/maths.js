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

/** Steps that a series is thought to consist of, at most, when it is smoothed. */
const smoothingSteps = 300;

/**
 * Exponential moving average with a weight of 0 (none) to almost 1, freed of the bias towards its start: each value is
 * the mean of all that came before, weighted by weight^age. An age of 1 is the even step of `xs`, so that crowded
 * points do not count more than those far apart. Gaps stay gaps and do not count.
 */
export function smoothed(values, weight, xs) {
  const result = new Array(values.length);
  const step = (xs.at(-1) - xs[0]) / Math.min(smoothingSteps, values.length - 1);
  let before = NaN;
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      result[i] = NaN;
      continue;
    }
    // Each value stands for the way to it; the first, for the way to the next.
    const way = Number.isFinite(before) ? xs[i] - before : (xs.find((x) => x > xs[i]) ?? xs[i]) - xs[i];
    const kept = step > 0 ? weight ** (way / step) : weight;
    sum = kept * sum + (1 - kept) * values[i];
    total = kept * total + (1 - kept);
    // At the very place of the one before nothing has aged.
    result[i] = total > 0 ? sum / total : values[i];
    before = xs[i];
  }
  return result;
}

/** Points of a line closer together than that, in pixels, are drawn as one. */
const closeness = 1.25;

/**
 * What is drawn of a line between two of its points: { pixels, y, low, high, smooth }. Points that are too close become
 * one, their mean by the number of their reports, their extremes its extremes. Of two reports of one iteration, such
 * as the last two of a run, the later one counts. Reports without this number are passed over, and those whose numbers
 * cannot be drawn leave a gap.
 */
export function condensed(line, [first, end], toPixels) {
  const drawn = { pixels: [], y: [], low: [], high: [], smooth: [] };
  const { count, nonFinite } = line.column;
  let i = first;
  while (i < end) {
    const start = toPixels(line.x[i]);
    let [sum, weight, low, high, smooth, pixel, seen] = [0, 0, NaN, NaN, NaN, start, 0];
    do {
      seen += count[i] + nonFinite[i];
      const isRepeated = i + 1 < end && line.x[i + 1] === line.x[i] && Number.isFinite(line.y[i + 1]);
      if (Number.isFinite(line.y[i]) && !isRepeated) {
        const own = Math.max(1, count[i] || 1);
        sum += own * line.y[i];
        weight += own;
        pixel = toPixels(line.x[i]);
        smooth = line.smooth ? line.smooth[i] : NaN;
        if (!(low <= line.low[i])) low = line.low[i];
        if (!(high >= line.high[i])) high = line.high[i];
      }
      i++;
    } while (i < end && toPixels(line.x[i]) - start < closeness);
    if (seen === 0) continue;
    drawn.pixels.push(pixel);
    drawn.y.push(weight > 0 ? sum / weight : NaN);
    drawn.low.push(low);
    drawn.high.push(high);
    drawn.smooth.push(smooth);
  }
  return drawn;
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

/** Even marks between two values, at least two of them. `unit` is what the marks are even in, such as 1 MiB. */
export function linearTicks(low, high, count, unit = 1) {
  if (!(high > low)) return { ticks: Number.isFinite(low) ? [low] : [], step: 0 };
  for (let steps = count; ; steps *= 2) {
    const step = niceStep((high - low) / unit, steps) * unit;
    const ticks = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) ticks.push(k * step + 0);
    // One mark alone says nothing of the scale. Beyond 64 times as many, numbers this close are not told apart.
    if (ticks.length >= 2 || steps > 64 * count) return { ticks, step };
  }
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
