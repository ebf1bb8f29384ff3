// Axes: where values lie on the canvas, marks and their labels.

import { palette } from "./chart-base.js";
import { linearTicks, logTicks, superscript } from "./maths.js";
import { byteUnits, texts } from "./texts.js";

/** Values (of a logarithmic axis: their exponents) to pixels. */
export class Scale {
  constructor(low, high, from, to) {
    Object.assign(this, { low, high, from, to });
    this.factor = high > low ? (to - from) / (high - low) : 0;
  }

  at(value) {
    return this.factor === 0 ? (this.from + this.to) / 2 : this.from + (value - this.low) * this.factor;
  }

  value(pixel) {
    return this.factor === 0 ? this.low : this.low + (pixel - this.from) / this.factor;
  }
}

/** A range with some air; one value alone gets a range around it. */
export function padded(low, high, share = 0.06) {
  if (!(low <= high)) return [0, 1];
  if (low === high) {
    const half = low === 0 ? 1 : Math.abs(low) * 0.1;
    return [low - half, high + half];
  }
  const air = (high - low) * share;
  return [low - air, high + air];
}

/** Marks and labels of a vertical axis. Formats: "number", "bytes", "percent". */
export function valueTicks(low, high, count, format, log) {
  if (log) {
    const ticks = logTicks(low, high, count);
    const whole = ticks.every((tick) => Math.abs(tick - Math.round(tick)) < 1e-6);
    return ticks.map((tick) => ({ at: tick, text: powerText(tick, whole) }));
  }
  let unit = 1;
  if (format === "bytes") unit = 1024 ** Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(high), Math.abs(low))) / 10));
  const { ticks, step } = linearTicks(low, high, count, unit);
  return ticks.map((tick) => ({ at: tick, text: tickText(tick, step, format, unit) }));
}

/** 10⁻³ where all marks are whole powers, else the number itself. */
function powerText(exponent, whole) {
  if (whole) return `10${superscript(Math.round(exponent))}`;
  const value = 10 ** exponent;
  if (value >= 0.000999 && value < 10000) return texts.value(value, 2);
  const power = Math.floor(exponent + 1e-9);
  if (Math.abs(exponent - power) < 1e-6) return `10${superscript(power)}`;
  return `${texts.value(10 ** (exponent - power), 2)}·10${superscript(power)}`;
}

function tickText(tick, step, format, unit) {
  if (Math.abs(tick) < step * 1e-6) tick = 0;
  const digits = (size) => Math.max(0, -Math.floor(Math.log10(size) + 1e-9));
  if (format === "bytes") {
    const name = byteUnits[Math.round(Math.log2(unit) / 10)];
    return `${texts.number(tick / unit, digits(step / unit))} ${name}`;
  }
  if (format === "percent") return texts.percent(tick, digits(step * 100));
  return axisNumber(tick, step);
}

/** A number with the digits that its step needs; large ones in few letters. */
function axisNumber(tick, step) {
  if (tick === 0) return "0";
  const size = Math.max(Math.abs(tick), step);
  if (size < 1e-3 || size >= 1e15) return tick.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e").replaceAll("-", "−");
  if (size >= 1e5) return tick.toLocaleString(texts.language, { notation: "compact", maximumFractionDigits: 2 }).replace("-", "−");
  const behind = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return tick.toLocaleString(texts.language, { maximumFractionDigits: behind, minimumFractionDigits: behind }).replace("-", "−");
}

/** Marks of a horizontal axis: iterations, or seconds as a clock shows them. */
export function positionTicks(low, high, count, mode) {
  if (mode !== "time") {
    const { ticks, step } = linearTicks(low, high, count);
    return ticks.filter((tick) => step >= 1 || Number.isInteger(tick)).map((tick) => ({ at: tick, text: axisNumber(tick, Math.max(1, step)) }));
  }
  const span = high - low;
  const step = timeSteps.find((step) => span / step <= count) ?? 86400 * Math.ceil(span / count / 86400);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high; k++) ticks.push({ at: k * step, text: clockText(k * step + 0) });
  return ticks;
}

const timeSteps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/** 0:05, 12:30, 1:02:05. */
export function clockText(seconds) {
  const sign = seconds < 0 ? "−" : "";
  const size = Math.abs(seconds);
  const whole = Math.floor(size + 1e-6);
  const part = size - whole > 0.01 && size < 60 ? (size - whole).toFixed(1).slice(1) : "";
  const [s, m, h] = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  const two = (value) => String(value).padStart(2, "0");
  return sign + (h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}${part}`);
}

/** Horizontal lines with their labels; returns nothing, draws into the plot's frame. */
export function drawValueAxis(context, frame, scale, ticks) {
  const colors = palette();
  context.font = `11.5px ${colors.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  context.strokeStyle = colors.grid;
  context.fillStyle = colors.muted;
  for (const { at, text } of ticks) {
    const y = Math.round(scale.at(at)) + 0.5;
    if (y < frame.top - 1 || y > frame.bottom + 1) continue;
    context.beginPath();
    context.moveTo(frame.left, y);
    context.lineTo(frame.right, y);
    context.stroke();
    context.fillText(text, frame.left - 8, y);
  }
}

export function drawPositionAxis(context, frame, scale, ticks, name) {
  const colors = palette();
  context.font = `11.5px ${colors.font}`;
  context.textBaseline = "top";
  context.lineWidth = 1;
  context.strokeStyle = colors.axis;
  context.beginPath();
  context.moveTo(frame.left, frame.bottom + 0.5);
  context.lineTo(frame.right, frame.bottom + 0.5);
  context.stroke();
  context.fillStyle = colors.muted;
  const y = frame.bottom + 7;
  context.textAlign = "right";
  const nameWidth = name ? context.measureText(name).width + 14 : 0;
  if (name) context.fillText(name, frame.right, y);
  context.textAlign = "center";
  let end = -Infinity;
  for (const { at, text } of ticks) {
    const x = scale.at(at);
    const half = context.measureText(text).width / 2;
    if (x < frame.left - 1 || x > frame.right + 1 || x - half < end + 8 || x + half > frame.right - nameWidth) continue;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, frame.bottom);
    context.lineTo(Math.round(x) + 0.5, frame.bottom + 4);
    context.stroke();
    context.fillText(text, x, y);
    end = x + half;
  }
}

/** The room that the widest label of a vertical axis takes. */
export function axisWidth(context, ticks) {
  context.font = `11.5px ${palette().font}`;
  return Math.ceil(ticks.reduce((width, { text }) => Math.max(width, context.measureText(text).width), 0));
}
