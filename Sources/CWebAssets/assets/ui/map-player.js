// The scrubber over the kept maps of a run: follows the newest, plays them, or stands where it was put.

import { make, makeIcon, makeIconButton } from "./dom.js";
import { texts } from "./texts.js";

const frameTime = 420;

export class MapPlayer {
  /** `show(map, milliseconds)` shows one of the maps; returns a promise. */
  constructor(show) {
    this.show = show;
    this.maps = [];
    this.at = -1;
    /** Whether the newest map is shown as it comes. */
    this.following = true;
    this.timer = 0;
    this.element = make("div", "player");
    this.button = makeIconButton("play", "play", () => (this.timer ? this.pause() : this.play()));
    this.range = make("input");
    this.range.type = "range";
    this.range.min = "0";
    this.range.dataset.name = "mapScrubber";
    this.range.dataset.quiet = "";
    this.range.addEventListener("input", () => {
      // Pausing writes the shown map's place into the range.
      const place = Number(this.range.value);
      this.pause();
      this.goTo(place, 250);
    });
    this.label = make("output", "player-label");
    this.element.append(this.button, this.range, this.label);
    this.element.hidden = true;
  }

  close() {
    this.pause();
  }

  /** The maps that the server keeps. The one that is shown stays, or the nearest to it. */
  setMaps(maps) {
    const shown = this.maps[this.at];
    this.maps = maps;
    this.element.hidden = maps.length === 0;
    this.range.max = String(Math.max(0, maps.length - 1));
    if (maps.length === 0) return;
    if (this.following || !shown) return this.goTo(maps.length - 1, 600);
    const place = maps.findIndex((map) => map.sequence >= shown.sequence);
    this.at = place < 0 ? maps.length - 1 : place;
    this.refresh();
  }

  async goTo(place, milliseconds) {
    const { maps } = this;
    const next = Math.max(0, Math.min(maps.length - 1, place));
    this.following = next === maps.length - 1;
    if (next === this.at && this.shown === maps[next].sequence) return;
    this.at = next;
    this.shown = maps[next].sequence;
    this.refresh();
    await this.show(maps[next], milliseconds);
  }

  /** The map nearest to an iteration. */
  goToIteration(iteration) {
    if (this.maps.length === 0) return;
    let best = 0;
    this.maps.forEach((map, i) => {
      if (Math.abs(map.iteration - iteration) < Math.abs(this.maps[best].iteration - iteration)) best = i;
    });
    this.pause();
    this.goTo(best, 350);
  }

  play() {
    const first = this.at >= this.maps.length - 1 ? 0 : this.at;
    const step = async (place) => {
      await this.goTo(place, place === first ? 0 : frameTime);
      if (!this.timer) return;
      if (place + 1 < this.maps.length) this.timer = setTimeout(() => step(place + 1), frameTime);
      else this.pause();
    };
    this.timer = setTimeout(() => step(first), 0);
    this.refresh();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.refresh();
  }

  refresh() {
    this.range.value = String(Math.max(0, this.at));
    const map = this.maps[this.at];
    const key = this.timer ? "pause" : "play";
    this.button.dataset.name = key;
    this.button.title = texts.get(key);
    this.button.setAttribute("aria-label", texts.get(key));
    this.button.replaceChildren(makeIcon(key));
    const text = map ? texts.get("mapAt", { iteration: texts.number(map.iteration), place: this.at + 1, count: this.maps.length }) : "";
    this.label.textContent = text;
    this.range.setAttribute("aria-valuetext", text);
  }
}
