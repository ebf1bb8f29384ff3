// The panels around the map: search and its hits, the selected word, legend, status line, help.
// Every word goes into the page as text, never as markup.

const byId = (id) => document.getElementById(id);

/** An element with a class and text. */
function make(tag, className = "", text = null) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  return element;
}

/** An element for a word: isolated, so that its direction stays its own. */
function makeWord(word, className = "word") {
  const element = make("bdi", className, visibleWord(word));
  element.dir = "auto";
  return element;
}

const shownHits = 200;

/** The table of hits under the search box. */
class HitTable {
  constructor(data, choose) {
    this.data = data;
    this.choose = choose;
    this.body = byId("hit-rows");
    this.panel = byId("hits");
    this.body.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(Number(button.dataset.index));
    });
    this.body.addEventListener("keydown", (event) => this.move(event));
  }

  /** Arrow keys walk through the rows. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...this.body.querySelectorAll("button")];
    const next = buttons.indexOf(document.activeElement) + step;
    if (next < 0) byId("query").focus();
    else buttons[next]?.focus();
  }

  focus() {
    this.body.querySelector("button")?.focus();
  }

  show(search, texts) {
    const { data } = this;
    const hits = search.hits ?? [];
    this.panel.hidden = hits.length === 0;
    const rows = hits.slice(0, shownHits).map((i) => {
      const row = make("tr");
      const button = make("button", "hit");
      button.type = "button";
      button.dataset.index = i;
      button.append(makeWord(data.labels[i].slice(0, 400)));
      const cell = make("td");
      cell.append(button);
      row.append(cell, make("td", "number", texts.number(i + 1)));
      if (data.counts) row.append(make("td", "number", texts.number(data.counts[i])));
      return row;
    });
    this.body.replaceChildren(...rows);
    byId("count-head").hidden = !data.counts;
    const more = hits.length > shownHits;
    byId("more-hits").hidden = !more;
    if (more) {
      const values = { shown: texts.number(shownHits), count: texts.number(hits.length) };
      byId("more-hits").textContent = texts.get("firstHits", values);
    }
  }

  /** Marks the row of the current hit and brings it into view. */
  mark(index) {
    for (const button of this.body.querySelectorAll("button")) {
      const current = Number(button.dataset.index) === index;
      button.closest("tr").classList.toggle("current", current);
      if (current) {
        button.setAttribute("aria-current", "true");
        button.scrollIntoView({ block: "nearest" });
      } else {
        button.removeAttribute("aria-current");
      }
    }
  }
}

/** The drawer of the selected word; a sheet at the bottom of small screens. */
class Drawer {
  constructor(data, choose) {
    this.data = data;
    this.element = byId("drawer");
    this.list = byId("near-list");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(Number(button.dataset.index));
    });
  }

  get open() {
    return !this.element.hidden;
  }

  show(index, neighbors, texts, swatch) {
    const { data } = this;
    const hadFocus = this.list.contains(document.activeElement);
    byId("drawer-word").replaceChildren(makeWord(data.labels[index]));
    byId("drawer-swatch").style.background = swatch(index);
    const facts = [["rank", texts.get("rankOf", { rank: texts.number(index + 1), total: texts.number(data.count) })]];
    if (data.counts) {
      const total = (this.total ??= data.counts.reduce((sum, count) => sum + count, 0));
      const share = total > 0 ? (100 * data.counts[index]) / total : 0;
      facts.push(["count", texts.number(data.counts[index])]);
      facts.push(["share", `${share.toLocaleString(texts.language, { maximumSignificantDigits: 2 })} %`]);
    }
    if (data.groups) facts.push(["group", visibleWord(data.groupNames[data.groups[index]])]);
    const parts = facts.flatMap(([key, value]) => [make("dt", "", texts.get(key)), make("dd", "", value)]);
    byId("facts").replaceChildren(...parts);
    const farthest = neighbors.at(-1)?.distance || 1;
    byId("near-part").hidden = neighbors.length === 0;
    const rows = neighbors.map(({ index: i, distance }) => {
      const row = make("li");
      const button = make("button", "near");
      button.type = "button";
      button.dataset.index = i;
      const bar = make("span", "bar");
      const fill = make("span");
      fill.style.width = `${Math.max(4, (100 * distance) / farthest).toFixed(1)}%`;
      fill.style.background = swatch(i);
      bar.append(fill);
      button.append(makeWord(data.labels[i].slice(0, 400)), bar);
      row.append(button);
      return row;
    });
    this.list.replaceChildren(...rows);
    this.element.hidden = false;
    if (hadFocus) byId("drawer-word").focus();
  }

  close() {
    this.element.hidden = true;
  }
}

/** Either the ramp or the groups are in the legend. */
function setLegendKind(groups) {
  byId("ramp").hidden = groups;
  byId("legend-ends").hidden = groups;
  byId("legend-groups").hidden = !groups;
}

const shownGroups = 12;

/** The legend of groups: a colour and a name for each, the largest first. */
function showGroups(data, colors, texts) {
  byId("legend").hidden = data.count === 0;
  setLegendKind(true);
  byId("legend-title").textContent = texts.get("groups");
  const rows = data.groupNames.slice(0, shownGroups).map((name, group) => {
    const row = make("li");
    const swatch = make("span", "swatch");
    swatch.style.background = `rgb(${colors[3 * group]}, ${colors[3 * group + 1]}, ${colors[3 * group + 2]})`;
    row.append(swatch, makeWord(shortWord(name, 40), "group-name"));
    return row;
  });
  if (data.groupNames.length > shownGroups) rows.push(make("li", "", "…"));
  byId("legend-groups").replaceChildren(...rows);
}

/** The legend: what the colours mean. */
function showLegend(data, ramp, texts) {
  const legend = byId("legend");
  legend.hidden = data.count < 2;
  if (legend.hidden) return;
  setLegendKind(false);
  const stops = [];
  for (let k = 0; k <= 16; k++) {
    const at = 3 * Math.round((255 * k) / 16);
    stops.push(`rgb(${ramp[at]}, ${ramp[at + 1]}, ${ramp[at + 2]})`);
  }
  byId("ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  byId("legend-title").textContent = texts.get(data.counts ? "frequency" : "rankLegend");
  const last = data.count - 1;
  const ends = data.counts ? [data.counts[last], data.counts[0]] : [data.count, 1];
  const short = new Intl.NumberFormat(texts.language, { notation: "compact", maximumFractionDigits: 1 });
  // What lies in the middle of the ramp.
  const middle = 0.5 ** (1 / 0.6);
  const level = (value) => Math.log(value + (data.counts ? 1 : 0));
  const value = Math.exp(level(ends[0]) + (level(ends[1]) - level(ends[0])) * middle) - (data.counts ? 1 : 0);
  byId("legend-middle").textContent = short.format(Math.round(value));
  byId("legend-low").textContent = `${short.format(ends[0])} · ${texts.get("rare")}`;
  byId("legend-high").textContent = `${texts.get("frequent")} · ${short.format(ends[1])}`;
}

/** The status line: what the map was made with and how far to trust it. */
function showStatus(data, texts) {
  const { summary, count } = data;
  const facts = [];
  const total = summary.totalPoints;
  facts.push(
    total > count
      ? texts.get("wordsOf", { count: texts.number(count), total: texts.number(total) })
      : texts.plural("oneWord", "words", count));
  const add = (field, key, digits) => {
    if (summary[field] === undefined) return;
    facts.push(texts.get(key, { value: texts.number(summary[field], digits) }));
  };
  add("metric", "metric");
  add("perplexity", "perplexity", 1);
  add("iterations", "iterations");
  add("klDivergence", "divergence", 3);
  if (typeof summary.neighborsKept === "number") {
    const value = `${texts.number(100 * summary.neighborsKept, 1)} %`;
    facts.push(texts.get("kept", { value, count: summary.neighborsKeptOf ?? 10 }));
  }
  add("seed", "seed");
  byId("facts-line").replaceChildren(...facts.map((fact) => make("span", "fact", fact)));
  const notes = Array.isArray(summary.notes) ? summary.notes : [];
  byId("notes").hidden = notes.length === 0;
  byId("notes-title").textContent = texts.plural("oneNote", "notes", notes.length);
  byId("notes-list").replaceChildren(...notes.map((note) => make("li", "", visibleWord(String(note)))));
}

/** Words for whoever does not see the map. */
class Announcer {
  constructor() {
    this.element = byId("live");
    this.timer = 0;
  }

  say(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.element.textContent = text), 120);
  }
}
