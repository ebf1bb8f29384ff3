// How lines are drawn: axes, bands, lines with their gaps, trend, crosshair.

import { Scale, axisWidth, drawPositionAxis, drawValueAxis, positionTicks, valueTicks } from "./chart-axes.js";
import { CanvasChart, dashes, haloText, palette } from "./chart-base.js";
import { condensed, lowerBound } from "./maths.js";
import { texts } from "./texts.js";

/** The picture of a LineChart, which has the lines, the ranges and what is read off. */
export class LinePlot extends CanvasChart {
  paint(context) {
    this.layout = null;
    const xRange = this.xRange;
    const yRange = xRange && this.yRange(xRange);
    this.showEmpty(yRange ? "" : texts.get(this.lines.length > 0 && this.visible.length === 0 ? "allHidden" : this.emptyText));
    if (!yRange) return;
    const rows = Math.max(2, Math.floor((this.height - 40) / 34));
    const yTicks = valueTicks(yRange[0], yRange[1], rows, this.format, this.log);
    const frame = { left: axisWidth(context, yTicks) + 14, right: this.width - 10, top: 8, bottom: this.height - 25 };
    const x = new Scale(xRange[0], xRange[1], frame.left, frame.right);
    const y = new Scale(yRange[0], yRange[1], frame.bottom, frame.top);
    this.layout = { frame, x, y, xRange };
    this.drawZone(context);
    drawValueAxis(context, frame, y, yTicks);
    const columns = Math.max(2, Math.floor((frame.right - frame.left) / 76));
    const marks = positionTicks(xRange[0], xRange[1], columns, this.group.mode).filter(({ at }) => at >= 0 || this.fullRange[0] < 0);
    const name = texts.get(this.group.mode === "time" ? "axisTime" : "axisIteration");
    drawPositionAxis(context, frame, x, marks, name);
    context.save();
    context.beginPath();
    context.rect(frame.left - 2, frame.top - 2, frame.right - frame.left + 4, frame.bottom - frame.top + 4);
    context.clip();
    this.drawGuides(context);
    const lines = this.visible;
    for (const line of lines) line.drawn = condensed(line, this.span(line), (value) => x.at(value));
    for (const line of lines) this.drawBand(context, line);
    for (const line of lines) this.drawBroken(context, line);
    for (const line of lines) this.drawLine(context, line);
    this.drawTrend(context);
    context.restore();
    for (const line of lines) this.drawEnd(context, line);
  }

  drawZone(context) {
    if (!this.zone) return;
    const { frame, y } = this.layout;
    const [low, high] = this.log ? this.zone.map((value) => Math.log10(value)) : this.zone;
    const top = Math.max(frame.top, Math.min(frame.bottom, y.at(high)));
    const bottom = Math.max(frame.top, Math.min(frame.bottom, y.at(low)));
    context.fillStyle = palette().zone;
    context.fillRect(frame.left, top, frame.right - frame.left, bottom - top);
  }

  drawGuides(context) {
    const { frame, y } = this.layout;
    const colors = palette();
    for (const guide of this.guides) {
      const at = y.at(this.log ? Math.log10(guide.value) : guide.value);
      if (!(at >= frame.top && at <= frame.bottom)) continue;
      context.strokeStyle = colors.muted;
      context.lineWidth = 1;
      context.setLineDash([4, 4]);
      context.beginPath();
      context.moveTo(frame.left, Math.round(at) + 0.5);
      context.lineTo(frame.right, Math.round(at) + 0.5);
      context.stroke();
      context.setLineDash([]);
      context.font = `11px ${colors.font}`;
      context.textAlign = "right";
      context.textBaseline = at - frame.top > 16 ? "bottom" : "top";
      haloText(context, guide.text(), frame.right - 4, at + (at - frame.top > 16 ? -2 : 3), colors.muted, colors.panel);
    }
  }

  color(line) {
    return palette().series[line.color % 8];
  }

  span(line) {
    const { xRange } = this.layout;
    const first = Math.max(0, lowerBound(line.x, xRange[0]) - 1);
    return [first, Math.min(line.x.length, lowerBound(line.x, xRange[1]) + 2)];
  }

  drawBand(context, line) {
    if (line.band === false) return;
    const { y } = this.layout;
    const { pixels, low, high } = line.drawn;
    context.fillStyle = this.color(line);
    context.globalAlpha = line.smooth ? 0.1 : 0.18;
    let from = 0;
    while (from < pixels.length) {
      while (from < pixels.length && !(low[from] <= high[from])) from++;
      let to = from;
      let open = false;
      while (to < pixels.length && low[to] <= high[to]) open ||= low[to] < high[to], to++;
      if (open && to - from > 1) {
        context.beginPath();
        for (let i = from; i < to; i++) context.lineTo(pixels[i], y.at(high[i]));
        for (let i = to - 1; i >= from; i--) context.lineTo(pixels[i], y.at(low[i]));
        context.fill();
      }
      from = to;
    }
    context.globalAlpha = 1;
  }

  drawLine(context, line) {
    context.strokeStyle = this.color(line);
    context.setLineDash(dashes[Math.floor(line.color / 8) % dashes.length]);
    if (line.smooth) {
      context.globalAlpha = 0.32;
      context.lineWidth = 1;
      this.trace(context, line.drawn.pixels, line.drawn.y);
      context.globalAlpha = 1;
    }
    context.lineWidth = 1.75;
    this.trace(context, line.drawn.pixels, line.smooth ? line.drawn.smooth : line.drawn.y);
    context.setLineDash([]);
  }

  /** A polyline with a gap where there is no number; a number between two gaps is a dot. */
  trace(context, pixels, values) {
    const { y } = this.layout;
    context.beginPath();
    const lonely = [];
    let run = 0;
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) {
        if (run === 1) lonely.push(i - 1);
        run = 0;
        continue;
      }
      if (run === 0) context.moveTo(pixels[i], y.at(values[i]));
      else context.lineTo(pixels[i], y.at(values[i]));
      run++;
    }
    if (run === 1) lonely.push(values.length - 1);
    context.stroke();
    context.fillStyle = context.strokeStyle;
    for (const i of lonely) {
      context.beginPath();
      context.arc(pixels[i], y.at(values[i]), 2.5, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** Where values are not numbers: a red foot under the gap. */
  drawBroken(context, line) {
    const { frame, x } = this.layout;
    const [first, end] = this.span(line);
    const { nonFinite } = line.column;
    context.fillStyle = palette().bad;
    for (let i = first; i < end; i++) {
      if (!(nonFinite[i] > 0)) continue;
      let to = i;
      while (to + 1 < end && nonFinite[to + 1] > 0) to++;
      const [left, right] = [x.at(line.x[i]) - 1.5, x.at(line.x[to]) + 1.5];
      context.globalAlpha = 0.08;
      context.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
      context.globalAlpha = 1;
      context.fillRect(left, frame.bottom - 4, right - left, 4);
      i = to;
    }
  }

  /** A dot at the newest value. */
  drawEnd(context, line) {
    const { frame, x, y } = this.layout;
    const values = line.smooth ?? line.y;
    let i = values.length - 1;
    while (i >= 0 && !Number.isFinite(values[i])) i--;
    if (i < 0) return;
    const [px, py] = [x.at(line.x[i]), y.at(values[i])];
    if (px < frame.left - 1 || px > frame.right + 1 || py < frame.top - 3 || py > frame.bottom + 3) return;
    this.dot(context, px, py, this.color(line), 3);
  }

  dot(context, x, y, color, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.strokeStyle = palette().panel;
    context.lineWidth = 3;
    context.stroke();
    context.fill();
  }

  drawTrend(context) {
    if (!this.trend?.slope && this.trend?.slope !== 0) return;
    const { x, y } = this.layout;
    const { from, to, slope, intercept, id } = this.trend;
    const line = this.lines.find((line) => line.id === id);
    if (!line || this.hidden.has(id)) return;
    context.strokeStyle = palette().ink;
    context.lineWidth = 1.75;
    context.setLineDash([7, 4]);
    context.beginPath();
    context.moveTo(x.at(from), y.at(intercept + slope * from));
    context.lineTo(x.at(to), y.at(intercept + slope * to));
    context.stroke();
    context.setLineDash([]);
  }

  paintOver(context) {
    if (!this.layout) return;
    const { frame, x, y } = this.layout;
    const colors = palette();
    if (this.selection) {
      const [a, b] = this.selection.map((value) => Math.max(frame.left, Math.min(frame.right, x.at(value))));
      context.fillStyle = colors.accent;
      context.globalAlpha = 0.14;
      context.fillRect(Math.min(a, b), frame.top, Math.abs(b - a), frame.bottom - frame.top);
      context.globalAlpha = 1;
      for (const edge of [a, b]) context.fillRect(Math.round(edge) - 0.5, frame.top, 1, frame.bottom - frame.top);
    }
    const { cursor } = this.group;
    if (cursor === null) return;
    const at = x.at(cursor);
    if (at < frame.left - 0.5 || at > frame.right + 0.5) return;
    context.strokeStyle = colors.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(at) + 0.5, frame.top);
    context.lineTo(Math.round(at) + 0.5, frame.bottom);
    context.stroke();
    for (const line of this.visible) {
      const i = this.indexAt(line, cursor);
      const value = i >= 0 ? (line.smooth ?? line.y)[i] : NaN;
      if (Number.isFinite(value)) this.dot(context, x.at(line.x[i]), y.at(value), this.color(line), 3.5);
    }
    this.drawPill(context, at, this.positionText(cursor));
  }

  drawPill(context, at, text) {
    const { frame } = this.layout;
    const colors = palette();
    context.font = `600 11.5px ${colors.font}`;
    const half = context.measureText(text).width / 2 + 7;
    const middle = Math.max(frame.left + half - 6, Math.min(frame.right - half + 6, at));
    context.fillStyle = colors.ink;
    context.beginPath();
    context.roundRect(middle - half, frame.bottom + 3, 2 * half, 19, 5);
    context.fill();
    context.fillStyle = colors.panel;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, middle, frame.bottom + 13);
  }
}
