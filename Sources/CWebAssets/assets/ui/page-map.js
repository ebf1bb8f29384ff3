// The map page: the map while it is optimised, its divergence and gradient, and maps out of files.

import { adviceItems } from "./advice.js";
import { Card } from "./card.js";
import { LineChart } from "./chart-line.js";
import { fileName, saveBlob } from "./chart-save.js";
import { make, makeIconButton, makeMenu, makeName, makeText, replaceRows } from "./dom.js";
import { FactsCard } from "./facts.js";
import { readMap } from "./map-csv.js";
import { MapPoints, toWorld, unpackMap } from "./map-data.js";
import { MapPlayer } from "./map-player.js";
import { mapPicture, mapTable } from "./map-save.js";
import { MapView, loadPlotParts } from "./map-view.js";
import { runName, texts } from "./texts.js";

/** Files beyond this would take the page down. */
const fileLimit = 300e6;

export class MapPage {
  static wants = ["maps", "advice"];
  static smooths = true;
  static needsNoRun = true;
  /** The crosshair stands at the iteration of a map. */
  static axis = "iteration";

  constructor(app, root) {
    this.app = app;
    this.view = null;
    this.file = null;
    this.cache = new Map();
    this.wanted = 0;
    this.player = new MapPlayer((map, milliseconds) => this.showMap(map, milliseconds));
    const { group } = app;
    const context = () => [app.run ? runName(app.run) : ""];
    const score = new LineChart({ key: "divergence", group, label: () => texts.get("divergenceTitle"), emptyText: "noScore" });
    const gradient = new LineChart({ key: "gradient-norm", group, log: true, label: () => texts.get("gradientNormTitle"), emptyText: "noGradientNorm" });
    this.score = new Card({ title: "divergenceTitle", context, panes: [{ id: "score", chart: score, meaning: "meaningDivergence", advice: ["score"] }] });
    this.gradient = new Card({ title: "gradientNormTitle", context, panes: [{ id: "gradient", chart: gradient, meaning: "meaningGradientNorm", advice: ["gradients"] }] });
    this.cards = [this.score, this.gradient];
    this.facts = new FactsCard("mapFacts");
    this.side = make("div", "side");
    this.side.append(this.score.element, this.gradient.element, this.facts.element);
    const grid = make("div", "map-page");
    grid.append(this.makeMapCard(), this.side);
    root.append(grid);
    group.onPick = (iteration) => !this.file && this.player.goToIteration(iteration);
    this.drop = this.makeDrop();
    this.refresh();
  }

  makeMapCard() {
    const card = make("section", "card map-card");
    const head = make("div", "card-head");
    this.title = make("h2");
    this.note = make("p", "map-note note");
    const tools = make("div", "card-tools");
    this.input = make("input");
    this.input.type = "file";
    this.input.accept = ".csv,text/csv";
    this.input.hidden = true;
    this.input.addEventListener("change", () => {
      const [file] = this.input.files;
      if (file) this.openFile(file);
      this.input.value = "";
    });
    this.closeFile = makeIconButton("close", "closeFile", () => this.leaveFile());
    this.fitButton = makeIconButton("fit", "fit", () => this.view?.fit());
    this.labelsButton = makeIconButton("labels", "mapLabels", () => {
      if (this.view) this.labelsButton.setAttribute("aria-pressed", String(this.view.toggleLabels()));
    });
    this.labelsButton.setAttribute("aria-pressed", "true");
    this.saveMenu = makeMenu("save", "save", [["savePicture", () => this.savePicture()], ["saveTable", () => this.saveTable()]]);
    tools.append(
      this.closeFile, this.fitButton, this.labelsButton,
      makeIconButton("open", "openFile", () => this.input.click()), this.saveMenu, this.input);
    head.append(this.title, this.note, tools);
    this.problem = make("p", "banner");
    this.problem.setAttribute("role", "alert");
    this.problem.hidden = true;
    this.stage = make("div", "map-stage");
    this.empty = make("div", "plot-empty");
    this.emptyText = make("p");
    const open = make("button", "plain");
    open.type = "button";
    open.dataset.text = "openFile";
    open.addEventListener("click", () => this.input.click());
    this.others = make("div", "other-maps");
    this.empty.append(this.emptyText, this.others, open, makeText("p", "note", "dropHint"));
    this.stage.append(this.empty);
    this.advice = make("ul", "advice");
    const meaning = make("details", "meaning");
    meaning.append(makeText("summary", "", "meaning"), makeText("p", "", "meaningMap"));
    card.append(head, this.problem, this.stage, this.player.element, this.advice, meaning);
    return card;
  }

  /** Files may be dropped anywhere on the page. */
  makeDrop() {
    const over = (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      this.stage.classList.toggle("dropping", event.type === "dragover");
    };
    const drop = (event) => {
      over(event);
      this.stage.classList.remove("dropping");
      const [file] = event.dataTransfer.files;
      if (file) this.openFile(file);
    };
    const handlers = { dragover: over, dragleave: over, drop };
    for (const [name, handler] of Object.entries(handlers)) addEventListener(name, handler);
    return handlers;
  }

  close() {
    for (const [name, handler] of Object.entries(this.drop)) removeEventListener(name, handler);
    for (const card of this.cards) card.close();
    this.player.close();
    this.view?.close();
    this.closed = true;
  }

  refresh() {
    for (const card of this.cards) card.refresh();
    this.player.refresh();
    this.view?.refresh();
    for (const what of ["series", "advice", "maps", "runs"]) this.update(what);
    this.showTitle();
  }

  update(what) {
    const { feed, group } = this.app;
    if (what === "advice") {
      for (const card of this.cards) card.setAdvice(this.isMapRun ? feed.advice : []);
      adviceItems(this.advice, feed.advice.filter((item) => item.chart === "map"));
    }
    if (what === "series" || what === "info") {
      const isMap = this.isMapRun;
      this.score.chart.emptyText = isMap ? "noScore" : "noMapRun";
      const lines = (name, key) => [isMap ? feed.line(name, texts.get(key), 0, group.mode) : null].filter((line) => line !== null);
      this.score.chart.setLines(lines("score", "divergence"));
      this.gradient.chart.setLines(lines("gradientNorm", "gradientNorm"));
      this.showFacts();
    }
    if (what === "maps") this.player.setMaps([...feed.maps]);
    if (what === "runs") this.showOthers();
    if (what === "info") this.labels = null;
    this.showEmpty();
  }

  get isMapRun() {
    const { feed, run } = this.app;
    return run?.hasMap || feed.maps.length > 0 || feed.info?.model?.modelClass === "BarnesHutTsne";
  }

  showEmpty() {
    this.empty.hidden = this.view !== null;
    this.emptyText.textContent = texts.get(this.app.source ? "noMap" : "noRunNoMap");
    this.side.hidden = this.file !== null || !this.app.source || !this.isMapRun;
    this.player.element.hidden = this.file !== null || this.player.maps.length === 0;
    this.closeFile.hidden = this.file === null;
    this.fitButton.hidden = this.view === null;
    this.labelsButton.hidden = this.view === null;
    this.saveMenu.hidden = this.view === null;
  }

  /** Sessions that have a map, where this one has none. */
  showOthers() {
    const runs = this.app.runs.filter((run) => run.hasMap && run.session !== this.app.source?.session).slice(0, 5);
    this.others.hidden = runs.length === 0 || this.isMapRun;
    replaceRows(this.others, () => [make("span", "", texts.get("otherMaps")), ...runs.map((run) => {
      const button = make("button", "link");
      button.type = "button";
      button.append(makeName(runName(run), "name", 60));
      button.addEventListener("click", () => this.app.chooseRun(run.session));
      return button;
    })], JSON.stringify([texts.language, runs.map((run) => [run.session, runName(run)])]));
  }

  showTitle() {
    this.title.textContent = this.file ? shortWord(this.file.name, 60) : texts.get("mapTitle");
    const count = this.view?.data.count;
    this.note.textContent = count === undefined ? "" : texts.get("mapPoints", { count: texts.number(count) });
  }

  showFacts() {
    const { series } = this.app.feed;
    const last = (name) => series.lastValue(name);
    const number = (value) => (value === null ? null : texts.value(value));
    this.facts.show([
      ["iteration", series.iteration === null ? null : texts.number(series.iteration)],
      ["divergence", number(last("score"))], ["gradientNorm", number(last("gradientNorm"))],
      ["learningRate", number(last("learningRate"))],
      ["mapSide", this.mapSide === undefined ? null : texts.value(this.mapSide, 3)],
    ]);
  }

  // Maps of the run

  async showMap(map, milliseconds) {
    if (this.file) return;
    const turn = ++this.wanted;
    try {
      const { feed } = this.app;
      const [snapshot] = await Promise.all([this.load(map.sequence), this.loadLabels(), loadPlotParts()]);
      if (turn !== this.wanted || this.closed || this.file || !snapshot) return;
      const { places, side } = snapshot;
      const [count, dimensions] = [places[0].length, places.length];
      const isNew = this.view?.data.count !== count || this.view.data.dimensions !== dimensions;
      if (isNew) {
        const labels = Array.from({ length: count }, (_, i) => this.labels[i] ?? String(i + 1));
        const points = new MapPoints(dimensions, labels);
        points.set(places);
        this.setView(new MapView(points, true));
      } else {
        this.view.moveTo(places, milliseconds);
      }
      this.mapSide = side;
      this.showFacts();
      if (!feed.series.length) return;
      this.app.group.setCursor(this.player.following ? null : map.iteration);
    } catch (error) {
      this.showProblem(error.message);
    }
  }

  async load(sequence) {
    if (!this.cache.has(sequence)) {
      const answer = await this.app.feed.question("map", { sequence });
      if (!answer) return null;
      if (this.cache.size >= 64) this.cache.delete(this.cache.keys().next().value);
      this.cache.set(sequence, unpackMap(answer));
    }
    return this.cache.get(sequence);
  }

  async loadLabels() {
    this.labels ??= (await this.app.feed.question("labels"))?.labels ?? [];
  }

  setView(view) {
    this.view?.close();
    this.view?.element.remove();
    this.view = view;
    if (view) {
      this.stage.append(view.element);
      this.labelsButton.setAttribute("aria-pressed", "true");
      view.refresh();
    }
    this.showTitle();
    this.showEmpty();
  }

  // Maps out of files

  async openFile(file) {
    this.showProblem(null);
    try {
      if (file.size > fileLimit) throw new Error(texts.get("fileTooLarge", { size: texts.bytes(fileLimit) }));
      await loadPlotParts();
      const { labels, columns, counts } = readMap(await file.text());
      const points = new MapPoints(columns.length, labels, counts);
      const places = toWorld(columns);
      points.set(places);
      points.extent = places.map((values) => {
        let largest = 0;
        for (const value of values) largest = Math.max(largest, Math.abs(value));
        return largest;
      });
      this.player.pause();
      this.file = file;
      this.setView(new MapView(points, false));
    } catch (error) {
      this.showProblem(texts.get("fileProblem", { name: shortWord(file.name, 60), reason: error.message }));
    }
  }

  /** Back to the run's map. */
  leaveFile() {
    this.file = null;
    this.showProblem(null);
    this.setView(null);
    this.player.at = -1;
    this.player.shown = undefined;
    this.player.following = true;
    this.update("maps");
  }

  /** Words for the names of saved files. */
  words() {
    const { run } = this.app;
    if (this.file) return [this.file.name.replace(/\.csv$/i, "")];
    const map = this.player.maps[this.player.at];
    return [run ? runName(run) : "", texts.get("mapTitle"), map && !this.player.following ? String(map.iteration) : ""];
  }

  savePicture() {
    mapPicture(this.view).toBlob((blob) => blob && saveBlob(blob, fileName(this.words(), "png")), "image/png");
  }

  saveTable() {
    const table = mapTable(this.view.data, this.file ? undefined : this.mapSide);
    saveBlob(new Blob([table], { type: "text/csv;charset=utf-8" }), fileName(this.words(), "csv"));
  }

  showProblem(problem) {
    this.problem.hidden = !problem;
    this.problem.textContent = problem ?? "";
  }
}
