// The layers of a model and how the data flows through them. Clicking one, or the arrow keys, chooses it.

import { makeSVG } from "./dom.js";
import { texts } from "./texts.js";
import { layerKind } from "./trainer-texts.js";

const box = { width: 216, height: 80, gapX: 26, gapY: 46, pad: 14 };

/** Depth of each layer: one more than the deepest of its inputs. Cycles and unknown names end the walk. */
export function layerDepths(layers) {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const depths = new Map();
  const walk = (layer, path) => {
    if (depths.has(layer.name)) return depths.get(layer.name);
    if (path.has(layer.name)) return 0;
    path.add(layer.name);
    let depth = 0;
    for (const name of layer.inputs ?? []) {
      const input = byName.get(name);
      if (input && input !== layer) depth = Math.max(depth, walk(input, path) + 1);
    }
    path.delete(layer.name);
    depths.set(layer.name, depth);
    return depth;
  };
  return layers.map((layer) => walk(layer, new Set()));
}

export class ModelGraph {
  /** `choose(name)` is called for a layer that was clicked. */
  constructor(choose) {
    this.choose = choose;
    this.element = makeSVG("svg", { class: "graph", role: "group" });
    this.nodes = [];
    this.signature = "";
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  show(layers, chosen, severities) {
    this.element.setAttribute("aria-label", texts.get("graph"));
    const signature = JSON.stringify([layers, texts.language]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.build(layers);
    }
    for (const { name, group, mark } of this.nodes) {
      const on = name === chosen;
      group.classList.toggle("chosen", on);
      group.setAttribute("aria-pressed", String(on));
      group.setAttribute("tabindex", on || (this.nodes[0].name === name && !this.nodes.some((node) => node.name === chosen)) ? "0" : "-1");
      mark.setAttribute("class", `mark ${severities.get(name) ?? ""}`);
    }
  }

  build(layers) {
    this.element.classList.toggle("none", layers.length === 0);
    if (layers.length === 0) {
      this.nodes = [];
      return this.element.replaceChildren();
    }
    const depths = layerDepths(layers);
    const rows = [];
    layers.forEach((layer, i) => (rows[depths[i]] ??= []).push(layer));
    const widest = Math.max(1, ...rows.map((row) => row?.length ?? 0));
    const width = widest * box.width + (widest - 1) * box.gapX + 2 * box.pad;
    const height = rows.length * box.height + (rows.length - 1) * box.gapY + 2 * box.pad;
    const places = new Map();
    rows.forEach((row, depth) => {
      const used = row.length * box.width + (row.length - 1) * box.gapX;
      row.forEach((layer, i) => places.set(layer.name, {
        x: (width - used) / 2 + i * (box.width + box.gapX), y: box.pad + depth * (box.height + box.gapY),
      }));
    });
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.element.style.maxWidth = `${width}px`;
    this.element.style.minWidth = `${Math.min(width, 0.7 * width)}px`;
    const edges = makeSVG("g", { class: "edges" });
    for (const layer of layers) {
      for (const input of layer.inputs ?? []) {
        if (places.has(input) && input !== layer.name) edges.append(this.edge(places.get(input), places.get(layer.name)));
      }
    }
    this.nodes = layers.map((layer) => this.node(layer, places.get(layer.name)));
    this.element.replaceChildren(edges, ...this.nodes.map((node) => node.group));
  }

  edge(from, to) {
    const [x0, y0] = [from.x + box.width / 2, from.y + box.height];
    const [x1, y1] = [to.x + box.width / 2, to.y - 7];
    const bend = Math.max(18, Math.abs(y1 - y0) / 2);
    const group = makeSVG("g");
    group.append(
      makeSVG("path", { class: "wire", d: `M${x0} ${y0} C${x0} ${y0 + bend} ${x1} ${y1 - bend} ${x1} ${y1}` }),
      makeSVG("path", { class: "tip", d: `M${x1 - 5} ${y1 - 2} h10 l-5 8z` }));
    return group;
  }

  node(layer, { x, y }) {
    const group = makeSVG("g", { class: "layer", role: "button", transform: `translate(${x} ${y})` });
    const title = makeSVG("text", { class: "layer-name", x: 16, y: 27 });
    title.textContent = shortWord(layer.name, 22);
    const detail = makeSVG("text", { class: "layer-detail", x: 16, y: 47 });
    const shape = layer.shape.length > 0 ? layer.shape.map((size) => texts.number(size)).join(" × ") : "";
    detail.textContent = shape;
    const kind = makeSVG("text", { class: "layer-detail", x: 16, y: shape ? 65 : 47 });
    kind.textContent = shortWord(layerKind(layer.kind), 30);
    const mark = makeSVG("circle", { class: "mark", cx: box.width - 18, cy: 22, r: 4.5 });
    group.append(makeSVG("rect", { width: box.width, height: box.height, rx: 11 }), title, detail, kind, mark);
    group.setAttribute("aria-label", [shortWord(layer.name, 60), layer.kind, shape].filter(Boolean).join(", "));
    group.addEventListener("click", () => this.choose(layer.name));
    return { name: layer.name, group, mark };
  }

  key(event) {
    const here = this.nodes.findIndex(({ group }) => group === document.activeElement);
    if (here < 0) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = this.nodes[(here + step + this.nodes.length) % this.nodes.length];
      this.choose(next.name);
      next.group.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.choose(this.nodes[here].name);
    } else {
      return;
    }
    event.preventDefault();
  }
}
