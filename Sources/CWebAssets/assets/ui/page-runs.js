// All runs: a table, their scores in one chart, new names, removal.

import { ask, sourceQuery, tell } from "./api.js";
import { Card } from "./card.js";
import { LineChart } from "./chart-line.js";
import { make, makeIconButton, makeName, makeTableHead, makeText, replaceRows } from "./dom.js";
import { Series } from "./series.js";
import { runName, tabMemory, texts } from "./texts.js";

const stateKeys = { running: "stateRunning", finished: "stateFinished", silent: "stateSilent" };
const columns = [
  ["overlay", ""], ["run", ""], ["state", ""], ["modelClass", ""], ["progress", "number"], ["score", "number"],
  ["updatesTotal", "number"], ["startTime", ""], ["storage", ""], ["actions", ""],
];

export class RunsPage {
  static wants = [];
  static smooths = true;
  static needsNoRun = true;
  static isOfAllRuns = true;

  constructor(app, root) {
    this.app = app;
    /** Session → what is drawn of it. */
    this.drawn = new Map();
    this.colors = new Map();
    const chosen = JSON.parse(tabMemory.get("overlay") ?? "null");
    this.chosen = new Set(Array.isArray(chosen) ? chosen : app.source ? [app.source.session] : []);
    const { group } = app;
    this.overlay = new Card({
      title: "overlayTitle", tall: true, context: () => ["runs"],
      panes: [{ id: "overlay", meaning: "meaningOverlay", advice: [], chart: new LineChart({ key: "overlay", group, label: () => texts.get("overlayTitle"), emptyText: "noRunChosen" }) }],
    });
    root.append(this.overlay.element, this.makeTable());
    this.dialogs = new RunDialogs(root, (problem) => {
      this.showProblem(problem);
      app.changed("runs");
    });
    this.refresh();
  }

  makeTable() {
    const card = make("section", "card");
    const head = make("div", "card-head");
    head.append(makeText("h2", "", "sessionsTitle"));
    const scroll = make("div", "table-scroll");
    const table = make("table", "runs");
    const thead = makeTableHead(columns);
    this.rows = make("tbody");
    table.append(thead, this.rows);
    scroll.append(table);
    this.problem = make("p", "banner");
    this.problem.setAttribute("role", "alert");
    this.problem.hidden = true;
    this.none = makeText("p", "note", "noRuns");
    card.append(head, this.problem, scroll, this.none);
    return card;
  }

  close() {
    this.overlay.close();
    this.dialogs.close();
  }

  refresh() {
    this.overlay.refresh();
    this.update("runs");
    this.draw();
  }

  showProblem(problem) {
    this.problem.hidden = !problem;
    this.problem.textContent = problem ? texts.get("problem", { reason: problem }) : "";
  }

  update(what) {
    if (what !== "runs" && what !== "series") return;
    this.showTable();
    this.load();
  }

  /** Runs keep their colour as long as the page is open. */
  color(session) {
    if (!this.colors.has(session)) this.colors.set(session, this.colors.size);
    return this.colors.get(session);
  }

  /** Asks for the scores of chosen runs that have gone on since the last time. */
  async load() {
    const { runs } = this.app;
    await Promise.all(runs.filter((run) => this.chosen.has(run.session)).map(async (run) => {
      const entry = this.drawn.get(run.session);
      const source = this.app.sourceOf(run.session);
      if (!source || entry?.updates === run.updates || entry?.busy) return;
      this.drawn.set(run.session, { ...entry, busy: true });
      try {
        const series = new Series();
        series.load(await ask("series", sourceQuery(source, { name: "score" })));
        this.drawn.set(run.session, { series, start: run.start, updates: run.updates });
      } catch {
        this.drawn.set(run.session, { ...entry, busy: false });
      }
    }));
    this.draw();
  }

  draw() {
    const { runs, group } = this.app;
    const lines = [];
    for (const run of runs.toReversed()) {
      const entry = this.drawn.get(run.session);
      if (!this.chosen.has(run.session) || !entry?.series) continue;
      const { series } = entry;
      const x = group.mode === "time" ? series.seconds(entry.start ?? undefined) : series.iterations;
      lines.push({ id: run.session, label: runName(run), color: this.color(run.session), x, iterations: series.iterations, column: series.column("score") });
    }
    this.overlay.chart.setLines(lines);
  }

  showTable() {
    const { runs, source } = this.app;
    this.none.hidden = runs.length > 0;
    const signature = JSON.stringify([texts.language, runs, source?.session, [...this.chosen]]);
    const focused = document.activeElement?.dataset?.focus;
    if (replaceRows(this.rows, () => runs.map((run) => this.makeRow(run)), signature) && focused) {
      [...this.rows.querySelectorAll("[data-focus]")].find((element) => element.dataset.focus === focused)?.focus();
    }
    texts.fill(this.rows);
  }

  makeRow(run) {
    const { app } = this;
    const row = make("tr");
    row.classList.toggle("current", run.session === app.source?.session);
    const box = make("input");
    box.type = "checkbox";
    box.checked = this.chosen.has(run.session);
    box.dataset.focus = `overlay ${run.session}`;
    box.setAttribute("aria-label", texts.get("overlayRun", { name: shortWord(runName(run), 60) }));
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.add(run.session);
      else this.chosen.delete(run.session);
      tabMemory.set("overlay", JSON.stringify([...this.chosen]));
      this.update("runs");
    });
    const open = make("button", "link");
    open.type = "button";
    open.dataset.focus = `open ${run.session}`;
    open.append(makeName(runName(run), "name", 60));
    open.title = shortWord(run.session, 120);
    open.addEventListener("click", () => this.open(run));
    const state = make("span", "chip", texts.get(stateKeys[run.state] ?? "stateSilent"));
    state.dataset.state = run.state;
    const rename = makeIconButton("rename", "rename", () => this.dialogs.rename(run));
    const remove = makeIconButton("delete", "remove", () => this.dialogs.remove(run));
    rename.dataset.focus = `rename ${run.session}`;
    remove.dataset.focus = `remove ${run.session}`;
    const actions = make("span", "row-actions");
    actions.append(rename, remove);
    const score = typeof run.score === "number" ? texts.value(run.score) : run.score ?? "–";
    const cells = [
      box, open, state, shortWord(run.modelClass ?? "", 40), texts.percent(run.fraction, run.fraction < 1 ? 1 : 0), score,
      texts.number(run.updates), texts.moment(run.start), shortWord(run.storage ?? "", 60), actions,
    ];
    cells.forEach((content, i) => {
      const cell = make("td", columns[i][1]);
      cell.append(content);
      row.append(cell);
    });
    if (typeof run.score === "string") row.cells[5].classList.add("bad");
    return row;
  }

  /** Shows a run on the overview. */
  open(run) {
    const source = this.app.sourceOf(run.session);
    if (!source) return;
    this.app.source = source;
    location.href = `/train/overview?${this.app.query}`;
  }
}

/** Asks for a new name, and whether a run may go. */
class RunDialogs {
  constructor(root, done) {
    this.done = done;
    this.dialog = make("dialog", "ask");
    this.dialog.setAttribute("aria-labelledby", "ask-title");
    root.append(this.dialog);
  }

  close() {
    this.dialog.remove();
  }

  open(title, content, button, className, action) {
    const heading = make("h2", "", title);
    heading.id = "ask-title";
    const form = make("form");
    const buttons = make("div", "buttons");
    const confirm = make("button", `plain ${className}`, button);
    confirm.type = "submit";
    const cancel = make("button", "plain", texts.get("cancel"));
    cancel.type = "button";
    cancel.addEventListener("click", () => this.dialog.close());
    buttons.append(cancel, confirm);
    form.append(heading, ...content, buttons);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.dialog.close();
      try {
        await action();
        this.done(null);
      } catch (error) {
        this.done(error.message);
      }
    });
    this.dialog.replaceChildren(form);
    this.dialog.showModal();
  }

  rename(run) {
    const label = make("label", "field");
    const input = make("input");
    input.type = "text";
    input.maxLength = 200;
    input.value = runName(run);
    input.required = true;
    label.append(make("span", "", texts.get("newName")), input);
    this.open(texts.get("renameTitle"), [label], texts.get("rename"), "first", () => tell("rename", { session: run.session, name: input.value.trim() }));
    input.select();
  }

  remove(run) {
    const name = make("p", "asked");
    name.append(makeName(runName(run)));
    const what = make("p", "note", texts.get("removeWhat", { updates: texts.number(run.updates), storage: shortWord(run.storage ?? "", 60) }));
    this.open(texts.get("removeTitle"), [name, what], texts.get("remove"), "danger", () => tell("remove", { session: run.session }));
  }
}
