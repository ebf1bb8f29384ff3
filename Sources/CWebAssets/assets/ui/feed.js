// One worker of one run: what is known of it, kept up to date by the server's event stream.

import { APIError, ask, sourceQuery, toNumber } from "./api.js";
import { Series } from "./series.js";
import { EventStream } from "./stream.js";

/** Calls a function at most once in so many milliseconds; the last wish is never lost. */
export class Pace {
  constructor(milliseconds, action) {
    Object.assign(this, { milliseconds, action });
    this.last = -Infinity;
    this.timer = 0;
  }

  request() {
    if (this.timer) return;
    const wait = Math.max(0, this.last + this.milliseconds - performance.now());
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.last = performance.now();
      this.action();
    }, wait);
  }

  cancel() {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}

export class Feed {
  /**
   * `source`: { session, type, worker }, or null: only the list of runs is followed. `changed(what)` is called with
   * "series", "info", "latest", "maps", "advice", "runs" and "state"; `wants`: those of "latest", "maps" and "advice"
   * that the page shows.
   */
  constructor(source, changed, wants) {
    this.source = source;
    this.changed = changed;
    this.wants = new Set(wants);
    this.series = new Series();
    this.info = null;
    this.metadata = null;
    this.workers = [];
    this.latest = null;
    this.maps = [];
    this.advice = [];
    this.state = "connecting";
    /** The server's clock minus ours. */
    this.clockOffset = 0;
    this.problem = null;
    this.loaded = false;
    this.waiting = [];
    this.generation = 0;
    this.drawPace = new Pace(250, () => this.changed("series"));
    this.latestPace = new Pace(2000, () => this.refreshLatest());
    this.advicePace = new Pace(4000, () => this.refreshAdvice());
    this.runsPace = new Pace(1500, () => this.changed("runs"));
    this.stream = new EventStream(`/api/events${source ? `?${sourceQuery(source)}` : ""}`, {
      lastID: () => (this.source && this.loaded ? this.series.lastSequence : -1),
      onState: (state) => this.setState(state),
      onOpen: (resumed) => this.opened(resumed),
      onEvent: (name, data) => this.receive(name, data),
    });
  }

  get now() {
    return Date.now() + this.clockOffset;
  }

  start() {
    this.stream.open();
  }

  /** Lets go of the connection; `start` resumes where it ended. */
  stop() {
    this.stream.close();
    for (const pace of [this.drawPace, this.latestPace, this.advicePace, this.runsPace]) pace.cancel();
  }

  setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.changed("state");
  }

  opened(resumed) {
    this.runsPace.request();
    if (!this.source) return;
    this.refreshInfo();
    if (!resumed) this.reload();
    else this.refreshRest();
  }

  receive(name, data) {
    if (name === "runs") return this.runsPace.request();
    if (name === "info") return this.refreshInfo();
    if (name === "reset") return this.reload();
    if (name === "map" && this.wants.has("maps")) {
      if (!this.maps.some((map) => map.sequence === data.sequence)) this.maps.push(data);
      // A storage keeps at most 64 maps and lets every second one go: ask it which.
      if (this.maps.length > 64) return this.refreshMaps();
      return this.changed("maps");
    }
    if (name !== "point") return;
    if (!this.loaded) return this.waiting.push(data);
    this.append(data);
  }

  append(point) {
    if (!this.series.append(point)) return;
    this.drawPace.request();
    if (this.wants.has("latest")) this.latestPace.request();
    if (this.wants.has("advice")) this.advicePace.request();
  }

  /** The whole run anew. Points that come meanwhile are kept and added afterwards. */
  async reload() {
    const generation = ++this.generation;
    this.loaded = false;
    this.waiting = [];
    const answer = await this.question("series");
    if (generation !== this.generation || !answer) return;
    this.series.load(answer);
    this.loaded = true;
    for (const point of this.waiting) this.series.append(point);
    this.waiting = [];
    this.changed("series");
    this.refreshRest();
  }

  refreshRest() {
    if (this.wants.has("latest")) this.latestPace.request();
    if (this.wants.has("advice")) this.advicePace.request();
    if (this.wants.has("maps")) this.refreshMaps();
  }

  async refreshInfo() {
    const answer = await this.question("info");
    if (!answer) return;
    this.clockOffset = answer.now - Date.now();
    this.info = answer.info;
    this.metadata = answer.metadata;
    this.workers = answer.workers;
    this.changed("info");
  }

  async refreshLatest() {
    const answer = await this.question("latest");
    if (!answer) return;
    this.latest = answer.report;
    this.changed("latest");
  }

  async refreshAdvice() {
    const answer = await this.question("advice");
    if (!answer) return;
    this.advice = answer.advice;
    this.changed("advice");
  }

  async refreshMaps() {
    const answer = await this.question("maps");
    if (!answer) return;
    this.maps = answer.maps;
    this.changed("maps");
  }

  /** An answer about this source; null when there is none. Lost connections are the stream's affair. */
  async question(name, more = {}) {
    try {
      const answer = await ask(name, sourceQuery(this.source, more));
      if (this.problem) this.setProblem(null);
      return answer;
    } catch (error) {
      if (error instanceof APIError && !(error.status === 404 && name === "latest")) this.setProblem(error.message);
      return null;
    }
  }

  setProblem(problem) {
    this.problem = problem;
    this.changed("problem");
  }

  // What follows from it

  get startTime() {
    return this.info?.startTime ?? this.series.timestamps[0] ?? null;
  }

  get isLast() {
    return this.workers.find((worker) => worker.worker === this.source?.worker)?.isLast ?? false;
  }

  /** Positions of the points on a chart's horizontal axis. */
  positions(mode) {
    return mode === "time" ? this.series.seconds(this.startTime ?? undefined) : this.series.iterations;
  }

  /** A line of a column; null when the run has no such number. */
  line(name, label, color, mode, more = {}) {
    if (!this.series.has(name)) return null;
    const { iterations } = this.series;
    return { id: name, label, color, x: this.positions(mode), iterations, column: this.series.column(name), ...more };
  }

  get layers() {
    const declared = this.info?.model?.layers ?? [];
    if (declared.length > 0) return declared;
    // A run without model information still names its layers in its numbers.
    return this.series.names("layer/", "/ratio").map((name) => ({
      name: name.slice("layer/".length, -"/ratio".length), kind: "", shape: [], inputs: [], sampling: "",
    }));
  }

  /** Work done and planned, and how long the rest takes at the speed of the last minute. */
  get progress() {
    const total = this.info?.model?.totalUnits ?? this.latest?.totalUnits ?? 0;
    const { series } = this;
    const done = series.lastValue("completedUnits");
    if (!(total > 0) || done === null) return null;
    const { mean } = series.column("completedUnits");
    const { timestamps } = series;
    const last = timestamps.length - 1;
    let first = last;
    while (first > 0 && timestamps[last] - timestamps[first] < 60_000) first--;
    const passed = (timestamps[last] - timestamps[first]) / 1000;
    const rate = passed > 0 ? (mean[last] - mean[first]) / passed : toNumber(series.lastValue("unitsPerSecond")) ?? 0;
    return { done, total, fraction: Math.min(1, done / total), rate, left: rate > 0 ? (total - done) / rate : NaN };
  }
}
