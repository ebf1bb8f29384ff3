// The frame around a chart: title, tabs, what can be done with it, legend, warnings, advice, explanation.

import { adviceItems, boundsNote } from "./advice.js";
import { palette, dashes } from "./chart-base.js";
import { LineChart } from "./chart-line.js";
import { chartPicture, chartTable, fileName, saveBlob } from "./chart-save.js";
import { announce, make, makeButton, makeIcon, makeIconButton, makeMenu, makeText, replaceRows } from "./dom.js";
import { texts } from "./texts.js";

let cards = 0;

export class Card {
  /**
   * `title`: a key. `panes`: [{ id, tab (key), chart, meaning (key), bounds, advice: [charts or rules of Advice] }]; several make
   * tabs; `bounds`: whether the explanation says where the bounds of healthy values come from.
   * `tall`: a higher plot. `context()`: words for the names of saved files.
   */
  constructor({ title, panes, context = () => [], tall = false, className = "" }) {
    this.panes = panes;
    this.title = title;
    this.context = context;
    this.active = panes[0];
    this.id = `card-${cards++}`;
    this.element = make("section", `card chart-card ${tall ? "tall" : ""} ${className}`);
    this.element.setAttribute("aria-labelledby", `${this.id}-title`);
    const head = make("div", "card-head");
    this.heading = makeText("h2", "", title);
    this.heading.id = `${this.id}-title`;
    head.append(this.heading);
    if (panes.length > 1) head.append(this.makeTabs());
    head.append(this.makeTools());
    this.banner = make("p", "banner");
    this.banner.hidden = true;
    this.legend = make("div", "legend");
    this.body = make("div", "card-body");
    this.trend = make("p", "trend");
    this.trend.hidden = true;
    this.trendText = make("span");
    this.trend.append(makeIcon("trend"), this.trendText, makeIconButton("close", "clearTrend", () => this.chart.clearTrend()));
    this.advice = make("ul", "advice");
    this.meaning = make("details", "meaning");
    this.meaningText = make("p");
    this.meaning.append(makeText("summary", "", "meaning"), this.meaningText);
    for (const pane of panes) {
      pane.chart.onChange = (what) => pane === this.active && this.changed(what);
      this.body.append(pane.chart.element);
    }
    this.element.append(head, this.banner, this.body, this.legend, this.trend, this.advice, this.meaning);
    this.items = [];
    this.layer = null;
    this.show(this.active);
  }

  get chart() {
    return this.active.chart;
  }

  close() {
    for (const pane of this.panes) pane.chart.close();
  }

  setTitle(title) {
    if (title === this.title) return;
    this.title = title;
    this.heading.dataset.text = title;
    this.heading.textContent = texts.get(title);
  }

  /** Offers only the tabs that have something to show; all when none has. Returns whether one has. */
  offer(hasData) {
    const full = this.panes.filter(hasData);
    for (const pane of this.panes) if (pane.button) pane.button.hidden = full.length > 0 && !full.includes(pane);
    if (full.length > 0 && !full.includes(this.active)) this.show(full[0]);
    return full.length > 0;
  }

  makeTabs() {
    const list = make("div", "tabs");
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-labelledby", `${this.id}-title`);
    for (const pane of this.panes) {
      pane.button = makeButton(pane.tab, "tab", () => this.show(pane));
      pane.button.setAttribute("role", "tab");
      pane.button.id = `${this.id}-tab-${pane.id}`;
      list.append(pane.button);
    }
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const panes = this.panes.filter((pane) => !pane.button.hidden);
      const next = panes[(panes.indexOf(this.active) + step + panes.length) % panes.length];
      this.show(next);
      next.button.focus();
    });
    return list;
  }

  makeTools() {
    const tools = make("div", "card-tools");
    this.resetButton = makeIconButton("reset", "showAll", () => this.chart.group.setRange(null));
    this.trendButton = makeIconButton("trend", "trendTool", () => {
      this.chart.tool = this.chart.tool === "trend" ? "zoom" : "trend";
      this.changed();
    });
    this.logButton = makeButton("log", "icon text", () => this.chart.setLog(!this.chart.log));
    this.logButton.dataset.name = "logTool";
    const menu = makeMenu("save", "save", [["savePicture", () => this.savePicture()], ["saveTable", () => this.saveTable()]]);
    tools.append(this.resetButton, this.logButton, this.trendButton, menu);
    return tools;
  }

  show(pane) {
    this.active = pane;
    for (const other of this.panes) {
      const chosen = other === pane;
      other.chart.element.hidden = !chosen;
      if (!other.button) continue;
      other.button.setAttribute("aria-selected", String(chosen));
      other.button.tabIndex = chosen ? 0 : -1;
    }
    pane.chart.invalidate();
    this.onShow?.(pane);
    this.refresh();
  }

  /** Writes everything that depends on the language. */
  refresh() {
    const note = this.active.bounds ? boundsNote() : "";
    this.meaningText.textContent = note ? `${texts.get(this.active.meaning)} ${note}` : texts.get(this.active.meaning);
    const { over, label } = this.chart;
    const keys = this.chart instanceof LineChart ? "chartKeys" : "histogramKeys";
    over.setAttribute("aria-label", `${label()}. ${texts.get(keys)}`);
    over.setAttribute("aria-roledescription", texts.get("chart"));
    this.legend.dataset.signature = "";
    this.changed();
    this.showAdvice();
  }

  /** The chart has something new; `what` narrows it down. */
  changed(what) {
    const { chart } = this;
    const lines = chart instanceof LineChart;
    this.resetButton.hidden = !chart.group?.range;
    this.trendButton.hidden = !lines;
    this.logButton.hidden = !lines || chart.signed || chart.format !== "number";
    if (lines) {
      this.trendButton.setAttribute("aria-pressed", String(chart.tool === "trend"));
      this.logButton.setAttribute("aria-pressed", String(chart.log));
      chart.over.classList.toggle("measuring", chart.tool === "trend");
      this.trend.hidden = !chart.trend;
      const text = chart.trendText;
      if (this.trendText.textContent !== text) {
        this.trendText.textContent = text;
        if (what === "trend" && text) announce(text);
      }
      this.showLegend();
    } else {
      this.trend.hidden = true;
      this.showReading(chart.reading);
    }
    this.showBanner();
  }

  showBanner() {
    const { broken } = this.chart;
    this.banner.hidden = !broken;
    if (!broken) return;
    const values = { count: texts.number(broken.count), iteration: texts.number(broken.iteration) };
    const text = texts.get(broken.count === 1 ? "notFiniteOne" : "notFinite", values);
    if (this.banner.textContent !== text) this.banner.textContent = text;
  }

  showReading(text) {
    if (!this.reading) {
      this.reading = make("p", "reading");
      this.legend.replaceChildren(this.reading);
    }
    if (this.reading.parentNode !== this.legend) this.legend.replaceChildren(this.reading);
    if (this.reading.textContent !== text) this.reading.textContent = text;
  }

  showLegend() {
    const { chart } = this;
    const colors = palette();
    const signature = JSON.stringify([this.active.id, theme.dark, texts.language, chart.lines.map((line) => [line.id, line.label, line.color])]);
    replaceRows(this.legend, () => chart.lines.map((line) => this.makeEntry(line, colors)), signature);
    const entries = this.legend.querySelectorAll(".entry");
    chart.lines.forEach((line, i) => {
      const [value, detail] = entries[i].querySelectorAll(".value, .extent");
      const reading = chart.reading(line);
      if (value.textContent !== reading.text) value.textContent = reading.text;
      if (detail.textContent !== reading.detail) detail.textContent = reading.detail;
      entries[i].setAttribute("aria-pressed", String(!chart.hidden.has(line.id)));
    });
  }

  makeEntry(line, colors) {
    const { chart } = this;
    const entry = make("button", "entry");
    entry.type = "button";
    entry.title = texts.get("legendHint");
    const swatch = make("canvas", "swatch");
    [swatch.width, swatch.height] = [32, 6];
    const context = swatch.getContext("2d");
    context.strokeStyle = colors.series[line.color % 8];
    context.lineWidth = 5;
    context.setLineDash(dashes[Math.floor(line.color / 8) % dashes.length].map((part) => 2 * part));
    context.beginPath();
    context.moveTo(0, 3);
    context.lineTo(32, 3);
    context.stroke();
    const label = make("bdi", "label", shortWord(line.label, 60));
    label.dir = "auto";
    entry.append(swatch, label, make("span", "value"), make("span", "extent"));
    entry.addEventListener("click", (event) => chart.toggle(line.id, event.shiftKey || event.altKey));
    return entry;
  }

  /** `items`: all advice of the run. `layer`: what is said of other layers does not belong here; null: all layers. */
  setAdvice(items, layer = null) {
    this.items = items;
    this.layer = layer;
    this.showAdvice();
  }

  showAdvice() {
    const charts = this.active.advice ?? [];
    const { layer } = this;
    const own = this.items.filter((item) => (charts.includes(item.chart) || charts.includes(item.rule)) && (layer === null || item.layer == null || item.layer === layer));
    adviceItems(this.advice, own);
  }

  words() {
    return [...this.context(), texts.get(this.title), this.active.tab ? texts.get(this.active.tab) : ""];
  }

  savePicture() {
    this.chart.draw();
    const title = [texts.get(this.title), this.active.tab ? texts.get(this.active.tab) : "", ...this.context()].filter(Boolean).join(" – ");
    chartPicture(this.chart, title).toBlob((blob) => blob && saveBlob(blob, fileName(this.words(), "png")), "image/png");
  }

  saveTable() {
    saveBlob(new Blob([chartTable(this.chart)], { type: "text/csv;charset=utf-8" }), fileName(this.words(), "csv"));
  }
}
