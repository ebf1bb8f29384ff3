// What all charts share: two canvases (the picture, and on top what follows the cursor), their size, and when to draw.

import { make } from "./dom.js";

const dirty = new Set();
let scheduled = false;

function flush() {
  scheduled = false;
  const charts = [...dirty];
  dirty.clear();
  for (const chart of charts) chart.draw();
}

let colors = null;

/** The style sheet's colours, for the canvases. */
export function palette() {
  if (colors) return colors;
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  colors = { series: Array.from({ length: 8 }, (_, i) => read(`series-${i}`)), font: read("font"), dark: theme.dark };
  for (const name of ["panel", "ink", "muted", "grid", "axis", "accent", "bad", "zone"]) colors[name] = read(name);
  return colors;
}

const all = new Set();
addEventListener("themechange", () => {
  colors = null;
  for (const chart of all) chart.invalidate();
});

/** Lines beyond the eighth repeat the colours with dashes. */
export const dashes = [[], [6, 4], [2, 3], [9, 3, 2, 3]];

export class CanvasChart {
  /** `key` names its files; `label()` says in words what it shows. */
  constructor({ key, label }) {
    this.key = key;
    this.label = label;
    this.element = make("div", "plot");
    this.canvas = make("canvas", "plot-canvas");
    this.over = make("canvas", "plot-over");
    this.over.tabIndex = 0;
    this.over.setAttribute("role", "application");
    this.canvas.setAttribute("aria-hidden", "true");
    this.empty = make("p", "plot-empty");
    this.element.append(this.canvas, this.over, this.empty);
    this.width = 0;
    this.height = 0;
    this.ratio = 1;
    /** Whether the picture itself has to be drawn anew, not only what lies on top. */
    this.stale = true;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.element);
    all.add(this);
  }

  /** Ends the chart's claims. */
  close() {
    this.observer.disconnect();
    all.delete(this);
    dirty.delete(this);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    const ratio = Math.min(2, devicePixelRatio || 1);
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    Object.assign(this, { width, height, ratio });
    for (const canvas of [this.canvas, this.over]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    // At once: a canvas loses its picture with a new size.
    this.stale = true;
    this.draw();
  }

  invalidate(picture = true) {
    if (picture) this.stale = true;
    dirty.add(this);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(flush);
  }

  draw() {
    if (this.width === 0 || this.height === 0) return;
    if (this.stale) {
      this.stale = false;
      this.paint(this.begin(this.canvas));
    }
    this.paintOver(this.begin(this.over));
  }

  begin(canvas) {
    const context = canvas.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.lineJoin = "round";
    context.lineCap = "butt";
    context.globalAlpha = 1;
    context.setLineDash([]);
    return context;
  }

  /** The words in place of a picture; empty text when there is a picture. */
  showEmpty(text) {
    if (this.empty.textContent !== text) this.empty.textContent = text;
    this.empty.hidden = text === "";
  }
}

/** A text with a halo in the panel's colour, so that it reads over lines. */
export function haloText(context, text, x, y, color, halo) {
  context.strokeStyle = halo;
  context.lineWidth = 3.5;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
