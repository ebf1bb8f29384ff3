// The model: its layers as a graph, and everything about the chosen one.

import { worstSeverity } from "./advice.js";
import { Card } from "./card.js";
import { Histogram } from "./chart-histogram.js";
import { LineChart } from "./chart-line.js";
import { Strip } from "./chart-strip.js";
import { make, makeText } from "./dom.js";
import { FactsCard } from "./facts.js";
import { Pace } from "./feed.js";
import { lowerBound } from "./maths.js";
import { ModelGraph } from "./model-graph.js";
import { NeighborsCard } from "./neighbors.js";
import { layerKind, layerSampling } from "./trainer-texts.js";
import { runName, tabMemory, texts } from "./texts.js";

const stripKinds = ["parameters", "updates"];
const histogramTitles = { parameters: "parametersHistogramTitle", updates: "updatesHistogramTitle" };

export class ModelPage {
  static wants = ["latest", "advice"];
  static smooths = true;

  constructor(app, root) {
    this.app = app;
    this.layer = tabMemory.get("layer");
    this.graph = new ModelGraph((name) => this.choose(name));
    this.graphCard = make("section", "card graph-card");
    const head = make("div", "card-head");
    head.append(makeText("h2", "", "graph"));
    const scroll = make("div", "graph-scroll");
    scroll.append(this.graph.element);
    this.noLayers = makeText("p", "note", "noLayers");
    this.graphCard.append(head, scroll, this.noLayers);
    this.facts = new FactsCard("layerTitle", "layer-facts");
    this.neighbors = new NeighborsCard();
    this.makeCards();
    this.stripPaces = Object.fromEntries(stripKinds.map((kind) => [kind, new Pace(8000, () => this.loadStrip(kind))]));
    const side = make("div", "side");
    side.append(this.graphCard, this.facts.element);
    this.main = make("div", "grid model-charts");
    this.main.append(...this.cards.map((card) => card.element), this.neighbors.element);
    const grid = make("div", "model");
    grid.append(side, this.main);
    root.append(grid);
    this.refresh();
  }

  makeCards() {
    const { app } = this;
    const { group } = app;
    const context = () => [app.run ? runName(app.run) : "", this.layer ?? ""];
    const named = (key, tab) => () => [texts.get(key), tab ? texts.get(tab) : "", shortWord(this.layer ?? "", 60)].filter(Boolean).join(", ");
    const line = (key, title, tab, more) => new LineChart({ key, group, label: named(title, tab), ...more });
    this.ratio = new Card({
      title: "layerRatioTitle", context, panes: [
        { id: "ratio", tab: "tabRatio", meaning: "meaningRatio", bounds: true, advice: ["ratio"], chart: line("layer-ratio", "layerRatioTitle", "tabRatio", { log: true }) },
        { id: "parameters", tab: "tabParameters", meaning: "meaningMagnitudes", advice: ["parameters"], chart: line("magnitude-parameters", "layerRatioTitle", "tabParameters", { log: true }) },
        { id: "updates", tab: "tabUpdates", meaning: "meaningMagnitudes", advice: ["updates"], chart: line("magnitude-updates", "layerRatioTitle", "tabUpdates", { log: true }) },
      ],
    });
    this.activations = new Card({
      title: "activationsTitle", context,
      panes: [{ id: "activations", meaning: "meaningActivations", bounds: true, advice: ["activations"], chart: line("activations", "activationsTitle", null, { smooth: false, signed: true, emptyText: "noActivations" }) }],
    });
    const histogram = (kind, color) => new Histogram({ key: `histogram-${kind}`, color, label: named(histogramTitles[kind], "tabLatest") });
    const strip = (kind) => new Strip({ key: `strip-${kind}`, group, label: named(histogramTitles[kind], "tabOverTime") });
    const both = (kind, color, meaning) => {
      const card = new Card({
        title: histogramTitles[kind], context, panes: [
          { id: "latest", tab: "tabLatest", meaning, advice: [kind], chart: histogram(kind, color) },
          { id: "time", tab: "tabOverTime", meaning: "meaningStrip", advice: [kind], chart: strip(kind) },
        ],
      });
      card.onShow = (pane) => pane.id === "time" && this.stripPaces[kind].request();
      return card;
    };
    this.histograms = { parameters: both("parameters", 0, "meaningParameterHistogram"), updates: both("updates", 2, "meaningUpdateHistogram") };
    this.rate = new Card({
      title: "learningRateTitle", context,
      panes: [{ id: "rate", meaning: "meaningLearningRate", advice: ["learningRate"], chart: line("learning-rate", "learningRateTitle", null, { smooth: false, fromZero: true }) }],
    });
    this.gradients = new Card({
      title: "gradientsTitle", context,
      panes: [{ id: "gradients", meaning: "meaningGradientsDeviation", advice: ["gradients"], chart: line("gradients", "gradientsTitle", null, { log: true }) }],
    });
    this.cards = [this.ratio, this.activations, this.histograms.parameters, this.histograms.updates, this.rate, this.gradients];
  }

  close() {
    for (const card of this.cards) card.close();
    for (const pace of Object.values(this.stripPaces)) pace.cancel();
  }

  refresh() {
    for (const card of this.cards) card.refresh();
    for (const what of ["info", "series", "latest", "advice"]) this.update(what);
  }

  choose(name) {
    if (name === this.layer) return;
    this.layer = name;
    tabMemory.set("layer", name);
    for (const kind of stripKinds) {
      const strip = this.histograms[kind].panes[1].chart;
      strip.setData({ iterations: [], histograms: [] });
      if (this.histograms[kind].active.id === "time") this.loadStrip(kind);
    }
    this.refresh();
  }

  update(what) {
    const { feed } = this.app;
    const { layers } = feed;
    if (!layers.some((layer) => layer.name === this.layer)) this.layer = layers[0]?.name ?? null;
    if (what === "info" || what === "advice" || what === "series") this.showGraph();
    if (what === "advice") for (const card of this.cards) card.setAdvice(feed.advice, this.layer);
    if (what === "info" || what === "latest") this.showLayer();
    if (what === "latest") this.showLatest();
    if (what === "series" || what === "info") this.showLines();
    if (what === "series") {
      for (const kind of stripKinds) if (this.histograms[kind].active.id === "time") this.stripPaces[kind].request();
    }
  }

  get layerIndex() {
    return Math.max(0, this.app.feed.layers.findIndex((layer) => layer.name === this.layer));
  }

  showGraph() {
    const { layers, advice } = this.app.feed;
    this.noLayers.hidden = layers.length > 0;
    this.main.hidden = layers.length === 0;
    this.facts.element.hidden = layers.length === 0;
    this.graph.show(layers, this.layer, new Map(layers.map((layer) => [layer.name, worstSeverity(advice, layer.name)])));
  }

  showLayer() {
    const { feed } = this.app;
    const layer = feed.layers[this.layerIndex];
    if (!layer) return;
    const statistics = feed.latest?.layers.find((one) => one.name === layer.name);
    this.facts.show([
      ["layerName", shortWord(layer.name, 80)],
      ["layerKind", shortWord(layerKind(layer.kind), 80)],
      ["layerShape", layer.shape.map((size) => texts.number(size)).join(" × ")],
      ["parameters", layer.shape.length > 0 ? texts.number(layer.shape.reduce((product, size) => product * size, 1)) : null],
      ["layerInputs", (layer.inputs ?? []).map((name) => shortWord(name, 30)).join(", ")],
      ["sampleSize", statistics?.parameters ? texts.number(statistics.parameters.count) : null],
      ["sampling", shortWord(layerSampling(layer.sampling), 400), "wide"],
    ]);
  }

  showLines() {
    const { feed, group } = this.app;
    const { layer } = this;
    const color = this.layerIndex;
    const line = (name, key, more) => feed.line(`layer/${layer}/${name}`, texts.get(key), color, group.mode, more);
    const set = (chart, lines) => chart.setLines(layer === null ? [] : lines.filter((entry) => entry !== null));
    const [ratio, parameters, updates] = this.ratio.panes;
    set(ratio.chart, [line("ratio", "ratio")]);
    set(parameters.chart, [line("parameters/meanMagnitude", "meanMagnitude")]);
    set(updates.chart, [line("updates/meanMagnitude", "meanMagnitude")]);
    set(this.activations.chart, [this.meanWithDeviation(layer, color)]);
    set(this.gradients.chart, [line("gradients/standardDeviation", "standardDeviation")]);
    const rate = feed.line("learningRate", texts.get("learningRate"), 0, group.mode);
    this.rate.chart.setLines(rate ? [rate] : []);
    if (feed.loaded && layer !== null) this.showCards(layer);
  }

  /** Leaves out the cards of what this layer does not have, such as the activations of a map. */
  showCards(layer) {
    const { series } = this.app.feed;
    const has = (kind) => series.names(`layer/${layer}/${kind}/`).length > 0;
    this.ratio.element.hidden = !this.ratio.offer(({ chart }) => chart.lines.length > 0);
    this.activations.element.hidden = !has("activations");
    this.gradients.element.hidden = this.gradients.chart.lines.length === 0;
    for (const kind of stripKinds) this.histograms[kind].element.hidden = !has(kind);
  }

  /** The mean of the activations with a band of two standard deviations to each side. */
  meanWithDeviation(layer, color) {
    const { feed, group } = this.app;
    const base = feed.line(`layer/${layer}/activations/mean`, texts.get("meanAndDeviation"), color, group.mode);
    if (!base) return null;
    const { column } = base;
    const deviation = feed.series.column(`layer/${layer}/activations/standardDeviation`).mean;
    return {
      ...base,
      column: {
        ...column,
        low: column.mean.map((mean, i) => mean - 2 * (deviation[i] ?? NaN)),
        high: column.mean.map((mean, i) => mean + 2 * (deviation[i] ?? NaN)),
      },
    };
  }

  showLatest() {
    const { feed } = this.app;
    const report = feed.latest;
    const statistics = report?.layers.find((one) => one.name === this.layer);
    for (const kind of stripKinds) {
      this.histograms[kind].panes[0].chart.setSummary(statistics?.[kind] ?? null, report?.iteration ?? 0);
      // The last report of a map has no update any more: the one before it is the latest.
      if (report && !statistics?.[kind]?.histogram) this.stripPaces[kind].request();
    }
    this.neighbors.show(report?.neighbors ?? []);
  }

  async loadStrip(kind) {
    const { layer } = this;
    if (layer === null) return;
    const answer = await this.app.feed.question("strip", { layer, kind });
    if (!answer || layer !== this.layer) return;
    const [latest, strip] = this.histograms[kind].panes;
    strip.chart.setData(answer, (iteration) => this.positionOf(iteration));
    const last = answer.histograms.length - 1;
    if (!latest.chart.summary?.histogram && last >= 0) latest.chart.setSummary({ histogram: answer.histograms[last] }, answer.iterations[last]);
  }

  /** Where an iteration lies on the horizontal axis. */
  positionOf(iteration) {
    const { feed, group } = this.app;
    if (group.mode !== "time") return iteration;
    const { iterations } = feed.series;
    const seconds = feed.positions("time");
    const next = lowerBound(iterations, iteration);
    if (next === 0 || next >= iterations.length) return seconds[Math.min(next, iterations.length - 1)] ?? 0;
    const share = (iteration - iterations[next - 1]) / (iterations[next] - iterations[next - 1]);
    return seconds[next - 1] + (seconds[next] - seconds[next - 1]) * share;
  }
}
