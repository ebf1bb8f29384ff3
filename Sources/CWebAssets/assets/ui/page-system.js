// The machine: memory, processors, threads, what watching costs, whether records arrive, who reports.

import { adviceItems } from "./advice.js";
import { Card } from "./card.js";
import { LineChart } from "./chart-line.js";
import { make, makeName, makeTableHead, makeText, replaceRows } from "./dom.js";
import { FactsCard } from "./facts.js";
import { unitKeys } from "./header.js";
import { Column } from "./series.js";
import { runName, texts } from "./texts.js";

/** More threads than this are drawn as one line with a band. */
const threadLines = 8;

/** Shares of processor time over fewer seconds than that say nothing: between two reports, and since the start. */
const shortestInterval = 0.05;
const shortestTotal = 0.5;

export class SystemPage {
  static wants = ["advice"];
  static smooths = true;
  static usualAxis = "time";

  constructor(app, root) {
    this.app = app;
    const { group } = app;
    const context = () => [app.run ? runName(app.run) : ""];
    const card = (title, meaning, advice, options, className = "") => new Card({
      title, context, className,
      panes: [{ id: title, meaning, advice, chart: new LineChart({ key: title, group, label: () => texts.get(title), ...options }) }],
    });
    const memory = (id, tab) => ({
      id, tab, meaning: "meaningMemory", advice: ["memory"],
      chart: new LineChart({
        key: `memory-${id}`, group, format: "bytes", fromZero: true, smooth: false,
        label: () => `${texts.get("memoryTitle")}, ${texts.get(tab)}`,
      }),
    });
    this.memory = new Card({ title: "memoryTitle", context, panes: [memory("process", "tabProcess"), memory("machine", "tabMachine")] });
    this.processors = card("processorsTitle", "meaningProcessors", ["processorsIdle"], { fromZero: true });
    this.threads = card("threadsTitle", "meaningThreads", ["threadsUneven"], { fromZero: true, emptyText: "noThreads", unit: () => this.rateUnit });
    this.observer = card("observerTitle", "meaningObserver", ["listenerCostly"], { format: "percent", fromZero: true });
    this.cards = [this.memory, this.processors, this.threads, this.observer];
    this.health = new Health();
    this.hardware = new FactsCard("hardwareTitle");
    this.software = new FactsCard("softwareTitle");
    this.router = new FactsCard("routerTitle");
    this.workers = new WorkersCard((worker) => app.chooseWorker([worker.type, worker.worker]));
    const charts = make("div", "grid system-charts");
    charts.append(...this.cards.map((card) => card.element));
    const tables = make("div", "grid system-tables");
    tables.append(this.workers.element, this.router.element, this.hardware.element, this.software.element);
    root.append(this.health.element, charts, tables);
    this.refresh();
  }

  close() {
    for (const card of this.cards) card.close();
  }

  refresh() {
    for (const card of this.cards) card.refresh();
    for (const what of ["info", "series", "advice"]) this.update(what);
  }

  update(what) {
    const { feed } = this.app;
    if (what === "advice") {
      for (const card of this.cards) card.setAdvice(feed.advice);
      const beside = this.cards.flatMap((card) => card.active.advice);
      this.health.show(feed.advice.filter((item) => item.chart === "system" && !beside.includes(item.rule)));
    }
    if (what === "info") this.showTables();
    if (what === "info" || what === "series") {
      this.showLines();
      this.showRouter();
    }
    if (what === "runs") this.tick();
  }

  tick() {
    const { feed, run } = this.app;
    this.workers.show(run?.workers ?? feed.workers, this.app.source, feed.now);
  }

  showLines() {
    const { feed, group } = this.app;
    const line = (name, key, color) => feed.line(name, texts.get(key), color, group.mode);
    const set = (card, lines) => card.chart.setLines(lines.filter((entry) => entry !== null));
    const { hardware } = feed.info ?? {};
    const [process, machine] = this.memory.panes;
    machine.chart.guides = hardware?.memory
      ? [{ value: hardware.memory, include: true, text: () => texts.get("installedMemory", { size: texts.bytes(hardware.memory) }) }] : [];
    set(process, [line("memory/resident", "resident", 0), line("memory/peak", "peak", 1)]);
    set(machine, [line("memory/available", "available", 2)]);
    if (feed.loaded) this.memory.offer(({ chart }) => chart.lines.some((line) => line.column.mean.some((value) => value > 0)));
    this.processors.chart.guides = hardware?.processors
      ? [{ value: hardware.processors, include: true, text: () => texts.get("allProcessors", { count: texts.number(hardware.processors) }) }] : [];
    set(this.processors, [line("processorsBusy", "processorsBusy", 0)]);
    set(this.threads, this.threadRates());
    set(this.observer, this.observerShares());
  }

  /** What threads do a second. */
  get rateUnit() {
    const unit = this.app.feed.info?.model?.unit ?? "";
    return texts.get("perSecond", { rate: "", unit: unitKeys[unit] ? texts.get(unitKeys[unit]) : shortWord(unit, 20) }).trim();
  }

  threadRates() {
    const { feed, group } = this.app;
    const names = feed.series.names("thread/", "/unitsPerSecond");
    if (names.length <= threadLines) {
      return names.map((name, i) => feed.line(name, texts.get("thread", { n: texts.number(i + 1) }), i, group.mode));
    }
    const columns = names.map((name) => feed.series.column(name));
    const all = new Column(feed.series.length);
    for (let i = 0; i < feed.series.length; i++) {
      const values = columns.map((column) => column.mean[i]).filter(Number.isFinite);
      if (values.length === 0) continue;
      all.mean[i] = values.reduce((sum, value) => sum + value, 0) / values.length;
      [all.low[i], all.high[i], all.count[i]] = [Math.min(...values), Math.max(...values), values.length];
    }
    const label = texts.get("allThreads", { count: texts.number(names.length) });
    return [{ id: "threads", label, color: 0, x: feed.positions(group.mode), iterations: feed.series.iterations, column: all }];
  }

  /** Processor seconds that the listener took, as shares of the time that has passed. */
  observerShares() {
    const { feed, group } = this.app;
    const taken = feed.series.column("listenerSeconds");
    const passed = feed.series.column("elapsedSeconds");
    const [total, latest] = [new Column(feed.series.length), new Column(feed.series.length)];
    let [before, usual] = [-1, 0];
    const set = (column, i, value) => {
      // Less than before: another training began in the same session.
      if (value >= 0) [column.mean[i], column.low[i], column.high[i], column.count[i]] = [value, value, value, 1];
    };
    for (let i = 0; i < feed.series.length; i++) {
      if (!(taken.count[i] > 0) || !(passed.count[i] > 0)) continue;
      if (passed.mean[i] >= shortestTotal) set(total, i, taken.mean[i] / passed.mean[i]);
      const seconds = before < 0 ? Infinity : passed.mean[i] - passed.mean[before];
      // The last report comes soon after the one before it.
      if (seconds >= 0 && seconds < Math.max(shortestInterval, usual / 2)) continue;
      if (before >= 0) {
        set(latest, i, (taken.mean[i] - taken.mean[before]) / seconds);
        usual = seconds;
      }
      before = i;
    }
    const line = (id, key, color, column) => (column.count.some((count) => count > 0)
      ? { id, label: texts.get(key), color, x: feed.positions(group.mode), iterations: feed.series.iterations, column } : null);
    return [line("total", "listenerShareTotal", 3, total), line("latest", "listenerShare", 6, latest)];
  }

  showRouter() {
    const { series } = this.app.feed;
    const count = (name) => (series.has(`router/${name}`) ? texts.number(series.lastValue(`router/${name}`) ?? 0) : null);
    const lost = series.lastValue("router/lost") ?? 0;
    this.router.show([
      ["routerReceived", count("received")], ["routerDelivered", count("delivered")], ["routerQueued", count("queued")],
      ["routerSpilled", count("spilled")], ["routerLost", count("lost"), lost > 0 ? "bad" : ""],
      ["routerFailures", count("failures")],
    ], "noRouter");
  }

  showTables() {
    const { info } = this.app.feed;
    const { hardware, software } = info ?? {};
    this.hardware.show([
      ["architecture", shortWord(hardware?.architecture ?? "", 60)], ["processor", shortWord(hardware?.processor ?? "", 100)],
      ["processors", hardware ? texts.number(hardware.processors) : null],
      ["machineMemory", hardware?.memory ? texts.bytes(hardware.memory) : null],
    ]);
    this.software.show([
      ["operatingSystem", shortWord(software?.operatingSystem ?? "", 100)], ["runtime", shortWord(software?.runtime ?? "", 100)],
      ["backend", shortWord(software?.backend ?? "", 100)], ["hostName", shortWord(software?.hostName ?? "", 100)],
      ["processID", software ? String(software.processID) : null],
    ]);
    this.tick();
  }
}

/** What the rules say of the system as a whole. */
class Health {
  constructor() {
    this.element = make("ul", "advice card health");
    this.element.hidden = true;
  }

  show(items) {
    adviceItems(this.element, items);
  }
}

/** Who reports in this session, and when last. */
class WorkersCard {
  constructor(choose) {
    this.choose = choose;
    this.element = make("section", "card");
    const head = make("div", "card-head");
    head.append(makeText("h2", "", "workersTitle"));
    const scroll = make("div", "table-scroll");
    const table = make("table");
    const thead = makeTableHead([["worker", ""], ["updatesTotal", "number"], ["lastSeen", "number"]]);
    this.rows = make("tbody");
    table.append(thead, this.rows);
    scroll.append(table);
    this.element.append(head, scroll);
  }

  show(workers, source, now) {
    const ages = workers.map((worker) => (worker.isLast ? texts.get("stateFinished") : texts.ago(now - worker.lastSeen)));
    const silent = workers.map((worker) => !worker.isLast && now - worker.lastSeen > 30_000);
    replaceRows(this.rows, () => workers.map((worker, i) => {
      const row = make("tr");
      const isChosen = worker.worker === source?.worker && worker.type === source?.type;
      const name = make("td");
      const button = make("button", "link");
      button.type = "button";
      button.append(makeName(worker.worker));
      button.setAttribute("aria-pressed", String(isChosen));
      button.addEventListener("click", () => this.choose(worker));
      name.append(button, make("span", "note", ` ${shortWord(worker.type, 40)}`));
      row.append(name, make("td", "number", texts.number(worker.updates)), make("td", `number ${silent[i] ? "bad" : ""}`, ages[i]));
      row.classList.toggle("current", isChosen);
      return row;
    }), JSON.stringify([texts.language, workers.map(({ type, worker, updates }) => [type, worker, updates]), ages, source]));
  }
}
