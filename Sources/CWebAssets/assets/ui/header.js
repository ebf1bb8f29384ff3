// The page's head: pages, run and worker, connection, language, theme, and the strip with the run's progress.

import { byId, make } from "./dom.js";
import { runName, tabMemory, texts } from "./texts.js";

const stateKeys = { running: "stateRunning", finished: "stateFinished", silent: "stateSilent" };
const connectionKeys = { connecting: "connecting", connected: "connected", reconnecting: "reconnecting" };

export class Header {
  constructor(app) {
    this.app = app;
    byId("language").addEventListener("click", () => app.switchLanguage());
    byId("theme").addEventListener("click", () => theme.toggle());
    byId("help-button").addEventListener("click", () => byId("help").showModal());
    byId("help-close").addEventListener("click", () => byId("help").close());
    byId("help").addEventListener("click", (event) => event.target === byId("help") && byId("help").close());
    byId("run").addEventListener("change", (event) => app.chooseRun(event.target.value));
    byId("worker").addEventListener("change", (event) => app.chooseWorker(JSON.parse(event.target.value)));
    const slider = byId("smoothing");
    slider.value = app.group.smoothing;
    slider.addEventListener("input", () => {
      app.group.setSmoothing(Number(slider.value));
      tabMemory.set("smoothing", slider.value);
      this.showSmoothing();
    });
    for (const button of byId("axis-choice").children) {
      button.addEventListener("click", () => {
        app.group.setMode(button.dataset.mode);
        tabMemory.set("axis", button.dataset.mode);
        this.showAxis();
        app.page.update("series");
      });
    }
    for (const link of document.querySelectorAll("#pages a")) {
      if (link.dataset.page === app.pageName) link.setAttribute("aria-current", "page");
    }
    document.addEventListener("pointerdown", (event) => {
      for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      const open = event.key === "Escape" && document.querySelector("details.menu[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    });
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      byId("page").focus();
    });
    byId("page").setAttribute("tabindex", "-1");
  }

  refresh() {
    this.showLinks();
    this.showRuns();
    this.showConnection();
    this.showStrip();
    this.showSmoothing();
    this.showAxis();
  }

  /** What the charts' horizontal axis shows. */
  showAxis() {
    for (const button of byId("axis-choice").children) {
      const chosen = button.dataset.mode === this.app.group.mode;
      button.setAttribute("aria-pressed", String(chosen));
      button.classList.toggle("chosen", chosen);
    }
  }

  /** Links keep the tab's run and language. */
  showLinks() {
    for (const link of document.querySelectorAll("#pages a, #home")) {
      link.search = this.app.query.toString();
    }
  }

  showRuns() {
    const { app } = this;
    const current = app.source?.session ?? "";
    const select = byId("run");
    byId("run-choice").hidden = app.runs.length === 0;
    fillSelect(select, app.runs.map((run) => [run.session, shortWord(runName(run), 60)]), current);
    const run = app.run;
    const workers = run?.workers ?? [];
    byId("worker-choice").hidden = workers.length < 2;
    const value = (worker) => JSON.stringify([worker.type, worker.worker]);
    const types = new Set(workers.map((worker) => worker.type));
    const name = (worker) => shortWord(types.size > 1 ? `${worker.worker} (${worker.type})` : worker.worker, 40);
    const chosen = app.source ? JSON.stringify([app.source.type, app.source.worker]) : "";
    fillSelect(byId("worker"), workers.map((worker) => [value(worker), name(worker)]), chosen);
  }

  showConnection() {
    const { feed, run } = this.app;
    const pill = byId("connection");
    const state = feed?.state ?? "connecting";
    pill.dataset.state = state;
    setText(byId("connection-text"), texts.get(connectionKeys[state]));
    const last = feed?.series.timestamps.at(-1) ?? run?.lastUpdate;
    const age = byId("connection-age");
    if (last && feed) {
      setText(age, texts.ago(feed.now - last));
      age.title = texts.get("lastUpdateAt", { time: texts.moment(last) });
    } else {
      setText(age, "");
    }
  }

  showStrip() {
    const { app } = this;
    const { run, feed } = app;
    const isOfRun = !app.page.constructor.isOfAllRuns;
    byId("strip").hidden = isOfRun && !run;
    for (const id of ["run-state", "progress"]) byId(id).hidden = !isOfRun;
    if (!isOfRun) return this.showAllRuns();
    document.title = texts.get(app.pageName);
    if (!run) return;
    const name = runName(run);
    setText(byId("run-name"), shortWord(name, 80));
    byId("run-name").title = shortWord(run.session, 120);
    document.title = `${shortWord(name, 60)} · ${texts.get(app.pageName)}`;
    const state = feed.isLast ? "finished" : run.state;
    const chip = byId("run-state");
    chip.dataset.state = state;
    setText(chip, texts.get(stateKeys[state] ?? "stateSilent"));
    const progress = feed.progress;
    const fraction = progress?.fraction ?? run.fraction ?? 0;
    const bar = byId("progress");
    bar.firstElementChild.style.transform = `scaleX(${fraction})`;
    bar.dataset.state = state;
    bar.setAttribute("aria-valuenow", String(Math.round(100 * fraction)));
    const facts = [texts.percent(fraction, fraction < 1 ? 1 : 0)];
    if (progress) {
      const unit = feed.info?.model?.unit ?? "";
      const unitText = unitKeys[unit] ? texts.get(unitKeys[unit]) : shortWord(unit, 20);
      facts.push(texts.get("doneOf", { done: texts.compact(progress.done), total: texts.compact(progress.total), unit: unitText }));
      if (state === "running" && progress.rate > 0) facts.push(texts.get("perSecond", { rate: texts.compact(progress.rate), unit: unitText }));
      if (state === "running" && progress.left > 0) facts.push(texts.get("timeLeft", { time: texts.duration(progress.left) }));
    }
    const elapsed = feed.series.lastValue("elapsedSeconds");
    if (state !== "running" && elapsed !== null) facts.push(texts.get("tookTime", { time: texts.duration(elapsed) }));
    this.showFacts(facts);
  }

  showFacts(facts) {
    const line = byId("run-facts");
    if (line.dataset.signature === facts.join()) return;
    line.dataset.signature = facts.join();
    line.replaceChildren(...facts.map((fact) => make("span", "fact", fact)));
  }

  /** The strip of a page that is about all runs. */
  showAllRuns() {
    const { runs } = this.app;
    setText(byId("run-name"), texts.get("runs"));
    byId("run-name").title = "";
    document.title = texts.get("runs");
    const running = runs.filter((run) => run.state === "running").length;
    this.showFacts([texts.get("runsCount", { count: texts.number(runs.length) }), texts.get("runsRunning", { count: texts.number(running) })]);
  }

  showSmoothing() {
    setText(byId("smoothing-value"), texts.number(this.app.group.smoothing, 2));
  }
}

/** Units that the trainers of this project count in; those of others are shown as they are. */
export const unitKeys = { words: "unitWords", iterations: "unitIterations" };

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function fillSelect(select, options, value) {
  const signature = JSON.stringify(options);
  if (select.dataset.signature !== signature) {
    select.dataset.signature = signature;
    select.replaceChildren(...options.map(([value, text]) => {
      const option = make("option", "", text);
      option.value = value;
      return option;
    }));
  }
  if (select.value !== value) select.value = value;
}
