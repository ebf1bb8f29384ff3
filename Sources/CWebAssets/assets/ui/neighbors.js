// The nearest neighbours of the probe words while they find each other.

import { make, makeName, makeText, replaceRows } from "./dom.js";
import { texts } from "./texts.js";

export class NeighborsCard {
  constructor() {
    this.element = make("section", "card neighbors-card");
    const head = make("div", "card-head");
    head.append(makeText("h2", "", "neighborsTitle"));
    this.body = make("div", "neighbors");
    const meaning = make("details", "meaning");
    meaning.append(makeText("summary", "", "meaning"), makeText("p", "", "meaningNeighbors"));
    this.element.append(head, this.body, meaning);
    this.element.hidden = true;
  }

  /** `probes`: the report's `neighbors`. Without any the card is not shown. */
  show(probes) {
    this.element.hidden = probes.length === 0;
    replaceRows(this.body, () => probes.map((probe) => this.makeProbe(probe)), JSON.stringify([texts.language, probes]));
  }

  makeProbe({ word, neighbors }) {
    const part = make("section", "probe");
    const title = make("h3");
    title.append(makeName(word));
    const list = make("ol");
    for (const { word, similarity } of neighbors.slice(0, 8)) {
      const row = make("li");
      const bar = make("span", "bar");
      const fill = make("i");
      fill.style.width = `${Math.round(100 * Math.max(0, Math.min(1, Number(similarity) || 0)))}%`;
      bar.append(fill);
      row.append(makeName(word), bar, make("span", "number", Number.isFinite(similarity) ? similarity.toFixed(2) : "–"));
      list.append(row);
    }
    part.append(title, neighbors.length > 0 ? list : make("p", "note", texts.get("noNeighbors")));
    return part;
  }
}
