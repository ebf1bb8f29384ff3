// The overview: DL4J's four panels in DL4J's places.

import { Card } from "./card.js";
import { LineChart } from "./chart-line.js";
import { make } from "./dom.js";
import { FactsCard, OptionsList } from "./facts.js";
import { unitKeys } from "./header.js";
import { runName, texts } from "./texts.js";

const kinds = ["activations", "gradients", "updates"];
const kindTabs = { activations: "tabActivations", gradients: "tabGradients", updates: "tabUpdates" };
const kindMeanings = { activations: "meaningActivationsDeviation", gradients: "meaningGradientsDeviation", updates: "meaningUpdatesDeviation" };

/** A line that has a number at few reports, joined over those in between. */
function sparse(line) {
  if (line === null) return null;
  const { column } = line;
  const kept = line.iterations.map((_, i) => i).filter((i) => column.count[i] > 0 || column.nonFinite[i] > 0);
  const take = (values) => kept.map((i) => values[i]);
  const few = Object.fromEntries(Object.entries(column).map(([name, values]) => [name, take(values)]));
  return { ...line, x: take(line.x), iterations: take(line.iterations), column: few };
}

export class OverviewPage {
  static wants = ["advice"];
  static smooths = true;

  constructor(app, root) {
    this.app = app;
    const { group } = app;
    const context = () => [app.run ? runName(app.run) : ""];
    const score = new LineChart({ key: "score", group, label: () => texts.get("scoreTitle"), emptyText: "noScore" });
    this.score = new Card({
      title: "scoreTitle", tall: true, context, className: "area-score",
      panes: [{ id: "score", chart: score, meaning: "meaningScore", advice: ["score"] }],
    });
    this.options = new OptionsList();
    this.facts = new FactsCard("modelTitle", "area-facts", [this.options.element]);
    const ratio = new LineChart({ key: "ratio", group, log: true, label: () => texts.get("ratioTitle"), emptyText: "noLayers" });
    this.ratio = new Card({
      title: "ratioTitle", context, className: "area-ratio",
      panes: [{ id: "ratio", chart: ratio, meaning: "meaningRatio", bounds: true, advice: ["ratio"] }],
    });
    this.deviations = new Card({
      title: "deviationTitle", context, className: "area-deviation",
      panes: kinds.map((kind) => ({
        id: kind, tab: kindTabs[kind], meaning: kindMeanings[kind], bounds: kind === "activations", advice: [kind],
        chart: new LineChart({
          key: `deviation-${kind}`, group, log: true, emptyText: "noLayers",
          label: () => `${texts.get("deviationTitle")}, ${texts.get(kindTabs[kind])}`,
        }),
      })),
    });
    const figures = (key, title) =>
      new LineChart({ key, group, emptyText: "noFigures", label: () => texts.get(title) });
    this.figures = new Card({
      title: "figuresTitle", context, className: "area-figures",
      panes: [
        { id: "validation", tab: "tabValidation", chart: figures("validation", "tabValidation"), meaning: "meaningValidation" },
        { id: "figures", tab: "tabFigures", chart: figures("figures", "tabFigures"), meaning: "meaningFigures" },
      ],
    });
    this.figures.element.hidden = true;
    this.cards = [this.score, this.ratio, this.deviations, this.figures];
    const grid = make("div", "grid overview");
    grid.append(
      this.score.element, this.facts.element, this.ratio.element, this.deviations.element, this.figures.element,
    );
    root.append(grid);
    this.refresh();
  }

  close() {
    for (const card of this.cards) card.close();
  }

  refresh() {
    for (const card of this.cards) card.refresh();
    this.update("series");
    this.update("advice");
  }

  update(what) {
    const { feed } = this.app;
    if (what === "advice") for (const card of this.cards) card.setAdvice(feed.advice);
    if (what !== "series" && what !== "info" && what !== "runs") return;
    this.showFacts();
    if (what === "runs") return;
    const mode = this.app.group.mode;
    this.score.setTitle(mode === "time" ? "scoreTimeTitle" : "scoreTitle");
    const line = (name, label, color) => feed.line(name, label, color, mode);
    const lines = (list) => list.filter((entry) => entry !== null);
    const scoreName = texts.get(feed.info?.model?.modelClass === "BarnesHutTsne" ? "divergence" : "score");
    this.score.chart.setLines(lines([line("score", scoreName, 0)]));
    const { layers } = feed;
    this.ratio.chart.setLines(lines(layers.map((layer, i) => line(`layer/${layer.name}/ratio`, layer.name, i))));
    for (const { id, chart } of this.deviations.panes) {
      chart.emptyText = layers.length > 0 && id === "activations" ? "noActivations" : "noLayers";
      chart.setLines(lines(layers.map((layer, i) => line(`layer/${layer.name}/${id}/standardDeviation`, layer.name, i))));
    }
    this.showFigures(lines, line);
    if (feed.loaded) this.deviations.offer(({ chart }) => chart.lines.length > 0);
  }

  /** What the model was measured by after each epoch, if it was. */
  showFigures(lines, line) {
    const { series } = this.app.feed;
    const names = series.names("figure/");
    const isMeasured = names.length > 0 || series.has("validationLoss");
    this.figures.element.hidden = !isMeasured;
    if (!isMeasured) return;
    const [validation, figures] = this.figures.panes;
    const losses = lines([sparse(line("validationLoss", texts.get("tabValidation"), 0))]);
    if (losses.length > 0) losses.push(...lines([line("score", texts.get("trainingLoss"), 1)]));
    validation.chart.setLines(losses);
    const label = (name) => shortWord(name.split("/").slice(2).join("/"), 40);
    figures.chart.setLines(lines(names.map((name, i) => sparse(line(name, label(name), i)))));
    this.figures.offer(({ chart }) => chart.lines.length > 0);
  }

  tick() {
    this.showFacts();
  }

  showFacts() {
    const { feed, run } = this.app;
    const { series, info } = feed;
    const model = info?.model;
    const last = (name) => series.lastValue(name);
    const rate = (name) => (last(name) === null ? null : texts.get("each", { rate: texts.compact(last(name)) }));
    const lastTime = series.timestamps.at(-1) ?? null;
    const unit = unitKeys[model?.unit] ? texts.get(unitKeys[model.unit]) : shortWord(model?.unit ?? "", 20);
    const parameters = model?.layers.reduce((sum, layer) => sum + layer.shape.reduce((product, size) => product * size, 1), 0);
    this.facts.show([
      ["modelClass", model ? shortWord(model.modelClass, 60) : run?.modelClass],
      ["layers", model?.layers.length ? model.layers.map((layer) => shortWord(layer.name, 30)).join(", ") : null],
      ["parameters", parameters ? texts.number(parameters) : null],
      ["threads", model?.threads ? texts.number(model.threads) : null],
      ["startTime", feed.startTime ? texts.moment(feed.startTime) : null],
      ["runTime", last("elapsedSeconds") === null ? null : texts.duration(last("elapsedSeconds"))],
      ["lastUpdate", lastTime ? texts.ago(feed.now - lastTime) : null],
      ["iteration", series.iteration === null ? null : texts.number(series.iteration)],
      ["epoch", last("epoch") === null ? null : texts.number(Math.round(last("epoch")))],
      ["score", last("score") === null ? null : texts.value(last("score"))],
      ["learningRate", last("learningRate") === null ? null : texts.value(last("learningRate"))],
      ["updatesTotal", series.updates ? [texts.number(series.updates), this.updatesRate()].filter(Boolean).join(" · ") : null],
      ["examplesRate", rate("examplesPerSecond")],
      ["minibatchesRate", rate("minibatchesPerSecond")],
      ["unitsRate", last("unitsPerSecond") === null ? null : texts.get("perSecond", { rate: texts.compact(last("unitsPerSecond")), unit })],
    ]);
    this.options.show(model?.configuration, feed.metadata?.command ?? null);
  }

  /** Reports a second over the last half minute of the run. */
  updatesRate() {
    const { series } = this.app.feed;
    const { timestamps, last } = series;
    const end = timestamps.length - 1;
    if (end < 1) return null;
    let start = end;
    while (start > 0 && timestamps[end] - timestamps[start] < 30_000) start--;
    const seconds = (timestamps[end] - timestamps[start]) / 1000;
    return seconds > 0 ? texts.get("each", { rate: texts.value((last[end] - last[start]) / seconds, 2) }) : null;
  }
}
