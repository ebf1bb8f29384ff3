// Puts the page together: which run is looked at, its feed, the header and the page itself.

import { ask } from "./api.js";
import { ChartGroup } from "./chart-group.js";
import { byId, make, makeText } from "./dom.js";
import { Feed } from "./feed.js";
import { Header } from "./header.js";
import { MapPage } from "./page-map.js";
import { ModelPage } from "./page-model.js";
import { OverviewPage } from "./page-overview.js";
import { RunsPage } from "./page-runs.js";
import { SystemPage } from "./page-system.js";
import { tabMemory, texts } from "./texts.js";

const pages = { overview: OverviewPage, model: ModelPage, system: SystemPage, runs: RunsPage, tsne: MapPage };

class App {
  constructor() {
    this.pageName = Object.hasOwn(pages, document.documentElement.dataset.page) ? document.documentElement.dataset.page : "overview";
    this.runs = [];
    this.source = null;
    this.feed = null;
    this.page = null;
    this.ready = false;
    const smoothing = Number.parseFloat(tabMemory.get("smoothing") ?? "");
    const kind = pages[this.pageName];
    const wish = tabMemory.get("axis");
    const mode = kind.axis ?? (wish === "time" || wish === "iteration" ? wish : kind.usualAxis ?? "iteration");
    this.group = new ChartGroup({ mode, smoothing: smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0 });
    this.header = new Header(this);
    texts.fill();
  }

  /** The tab's choices as they stand in the address. */
  get query() {
    const query = new URLSearchParams();
    if (this.source) for (const name of ["session", "type", "worker"]) query.set(name, this.source[name]);
    query.set("lang", texts.language);
    return query;
  }

  get run() {
    return this.runs.find((run) => run.session === this.source?.session) ?? null;
  }

  async start() {
    try {
      await this.loadRuns();
    } catch {
      // The stream below tries again and again; the list of runs comes with it.
    }
    this.use(this.firstSource());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.feed.stop();
      else this.feed.start();
    });
    setInterval(() => !document.hidden && this.tick(), 1000);
    this.ready = true;
  }

  async loadRuns() {
    const { runs, now } = await ask("runs");
    this.runs = runs;
    if (this.feed) this.feed.clockOffset = now - Date.now();
  }

  /** What the address says, else what this tab showed last, else the newest run. */
  firstSource() {
    const query = new URLSearchParams(location.search);
    const read = (get) => ({ session: get("session"), type: get("type"), worker: get("worker") });
    for (const wish of [read((name) => query.get(name)), read((name) => tabMemory.get(name))]) {
      const found = this.sourceOf(wish.session, wish.type, wish.worker);
      if (found) return found;
    }
    return this.runs.length > 0 ? this.sourceOf(this.runs[0].session) : null;
  }

  /** The source of a session: the wished worker, else the one with the most updates. */
  sourceOf(session, type, worker) {
    const run = this.runs.find((run) => run.session === session);
    if (!run) return null;
    const exact = run.workers.find((one) => one.type === type && one.worker === worker);
    const chosen = exact ?? run.workers.toSorted((a, b) => b.updates - a.updates)[0];
    return chosen ? { session, type: chosen.type, worker: chosen.worker } : null;
  }

  chooseRun(session) {
    this.use(this.sourceOf(session));
  }

  chooseWorker([type, worker]) {
    this.use({ session: this.source.session, type, worker });
  }

  /** Follows a source and builds the page for it. */
  use(source) {
    this.feed?.stop();
    this.page?.close();
    this.source = source;
    if (source) for (const name of ["session", "type", "worker"]) tabMemory.set(name, source[name]);
    this.group.range = null;
    this.group.cursor = null;
    this.group.onPick = null;
    const kind = pages[this.pageName];
    this.feed = new Feed(source, (what) => this.changed(what), kind.wants);
    this.writeAddress();
    const root = byId("page");
    root.replaceChildren();
    this.page = source || kind.needsNoRun ? new kind(this, root) : new NothingYet(root);
    const hasCharts = (source || kind.isOfAllRuns) && kind.smooths;
    byId("smoothing-field").hidden = !hasCharts;
    byId("axis-choice").hidden = !hasCharts || kind.axis !== undefined;
    texts.fill(root);
    this.header.refresh();
    if (!document.hidden) this.feed.start();
  }

  writeAddress() {
    history.replaceState(null, "", `${location.pathname}?${this.query}${location.hash}`);
  }

  async changed(what) {
    if (what === "runs") {
      try {
        await this.loadRuns();
      } catch {
        return;
      }
      // The first run of all, or the one looked at is gone.
      if (!this.run && (this.source || this.runs.length > 0)) return this.use(this.firstSource());
      this.header.showRuns();
    }
    if (what === "problem") {
      byId("notice").hidden = !this.feed.problem;
      byId("notice").textContent = this.feed.problem ? texts.get("problem", { reason: this.feed.problem }) : "";
      return;
    }
    if (what === "state") return this.header.showConnection();
    this.header.showStrip();
    this.page.update(what);
  }

  /** Every second: ages grow. */
  tick() {
    this.header.showConnection();
    this.page.tick?.();
  }

  switchLanguage() {
    texts.switch();
    this.writeAddress();
    texts.fill();
    for (const chart of this.group.charts) chart.refresh?.();
    this.page.refresh();
    this.header.refresh();
  }
}

/** What the pages say before anything was trained. */
class NothingYet {
  constructor(root) {
    const box = make("section", "card nothing");
    box.append(makeText("h2", "", "nothingYet"), makeText("p", "", "nothingYetDoes"), make("pre", "", "w2v train corpus.txt --ui"));
    root.append(box);
  }

  update() {}
  refresh() {}
  close() {}
}

const app = new App();
/** For whoever scripts the page. */
window.trainingPages = { app, texts };
app.start();
