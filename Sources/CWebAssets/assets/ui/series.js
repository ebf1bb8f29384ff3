// The numbers of a run over time, in bounded memory: as Sources/TrainingStats/Series/StatsSeries.swift does it.

import { toNumber } from "./api.js";

/** One number over time. Where `count` is 0 there is no finite value and the other three are NaN. */
export class Column {
  constructor(length = 0) {
    this.mean = new Array(length).fill(NaN);
    this.low = new Array(length).fill(NaN);
    this.high = new Array(length).fill(NaN);
    this.count = new Array(length).fill(0);
    this.nonFinite = new Array(length).fill(0);
  }

  push(mean, low, high, count, nonFinite) {
    this.mean.push(mean);
    this.low.push(low);
    this.high.push(high);
    this.count.push(count);
    this.nonFinite.push(nonFinite);
  }

  /** One update; null when it has no such number. */
  append(value) {
    if (value === null) this.push(NaN, NaN, NaN, 0, 0);
    else if (Number.isFinite(value)) this.push(value, value, value, 1, 0);
    else this.push(NaN, NaN, NaN, 0, 1);
  }

  /** Point `from` and the one behind it become point `to`. */
  merge(from, to) {
    const { mean, low, high, count, nonFinite } = this;
    const other = from + 1;
    nonFinite[to] = nonFinite[from] + nonFinite[other];
    if (count[from] === 0 || count[other] === 0) return this.move(count[from] === 0 ? other : from, to, nonFinite[to]);
    const total = count[from] + count[other];
    mean[to] = mean[from] + (mean[other] - mean[from]) * (count[other] / total);
    low[to] = Math.min(low[from], low[other]);
    high[to] = Math.max(high[from], high[other]);
    count[to] = total;
  }

  move(from, to, nonFinite = this.nonFinite[from]) {
    this.mean[to] = this.mean[from];
    this.low[to] = this.low[from];
    this.high[to] = this.high[from];
    this.count[to] = this.count[from];
    this.nonFinite[to] = nonFinite;
  }

  truncate(length) {
    for (const values of [this.mean, this.low, this.high, this.count, this.nonFinite]) values.length = length;
  }
}

const none = Object.freeze(new Column());

export class Series {
  constructor(capacity = 1500) {
    this.capacity = Math.max(2, capacity);
    this.clear();
  }

  clear() {
    this.updates = 0;
    this.first = [];
    this.last = [];
    this.iterations = [];
    this.timestamps = [];
    this.columns = new Map();
  }

  get length() {
    return this.iterations.length;
  }

  get lastSequence() {
    return this.last.at(-1) ?? -1;
  }

  get iteration() {
    return this.iterations.at(-1) ?? null;
  }

  /** The column of a name; an empty one when there is none. */
  column(name) {
    return this.columns.get(name) ?? none;
  }

  has(name) {
    return this.columns.has(name);
  }

  /** The last finite value of a column, or null. */
  lastValue(name) {
    const { mean } = this.column(name);
    for (let i = mean.length - 1; i >= 0; i--) if (Number.isFinite(mean[i])) return mean[i];
    return null;
  }

  /** Names that begin and end so, in the order in which they came. */
  names(start, end = "") {
    return [...this.columns.keys()].filter((name) => name.startsWith(start) && name.endsWith(end));
  }

  /** Takes the place of what was there by an answer to /api/series. */
  load(answer) {
    this.clear();
    this.updates = answer.updates;
    this.first = [...answer.firstSequences];
    this.last = [...answer.lastSequences];
    this.iterations = [...answer.iterations];
    this.timestamps = [...answer.timestamps];
    const n = this.length;
    for (const [name, { mean, low, high, nonFinite = {} }] of Object.entries(answer.columns)) {
      const column = new Column(n);
      for (let i = 0; i < n; i++) {
        const bad = nonFinite[i] ?? 0;
        const value = toNumber(mean[i] ?? null);
        column.nonFinite[i] = bad;
        if (value === null || !Number.isFinite(value)) continue;
        column.mean[i] = value;
        column.low[i] = low ? toNumber(low[i]) ?? value : value;
        column.high[i] = high ? toNumber(high[i]) ?? value : value;
        column.count[i] = Math.max(1, this.last[i] - this.first[i] + 1 - bad);
      }
      this.columns.set(name, column);
    }
    while (this.length > this.capacity) this.halve();
  }

  /** Adds the data of a `point` event. Returns whether it was new. */
  append({ sequence, iteration, timestamp, values }) {
    if (sequence <= this.lastSequence) return false;
    const n = this.length;
    for (const name of Object.keys(values)) {
      if (!this.columns.has(name)) this.columns.set(name, new Column(n));
    }
    for (const [name, column] of this.columns) column.append(Object.hasOwn(values, name) ? toNumber(values[name]) : null);
    this.first.push(sequence);
    this.last.push(sequence);
    this.iterations.push(iteration);
    this.timestamps.push(timestamp);
    this.updates++;
    if (this.length > this.capacity) this.halve();
    return true;
  }

  /** Merges the points in pairs, all but the last one when their number is odd. */
  halve() {
    const n = this.length;
    const half = Math.ceil(n / 2);
    for (let to = 0; to < half; to++) {
      const from = 2 * to;
      const end = Math.min(from + 1, n - 1);
      this.first[to] = this.first[from];
      for (const values of [this.last, this.iterations, this.timestamps]) values[to] = values[end];
      for (const column of this.columns.values()) {
        if (from === end) column.move(from, to);
        else column.merge(from, to);
      }
    }
    for (const values of [this.first, this.last, this.iterations, this.timestamps]) values.length = half;
    for (const column of this.columns.values()) column.truncate(half);
  }

  /** Seconds of each point since a moment, or since the first point. */
  seconds(start = this.timestamps[0]) {
    return this.timestamps.map((time) => (time - start) / 1000);
  }
}
