// Draws a map with the parts of the plot page: its cameras, renderers, labels and picking.

import { make } from "./dom.js";
import { texts } from "./texts.js";

const parts = ["camera-flat", "camera-orbit", "picking", "labels", "overlay", "ground", "renderer-webgl", "renderer-image", "input"];
let loading = null;

/** The plot's scripts; only this page needs them. */
export function loadPlotParts() {
  loading ??= Promise.all(parts.map((name) => new Promise((resolve, reject) => {
    const script = make("script");
    script.src = `/assets/plot/${name}.js`;
    script.async = false;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(`${name}.js`)));
    document.head.append(script);
  })));
  return loading;
}

export class MapView {
  /** `points`: MapPoints. `moving`: whether they will move, so that labels are chosen anew for each picture. */
  constructor(points, moving) {
    this.data = points;
    this.moving = moving;
    this.element = make("div", "map-view");
    this.groundCanvas = make("canvas");
    this.canvas = make("canvas", "map-points");
    this.wordsCanvas = make("canvas");
    this.tip = make("div", "map-tip panel");
    this.tip.hidden = true;
    this.element.append(this.groundCanvas, this.canvas, this.wordsCanvas, this.tip);
    for (const canvas of [this.groundCanvas, this.wordsCanvas]) canvas.setAttribute("aria-hidden", "true");
    this.prominences = prominence(points);
    this.camera = points.dimensions === 3 ? new OrbitCamera(points) : new FlatCamera(points);
    this.camera.closeZoom = clamp(Math.sqrt(points.count) / 14, 2, 14);
    this.picker = null;
    this.hovered = -1;
    this.showLabels = true;
    this.animation = null;
    this.scheduled = false;
    this.renderer = this.makeRenderer();
    this.ground = new Ground(this.groundCanvas, points);
    this.overlay = new Overlay(this.wordsCanvas, points, this.prominences, theme.palette);
    if (moving) this.overlay.all = new OrbitLabels(this.overlay.style, Array.from({ length: Math.min(4000, points.count) }, (_, i) => i));
    this.input = new PointerInput(this.canvas, this);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.recolored = () => this.recolor();
    addEventListener("themechange", this.recolored);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.element);
    this.recolor();
  }

  close() {
    this.observer.disconnect();
    removeEventListener("themechange", this.recolored);
    this.renderer.gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.closed = true;
  }

  /** WebGL where there is any, else an image; a canvas that once gave a context gives no other. */
  makeRenderer() {
    try {
      return new WebGLRenderer(this.canvas, this.data, () => this.requestDraw());
    } catch {
      const fresh = this.canvas.cloneNode();
      this.canvas.replaceWith(fresh);
      this.canvas = fresh;
      return new ImageRenderer(this.canvas, this.data);
    }
  }

  refresh() {
    this.canvas.setAttribute("aria-label", `${texts.get("mapOf", { count: texts.number(this.data.count) })}. ${texts.get("mapKeys")}`);
  }

  recolor() {
    this.colors = pointColors(this.prominences, makeRamp(theme.dark));
    const style = getComputedStyle(document.documentElement);
    this.palette = { ...theme.palette, background: style.getPropertyValue("--panel").trim() };
    this.renderer.setColors(this.colors, hexToBytes(this.palette.background));
    this.hitColor = hexToBytes(this.palette.hit);
    this.ground.setColor(hexToBytes(this.palette.glow), theme.dark ? 0.36 : 0.16);
    this.requestDraw();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.renderer.resize(width, height, ratio);
    this.overlay.resize(width, height, ratio);
    this.ground.resize(width, height);
    this.camera.resize(width, height, { left: 26, right: 26, top: 34, bottom: 26 });
    if (!this.scheduled) this.draw();
  }

  // Moving

  /** Moves the points to new places within so many milliseconds; at once where movement is not wanted. */
  moveTo(places, milliseconds) {
    if (milliseconds <= 0 || reducedMotion()) {
      this.animation = null;
      this.data.set(places);
      this.moved();
    } else {
      this.animation = { from: this.data.axes.map((axis) => axis.slice()), to: places, start: null, milliseconds };
    }
    this.requestDraw();
  }

  moved() {
    this.picker = null;
    this.renderer.movePoints();
    if (this.ground.density) {
      this.ground.density = this.ground.measure(this.data);
      this.ground.setColor(hexToBytes(this.palette.glow), theme.dark ? 0.36 : 0.16);
    }
    if (this.data.dimensions === 3) {
      this.camera.measure(this.data);
      this.camera.update();
    } else {
      this.camera.version++;
    }
  }

  animate(now) {
    const { animation } = this;
    if (!animation) return false;
    animation.start ??= now;
    const share = Math.min(1, (now - animation.start) / animation.milliseconds);
    this.data.mix(animation.from, animation.to, easeInOut(share));
    this.moved();
    if (share === 1) this.animation = null;
    return share < 1;
  }

  // What the input asks for

  requestDraw() {
    if (this.scheduled || this.closed) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      const points = this.animate(now);
      const camera = this.camera.animate(now);
      this.draw();
      if (points || camera || this.overlay.isMoving(this.camera)) this.requestDraw();
    });
  }

  pick(x, y, radius) {
    this.picker ??= new Picker(this.data);
    return this.picker.pick(this.camera, x, y, radius);
  }

  pointAt(x, y) {
    this.hover(this.pick(x, y, 14));
  }

  tap(x, y, radius) {
    this.hover(this.pick(x, y, radius));
  }

  hover(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.canvas.classList.toggle("pointing", index >= 0);
    this.showTip();
    this.requestDraw();
  }

  showTip() {
    const { data, hovered, tip } = this;
    tip.hidden = hovered < 0;
    if (hovered < 0) return;
    const word = make("bdi", "name", shortWord(data.labels[hovered], 60));
    word.dir = "auto";
    const facts = [texts.get("rankIs", { rank: texts.number(hovered + 1) })];
    if (data.counts) facts.unshift(texts.get("countIs", { count: texts.number(data.counts[hovered]) }));
    tip.replaceChildren(word, make("span", "note", facts.join(" · ")));
  }

  toggleLabels() {
    this.showLabels = !this.showLabels;
    this.requestDraw();
    return this.showLabels;
  }

  fit() {
    this.camera.fit();
    this.requestDraw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { camera } = this;
    const step = event.shiftKey ? 160 : 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const zooms = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 };
    if (moves[event.key]) camera.drag(...moves[event.key]);
    else if (zooms[event.key]) camera.zoomSmoothly(camera.middleX, camera.middleY, zooms[event.key]);
    else if (event.key === "0") camera.fit();
    else if (event.key === "Enter") this.hover(this.pick(camera.middleX, camera.middleY, 200));
    else if (event.key === "Escape") this.hover(-1);
    else return;
    event.preventDefault();
    this.requestDraw();
  }

  draw() {
    const { camera, data, overlay, prominences } = this;
    if (camera.width <= 1) return;
    const diameter = pointDiameter(camera, data.count);
    if (this.renderer.kind === "webgl2") this.ground.draw(camera);
    this.renderer.draw(camera, { diameter, alpha: pointAlpha(camera, data.count, diameter), hitColor: this.hitColor, dimming: 0.3 });
    overlay.showLabels = this.showLabels;
    const marks = { selected: -1, hovered: this.hovered, searching: false, neighbors: [] };
    overlay.draw(camera, marks, this.palette, (i, size) => 0.5 * diameter * pointGrowth(prominences[i]) * size);
    this.placeTip();
  }

  placeTip() {
    if (this.hovered < 0) return;
    const { camera, data, hovered: i, tip } = this;
    const place = camera.project(data.x[i], data.y[i], data.z[i], {});
    const left = clamp(place.x - tip.offsetWidth / 2, 6, Math.max(6, camera.width - tip.offsetWidth - 6));
    const below = place.y + 16 + tip.offsetHeight < camera.height;
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? place.y + 14 : place.y - tip.offsetHeight - 34)}px)`;
  }
}
