// A histogram of one moment, with the bell curve of the same mean and deviation to compare it with.

import { Scale, axisWidth, drawPositionAxis, drawValueAxis, valueTicks } from "./chart-axes.js";
import { CanvasChart, palette } from "./chart-base.js";
import { announce, clampTo } from "./dom.js";
import { texts } from "./texts.js";

export class Histogram extends CanvasChart {
  constructor({ key, label, color = 0, emptyText = "noHistogram" }) {
    super({ key, label });
    this.color = color;
    this.emptyText = emptyText;
    this.data = null;
    this.bin = -1;
    this.onChange = () => {};
    const { over } = this;
    over.addEventListener("pointermove", (event) => this.choose(this.binAt(event.offsetX)));
    over.addEventListener("pointerleave", () => this.choose(-1));
    over.addEventListener("blur", () => this.choose(-1));
    over.addEventListener("keydown", (event) => this.key(event));
  }

  /** `summary` of the server's LayerStatistics, or null. */
  setSummary(summary, iteration) {
    this.summary = summary;
    this.iteration = iteration;
    this.data = summary?.histogram ?? null;
    const total = this.data?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    this.total = total;
    if (total === 0) this.data = null;
    this.broken = summary?.histogram?.nonFinite > 0 ? { iteration, count: summary.histogram.nonFinite } : null;
    this.invalidate();
    this.onChange();
  }

  refresh() {
    this.invalidate();
    this.onChange();
  }

  paint(context) {
    this.layout = null;
    this.showEmpty(this.data ? "" : texts.get(this.emptyText));
    if (!this.data) return;
    const { counts } = this.data;
    let { low, high } = this.data;
    if (!(high > low)) [low, high] = [low - Math.max(1e-6, Math.abs(low) * 0.05), low + Math.max(1e-6, Math.abs(low) * 0.05)];
    const top = Math.max(...counts, Math.min(this.bellTop(low, high), 1.4 * Math.max(...counts)));
    const yTicks = valueTicks(0, top, Math.max(2, Math.floor((this.height - 40) / 40)), "number", false);
    const frame = { left: axisWidth(context, yTicks) + 14, right: this.width - 12, top: 8, bottom: this.height - 25 };
    const x = new Scale(low, high, frame.left, frame.right);
    const y = new Scale(0, top * 1.06, frame.bottom, frame.top);
    this.layout = { frame, x, y, width: (frame.right - frame.left) / counts.length };
    drawValueAxis(context, frame, y, yTicks);
    drawPositionAxis(context, frame, x, valueTicks(low, high, Math.max(2, Math.floor(this.width / 72)), "number", false), "");
    const colors = palette();
    context.fillStyle = colors.series[this.color];
    context.globalAlpha = 0.82;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const left = frame.left + i * this.layout.width;
      const height = Math.max(1, frame.bottom - y.at(counts[i]));
      context.beginPath();
      context.roundRect(left + 0.75, frame.bottom - height, Math.max(1, this.layout.width - 1.5), height, [2, 2, 0, 0]);
      context.fill();
    }
    context.globalAlpha = 1;
    this.drawBell(context, low, high);
  }

  /** The highest point of the bell curve. */
  bellTop(low, high) {
    const { standardDeviation: sd } = this.summary;
    return sd > 0 ? (this.total * (high - low)) / this.data.counts.length / (sd * Math.sqrt(2 * Math.PI)) : 0;
  }

  drawBell(context, low, high) {
    const { mean, standardDeviation: sd } = this.summary;
    if (!(sd > 0) || !Number.isFinite(mean)) return;
    const { frame, x, y } = this.layout;
    const area = (this.total * (high - low)) / this.data.counts.length;
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
    context.clip();
    context.strokeStyle = palette().ink;
    context.globalAlpha = 0.75;
    context.lineWidth = 1.25;
    context.setLineDash([4, 3]);
    context.beginPath();
    for (let px = frame.left; px <= frame.right; px += 2) {
      const z = (x.value(px) - mean) / sd;
      context.lineTo(px, y.at((area / (sd * Math.sqrt(2 * Math.PI))) * Math.exp(-0.5 * z * z)));
    }
    context.stroke();
    context.restore();
  }

  paintOver(context) {
    if (!this.layout || this.bin < 0) return;
    const { frame, width } = this.layout;
    context.fillStyle = palette().ink;
    context.globalAlpha = 0.14;
    context.fillRect(frame.left + this.bin * width, frame.top, width, frame.bottom - frame.top);
  }

  binAt(pixel) {
    if (!this.layout) return -1;
    const { frame, width } = this.layout;
    const bin = Math.floor((pixel - frame.left) / width);
    return bin >= 0 && bin < this.data.counts.length ? bin : -1;
  }

  choose(bin) {
    if (bin === this.bin) return;
    this.bin = bin;
    this.invalidate(false);
    this.onChange();
  }

  key(event) {
    const last = (this.data?.counts.length ?? 0) - 1;
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.choose(-1);
    if (last < 0 || !(event.key in moves)) return;
    event.preventDefault();
    const next = this.bin < 0 && moves[event.key] < 0 ? last : this.bin + moves[event.key];
    this.choose(clampTo(next, 0, last));
    announce(this.reading);
  }

  /** From, to and count of a bin. */
  bounds(bin) {
    const { low, high, counts } = this.data;
    const width = (high - low) / counts.length;
    return [low + bin * width, low + (bin + 1) * width, counts[bin]];
  }

  /** The chosen bin in words, or the whole. */
  get reading() {
    if (!this.data) return "";
    if (this.bin >= 0 && this.bin < this.data.counts.length) {
      const [from, to, count] = this.bounds(this.bin);
      return texts.get("binReading", { from: texts.value(from), to: texts.value(to), count: texts.number(count), share: texts.percent(count / this.total, 1) });
    }
    const { mean, standardDeviation } = this.summary;
    if (mean === undefined || mean === null) return texts.get("histogramPlain", { count: texts.number(this.total), iteration: texts.number(this.iteration) });
    const values = { count: texts.number(this.total), mean: texts.value(mean ?? NaN), sd: texts.value(standardDeviation ?? NaN) };
    return texts.get("histogramReading", values);
  }
}
