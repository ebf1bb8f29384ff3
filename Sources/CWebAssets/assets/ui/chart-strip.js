// Histograms over time: a column each, the denser the stronger.

import { Scale, axisWidth, drawPositionAxis, drawValueAxis, padded, positionTicks, valueTicks } from "./chart-axes.js";
import { CanvasChart, palette } from "./chart-base.js";
import { announce, clampTo } from "./dom.js";
import { nearest } from "./maths.js";
import { texts } from "./texts.js";

export class Strip extends CanvasChart {
  constructor({ key, label, group, emptyText = "noHistogram" }) {
    super({ key, label });
    this.group = group;
    this.emptyText = emptyText;
    this.iterations = [];
    this.histograms = [];
    /** Where the iterations lie on the horizontal axis. */
    this.x = [];
    this.positionOf = (iteration) => iteration;
    this.onChange = () => {};
    group.add(this);
    const { over } = this;
    over.addEventListener("pointermove", (event) => {
      if (!this.layout) return;
      const { frame, x } = this.layout;
      group.setCursor(this.x[nearest(this.x, x.value(clampTo(event.offsetX, frame.left, frame.right)))]);
    });
    over.addEventListener("pointerleave", () => document.activeElement !== over && group.setCursor(null));
    over.addEventListener("blur", () => group.setCursor(null));
    over.addEventListener("keydown", (event) => this.key(event));
  }

  close() {
    super.close();
    this.group.charts.delete(this);
  }

  /** The answer to /api/strip. `positionOf`: where an iteration lies on the horizontal axis. */
  setData({ iterations, histograms }, positionOf = this.positionOf) {
    this.positionOf = positionOf;
    const kept = iterations.map((_, i) => i).filter((i) => histograms[i]?.counts.some((count) => count > 0));
    this.iterations = kept.map((i) => iterations[i]);
    this.histograms = kept.map((i) => histograms[i]);
    this.broken = null;
    for (let i = 0; i < iterations.length; i++) {
      const count = histograms[i]?.nonFinite ?? 0;
      if (count > 0) this.broken = { iteration: this.broken?.iteration ?? iterations[i], count: (this.broken?.count ?? 0) + count };
    }
    this.refresh();
  }

  refresh() {
    this.x = this.iterations.map((iteration) => this.positionOf(iteration));
    this.invalidate();
    this.onChange();
  }

  rangeChanged() {
    this.refresh();
  }

  cursorMoved() {
    this.invalidate(false);
    this.onChange("cursor");
  }

  get xRange() {
    const { x } = this;
    if (this.group.range) return this.group.range;
    const [first, last] = [x[0], x.at(-1)];
    return first === last ? [first - 1, last + 1] : [first, last];
  }

  paint(context) {
    this.layout = null;
    const n = this.iterations.length;
    this.showEmpty(n > 0 ? "" : texts.get(this.emptyText));
    if (n === 0) return;
    const [from, to] = this.xRange;
    const low = Math.min(...this.histograms.map((histogram) => histogram.low));
    const high = Math.max(...this.histograms.map((histogram) => histogram.high));
    const yRange = padded(low, high, 0.02);
    const yTicks = valueTicks(yRange[0], yRange[1], Math.max(2, Math.floor((this.height - 40) / 34)), "number", false);
    const frame = { left: axisWidth(context, yTicks) + 14, right: this.width - 10, top: 8, bottom: this.height - 25 };
    const x = new Scale(from, to, frame.left, frame.right);
    const y = new Scale(yRange[0], yRange[1], frame.bottom, frame.top);
    this.layout = { frame, x, y };
    drawValueAxis(context, frame, y, yTicks);
    this.paintColumns(context, frame, x, y);
    const ticks = positionTicks(from, to, Math.max(2, Math.floor((frame.right - frame.left) / 90)), this.group.mode);
    drawPositionAxis(context, frame, x, ticks, texts.get(this.group.mode === "time" ? "axisTime" : "axisIteration"));
  }

  paintColumns(context, frame, x, y) {
    const ramp = makeRamp(palette().dark);
    const { x: places, histograms } = this;
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
    context.clip();
    for (let i = 0; i < places.length; i++) {
      // Each column reaches half way to its neighbours.
      const at = x.at(places[i]);
      const left = i > 0 ? (x.at(places[i - 1]) + at) / 2 : frame.left;
      const right = i + 1 < places.length ? (x.at(places[i + 1]) + at) / 2 : frame.right;
      if (right < frame.left || left > frame.right) continue;
      const { low, high, counts } = histograms[i];
      const top = Math.max(...counts);
      const width = (high - low) / counts.length;
      for (let bin = 0; bin < counts.length; bin++) {
        if (counts[bin] === 0) continue;
        const strength = Math.sqrt(counts[bin] / top);
        const k = 3 * Math.round(255 * strength);
        context.fillStyle = `rgb(${ramp[k]}, ${ramp[k + 1]}, ${ramp[k + 2]})`;
        context.globalAlpha = 0.18 + 0.82 * strength;
        const upper = y.at(low + (bin + 1) * width);
        const lower = width > 0 ? y.at(low + bin * width) : upper + 2;
        context.fillRect(left, upper, right - left + 0.4, Math.max(1, lower - upper + 0.3));
      }
    }
    context.restore();
  }

  paintOver(context) {
    if (!this.layout || this.group.cursor === null) return;
    const { frame, x } = this.layout;
    const at = x.at(this.group.cursor);
    if (at < frame.left - 0.5 || at > frame.right + 0.5) return;
    context.strokeStyle = palette().ink;
    context.globalAlpha = 0.7;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(at) + 0.5, frame.top);
    context.lineTo(Math.round(at) + 0.5, frame.bottom);
    context.stroke();
  }

  key(event) {
    const { x, group } = this;
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") group.setCursor(null);
    if (x.length === 0 || !(event.key in moves)) return;
    event.preventDefault();
    const here = group.cursor === null ? x.length : nearest(x, group.cursor);
    group.setCursor(x[clampTo(here + moves[event.key], 0, x.length - 1)]);
    announce(this.reading);
  }

  /** The column at the crosshair in words, or how many there are. */
  get reading() {
    const { iterations, histograms, group } = this;
    if (iterations.length === 0) return "";
    if (group.cursor === null) return texts.get("stripReading", { count: texts.number(iterations.length) });
    const i = nearest(this.x, group.cursor);
    const { low, high } = histograms[i];
    return texts.get("columnReading", { iteration: texts.number(iterations[i]), low: texts.value(low), high: texts.value(high) });
  }
}
