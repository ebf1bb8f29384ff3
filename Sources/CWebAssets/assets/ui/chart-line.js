// Lines over iterations or time. A point may stand for several updates: its mean makes the line, its extremes the band.

import { clockText, padded } from "./chart-axes.js";
import { connectChartInput } from "./chart-input.js";
import { LinePlot } from "./chart-line-plot.js";
import { announce } from "./dom.js";
import { leastSquares, lowerBound, nearest, smoothed } from "./maths.js";
import { texts } from "./texts.js";

/**
 * A line: { id, label, color (number), x, column (a Column), band (false: none), bandLabel }. Its values may be changed in place;
 * `setLines` tells the chart so.
 */
export class LineChart extends LinePlot {
  /**
   * `log`: logarithmic axis. `format`: "number", "bytes", "percent". `fromZero`: the axis begins at 0. `smooth`: obeys
   * the group's smoothing. `guides`: [{ value, text() }]. `zone`: [low, high] of healthy values. `emptyText`: a key.
   * `unit()`: what stands behind a value in the legend. `signed`: values may be negative, so no logarithmic axis.
   */
  constructor({ key, label, group, log = false, format = "number", fromZero = false, smooth = true, guides = [], zone = null, emptyText = "noData", unit = null, signed = false }) {
    super({ key, label });
    Object.assign(this, { group, log, format, fromZero, smooth, guides, zone, emptyText, unit, signed });
    this.lines = [];
    this.hidden = new Set();
    this.selection = null;
    this.trend = null;
    this.tool = "zoom";
    /** Called after lines, cursor, trend or range changed: the card shows them. */
    this.onChange = () => {};
    group.add(this);
    connectChartInput(this);
  }

  close() {
    super.close();
    this.group.charts.delete(this);
  }

  setLines(lines) {
    this.lines = lines;
    this.refresh();
  }

  /** Works out what is drawn: exponents on a logarithmic axis, smoothed values. */
  refresh() {
    const { log } = this;
    const form = log ? (value) => (value > 0 ? Math.log10(value) : NaN) : (value) => value;
    const weight = this.smooth ? this.group.smoothing : 0;
    for (const line of this.lines) {
      const { column } = line;
      line.y = log ? column.mean.map(form) : column.mean;
      line.low = log ? column.low.map(form) : column.low;
      line.high = log ? column.high.map(form) : column.high;
      line.smooth = weight > 0 ? smoothed(line.y, weight, line.x) : null;
    }
    this.findNonFinite();
    if (this.trend) this.fitTrend(this.trend.from, this.trend.to, this.trend.id);
    this.invalidate();
    this.onChange();
  }

  /** The first place with values that are not numbers, for the banner. */
  findNonFinite() {
    this.broken = null;
    let count = 0;
    for (const line of this.lines) {
      const { nonFinite } = line.column;
      for (let i = 0; i < nonFinite.length; i++) {
        if (nonFinite[i] === 0) continue;
        count += nonFinite[i];
        const iteration = line.iterations?.[i] ?? line.x[i];
        if (!this.broken || iteration < this.broken.iteration) this.broken = { iteration, label: line.label };
      }
    }
    if (this.broken) this.broken.count = count;
  }

  get visible() {
    return this.lines.filter((line) => !this.hidden.has(line.id));
  }

  toggle(id, alone = false) {
    if (alone) {
      const others = this.lines.filter((line) => line.id !== id).map((line) => line.id);
      const isAlone = !this.hidden.has(id) && others.every((other) => this.hidden.has(other));
      this.hidden = new Set(isAlone ? [] : others);
    } else if (!this.hidden.delete(id)) {
      this.hidden.add(id);
    }
    this.invalidate();
    this.onChange();
  }

  /** Another vertical axis: the same values or their logarithms. */
  setLog(log) {
    this.log = log;
    this.refresh();
  }

  cursorMoved() {
    this.invalidate(false);
    this.onChange("cursor");
  }

  rangeChanged() {
    this.onChange("range");
  }

  // Ranges

  /** From the first to the last x of all lines. */
  get fullRange() {
    let [low, high] = [Infinity, -Infinity];
    for (const { x } of this.lines) {
      if (x.length === 0) continue;
      low = Math.min(low, x[0]);
      high = Math.max(high, x.at(-1));
    }
    // The first point of a long run stands for several reports and ends a little behind the start.
    if (low > 0 && low < 0.05 * high) low = 0;
    return low <= high ? [low, high] : null;
  }

  get xRange() {
    const full = this.fullRange;
    if (!full) return null;
    return this.group.range ?? (full[0] === full[1] ? [full[0] - 1, full[1] + 1] : full);
  }

  yRange([from, to]) {
    let [low, high] = [Infinity, -Infinity];
    for (const line of this.visible) {
      const [lows, highs] = line.band === false ? [line.y, line.y] : [line.low, line.high];
      // One point beyond each edge: the lines to them are in sight.
      const start = Math.max(0, lowerBound(line.x, from) - 1);
      for (let i = start; i < line.x.length; i++) {
        if (lows[i] < low) low = lows[i];
        if (highs[i] > high) high = highs[i];
        if (line.x[i] > to) break;
      }
    }
    if (!(low <= high)) return null;
    if (this.fromZero && !this.log) [low, high] = [Math.min(0, low), Math.max(0, high)];
    for (const guide of this.guides) {
      const value = this.log ? Math.log10(guide.value) : guide.value;
      // Room above it for its label.
      if (guide.include && Number.isFinite(value)) high = Math.max(high, value + 0.12 * Math.abs(value - low));
    }
    if (this.log && high - low < 0.6) {
      const middle = (low + high) / 2;
      [low, high] = [middle - 0.3, middle + 0.3];
    }
    const range = padded(low, high);
    if (this.fromZero && !this.log && low >= 0) range[0] = 0;
    return range;
  }

  // Reading

  /** The point of a line at the crosshair, or -1 when the line does not reach it. */
  indexAt(line, cursor) {
    const { x, column } = line;
    let i = nearest(x, cursor);
    if (i < 0) return -1;
    // Reports without this number are passed over.
    const has = (k) => column.count[k] > 0 || column.nonFinite[k] > 0;
    for (let k = 1; !has(i) && k < x.length; k++) i = has(i - k) ? i - k : has(i + k) ? i + k : i;
    const reach = Math.max(x[i] - (x[i - 1] ?? x[i]), (x[i + 1] ?? x[i]) - x[i]);
    return Math.abs(x[i] - cursor) <= Math.max(reach, 1e-9) ? i : -1;
  }

  positionText(position) {
    return this.group.mode === "time" ? clockText(position) : texts.number(position);
  }

  valueText(value) {
    if (this.format === "bytes") return texts.bytes(value);
    if (this.format === "percent") return texts.percent(value, 2);
    return this.unit ? `${texts.value(value)} ${this.unit()}` : texts.value(value);
  }

  /** What the legend shows of a line: the value at the crosshair, or the newest one. */
  reading(line) {
    const { column } = line;
    const i = this.group.cursor === null ? lastNumber(column) : this.indexAt(line, this.group.cursor);
    if (i < 0) return { text: "–", detail: "" };
    if (column.count[i] === 0) return { text: column.nonFinite[i] > 0 ? "NaN" : "–", detail: "" };
    const [low, high] = [column.low[i], column.high[i]];
    const detail = line.band !== false && low < high && this.group.cursor !== null ? `${this.valueText(low)} … ${this.valueText(high)}` : "";
    return { text: this.valueText(column.mean[i]), detail };
  }

  /** The crosshair in words. */
  describe() {
    const { cursor, mode } = this.group;
    if (cursor === null) return "";
    const values = this.visible.map((line) => `${line.label} ${this.reading(line).text}`);
    const place = texts.get(mode === "time" ? "atTime" : "atIteration", { value: this.positionText(cursor) });
    return `${place}: ${values.join(", ")}`;
  }

  announce() {
    announce(this.describe());
  }

  // Trend

  /** The trend of the first line in sight between two places. */
  fitTrend(from, to, id = this.visible[0]?.id) {
    const line = this.lines.find((line) => line.id === id);
    const fit = line ? leastSquares(line.x, line.y, from, to) : null;
    this.trend = { from, to, id, label: line?.label ?? "", ...(fit ?? { slope: NaN }) };
    this.invalidate();
    this.onChange("trend");
  }

  clearTrend() {
    this.trend = null;
    this.invalidate();
    this.onChange("trend");
  }

  /** The slope in words: by 1,000 iterations or by minute; on a logarithmic axis as a factor. */
  get trendText() {
    const { trend } = this;
    if (!trend) return "";
    if (!Number.isFinite(trend.slope)) return texts.get("trendNone");
    const time = this.group.mode === "time";
    const steps = time ? 60 : 1000;
    const change = trend.slope * steps;
    const sign = change > 0 && !this.log ? "+" : "";
    const amount = this.log ? `×${texts.value(10 ** change)}` : sign + this.valueText(change);
    const places = { label: shortWord(trend.label, 40), amount, fit: texts.number(trend.fit, 2) };
    return texts.get(time ? "trendMinute" : "trendThousand", places);
  }
}

function lastNumber({ count }) {
  let i = count.length - 1;
  while (i > 0 && count[i] === 0) i--;
  return i;
}
