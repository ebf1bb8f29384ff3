// Puts the parts together and draws when something has changed.

class App {
  constructor(data, texts) {
    this.data = data;
    this.texts = texts;
    this.canvas = byId("points");
    this.prominences = prominence(data);
    this.theme = new Theme(() => this.recolor());
    this.camera = data.dimensions === 3 ? new OrbitCamera(data) : new FlatCamera(data);
    this.camera.closeZoom = clamp(Math.sqrt(data.count) / 14, 2, 14);
    this.picker = new Picker(data);
    this.search = new Search(data);
    this.overlay = new Overlay(byId("words"), data, this.prominences, this.theme.palette);
    this.renderer = this.makeRenderer();
    this.ground = new Ground(byId("ground"), data);
    this.hitTable = new HitTable(data, (i) => this.goToHit(i));
    this.drawer = new Drawer(data, (i) => this.select(i, { fly: true }));
    this.announcer = new Announcer();
    this.viewState = new ViewState();
    this.selected = -1;
    this.neighbors = [];
    this.hovered = -1;
    this.pointScale = clamp(Number(preferences.get("point-size")) || 1, 0.5, 3);
    this.byGroup = data.groups !== null && preferences.get("coloring") !== "frequency";
    /** Whether the legend is unfolded: as the user wants it, else (null) where there is room. */
    this.legendOpen = null;
    this.scheduled = false;
    this.pointers = new PointerInput(this.canvas, this);
    connectControls(this);
    this.recolor();
    this.resize();
    this.camera.fit(false);
    this.restore();
    new ResizeObserver(() => this.resize()).observe(document.documentElement);
  }

  /** WebGL where there is any, else an image; a canvas that once gave a context gives no other. */
  makeRenderer() {
    try {
      return new WebGLRenderer(this.canvas, this.data, () => this.requestDraw());
    } catch (error) {
      console.warn(`Drawing without WebGL: ${error.message}`);
      const fresh = this.canvas.cloneNode();
      this.canvas.replaceWith(fresh);
      this.canvas = fresh;
      return new ImageRenderer(this.canvas, this.data);
    }
  }

  save(action) {
    byId("save").open = false;
    this.draw();
    action();
  }

  // The view

  restore() {
    const state = this.viewState.read(this.camera.state.length);
    byId("query").value = state.query;
    byId("mode").value = state.mode;
    this.runSearch(false);
    const { labels } = this.data;
    let index = state.rank >= 1 && state.rank <= labels.length ? state.rank - 1 : -1;
    if (state.word !== null && labels[index] !== state.word) {
      const found = labels.indexOf(state.word);
      if (found >= 0) index = found;
    }
    this.select(index, { fly: index >= 0 && !state.camera, quiet: true, jump: true });
    // After the selection: its drawer takes room, and the address was written with it open.
    if (state.camera) this.camera.state = state.camera;
    this.requestDraw();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const ratio = Math.min(2, devicePixelRatio || 1);
    this.renderer.resize(width, height, ratio);
    this.overlay.resize(width, height, ratio);
    this.ground.resize(width, height);
    const narrow = width < 640;
    const open = this.drawer.open;
    this.foldLegend();
    const hits = !byId("hits").hidden;
    this.camera.resize(width, height, {
      left: !narrow && hits ? 332 : 24,
      right: !narrow && open ? 344 : 24,
      top: !narrow ? 40 : hits ? Math.round(byId("finder").getBoundingClientRect().bottom) + 24 : 84,
      bottom: narrow && open ? Math.round(0.42 * height) : narrow ? 128 : 44,
    });
    this.requestDraw();
  }

  recolor() {
    const { palette, dark } = this.theme;
    this.ramp = makeRamp(dark);
    this.colors = pointColors(this.prominences, this.ramp);
    this.groupColors = makeGroupColors(this.data.groupNames?.length ?? 0, dark);
    if (this.byGroup) colorByGroup(this.colors, this.data.groups, this.groupColors);
    this.renderer.setColors(this.colors, hexToBytes(palette.background));
    this.hitColor = hexToBytes(palette.hit);
    this.ground.setColor(hexToBytes(palette.glow), dark ? 0.36 : 0.16);
    this.fillTexts();
    this.requestDraw();
  }

  fillTexts() {
    const { data, texts } = this;
    texts.fill();
    const title = shortWord(data.title, 80);
    byId("title").textContent = title;
    byId("points").setAttribute("aria-label", `${texts.get("mapOf", { title })}. ${texts.get("mapHelp")}`);
    byId("labels").setAttribute("aria-pressed", String(this.overlay.showLabels));
    byId("coloring").hidden = data.groups === null;
    byId("coloring").setAttribute("aria-pressed", String(this.byGroup));
    if (this.byGroup) showGroups(data, this.groupColors, texts);
    else showLegend(data, this.ramp, texts);
    showStatus(data, texts);
    byId("empty").hidden = data.count > 0;
    this.showSearch();
    if (this.selected >= 0) this.showDrawer();
  }

  switchLanguage() {
    this.texts.switch();
    this.fillTexts();
  }

  toggleLabels() {
    this.overlay.showLabels = !this.overlay.showLabels;
    byId("labels").setAttribute("aria-pressed", String(this.overlay.showLabels));
    this.requestDraw();
  }

  /** Colours by group, or by frequency. */
  toggleColoring() {
    if (this.data.groups === null) return;
    this.byGroup = !this.byGroup;
    preferences.set("coloring", this.byGroup ? "group" : "frequency");
    this.recolor();
  }

  /** Narrow screens have no room for the legend beside the map: there it is folded until somebody opens it. */
  get isLegendOpen() {
    return this.legendOpen ?? document.documentElement.clientWidth >= 640;
  }

  toggleLegend() {
    this.legendOpen = !this.isLegendOpen;
    this.foldLegend();
  }

  foldLegend() {
    byId("legend-body").hidden = !this.isLegendOpen;
    byId("legend-toggle").setAttribute("aria-expanded", String(this.isLegendOpen));
  }

  showHelp() {
    byId("help").showModal();
  }

  escape() {
    const open = document.querySelector("details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (this.selected >= 0) {
      this.select(-1);
    } else if (this.search.active) {
      this.clearSearch();
      this.canvas.focus();
    } else if (document.activeElement === byId("query")) {
      this.canvas.focus();
    }
  }

  // Points

  pointAt(x, y) {
    this.hover(this.picker.pick(this.camera, x, y, 14));
  }

  hover(index) {
    if (index === this.hovered) return;
    this.hovered = index;
    this.canvas.classList.toggle("pointing", index >= 0);
    const tip = byId("tip");
    tip.hidden = index < 0;
    if (index >= 0) {
      const { data, texts } = this;
      const facts = [`${texts.get("rank")} ${texts.number(index + 1)}`];
      if (data.counts) facts.unshift(`${texts.get("count")} ${texts.number(data.counts[index])}`);
      if (data.groups) facts.push(shortWord(data.groupNames[data.groups[index]], 40));
      tip.replaceChildren(makeWord(shortWord(data.labels[index], 60)), make("span", "tip-facts", facts.join(" · ")));
    }
    this.requestDraw();
  }

  tap(x, y, radius) {
    this.select(this.picker.pick(this.camera, x, y, radius));
  }

  /** Enter on the map: the next hit while searching, else the word in the middle. */
  enter(direction) {
    if (this.search.active) return this.stepHit(direction);
    const { middleX, middleY } = this.camera;
    this.select(this.picker.pick(this.camera, middleX, middleY, 200));
  }

  select(index, { fly = false, quiet = false, jump = false } = {}) {
    const had = this.selected >= 0;
    this.selected = index;
    this.neighbors = index >= 0 ? this.picker.near(index, 12) : [];
    const hadFocus = byId("drawer").contains(document.activeElement);
    if (index >= 0) {
      this.showDrawer();
      byId("drawer-body").scrollTop = 0;
    } else {
      this.drawer.close();
      if (hadFocus) this.canvas.focus();
    }
    if (had !== (index >= 0)) this.resizeGently();
    if (fly) this.flyTo(index, !jump);
    this.hitTable.mark(index);
    if (!quiet && (index >= 0 || had)) this.announcer.say(this.describeSelection());
    this.requestDraw();
  }

  /** Drawer and hits take room; the map must not jump under the cursor when they come or go. */
  resizeGently() {
    const { camera } = this;
    const before = [camera.middleX, camera.middleY, camera.scale];
    this.resize();
    if (camera instanceof FlatCamera) {
      camera.zoom *= before[2] / camera.scale;
      camera.x += (camera.middleX - before[0]) / camera.scale;
      camera.y -= (camera.middleY - before[1]) / camera.scale;
    }
  }

  describeSelection() {
    const { data, texts, selected } = this;
    if (selected < 0) return texts.get("closed");
    const near = this.neighbors.slice(0, 5).map(({ index }) => shortWord(data.labels[index])).join(", ");
    return texts.get("selected", { word: shortWord(data.labels[selected]), rank: texts.number(selected + 1), near });
  }

  showDrawer() {
    const { colors } = this;
    const swatch = (i) => `rgb(${colors[4 * i]}, ${colors[4 * i + 1]}, ${colors[4 * i + 2]})`;
    this.drawer.show(this.selected, this.neighbors, this.texts, swatch);
  }

  flyTo(index, animated = true) {
    if (index < 0) return;
    const { x, y, z } = this.data;
    this.camera.flyToPoint(x[index], y[index], z[index], animated);
    this.requestDraw();
  }

  async copyWord() {
    const word = this.data.labels[this.selected];
    try {
      await navigator.clipboard.writeText(word);
    } catch {
      // Pages from file:// may not use the clipboard interface in every browser.
      const area = make("textarea", "offscreen");
      area.value = word;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const button = byId("drawer-copy");
    button.textContent = this.texts.get("copied");
    this.announcer.say(this.texts.get("copied"));
    setTimeout(() => (button.textContent = this.texts.get("copy")), 1500);
  }

  // Search

  focusSearch() {
    byId("query").focus();
    byId("query").select();
  }

  clearSearch() {
    byId("query").value = "";
    this.runSearch();
  }

  runSearch(announce = true) {
    this.search.run(byId("query").value, byId("mode").value);
    this.overlay.setHits(this.search.hits);
    this.renderer.setHits(this.search.hits);
    const hadHits = !byId("hits").hidden;
    this.showSearch();
    if (hadHits === byId("hits").hidden) this.resizeGently();
    if (announce && this.search.active) this.announcer.say(byId("hit-count").textContent);
    this.requestDraw();
  }

  showSearch() {
    const { search, texts } = this;
    const count = search.hits?.length ?? 0;
    let text = "";
    if (search.problem) text = texts.get(search.problem);
    else if (search.current >= 0) {
      text = texts.get("hitOf", { current: texts.number(search.current + 1), count: texts.number(count) });
    } else if (search.active) text = count === 0 ? texts.get("noHits") : texts.plural("oneHit", "hits", count);
    byId("hit-count").textContent = text;
    byId("hit-bar").hidden = !search.active;
    byId("clear").hidden = !search.active;
    byId("next").disabled = byId("previous").disabled = count === 0;
    byId("query").setAttribute("aria-invalid", String(search.problem === "badExpression"));
    this.hitTable.show(search, texts);
    this.hitTable.mark(this.selected);
  }

  stepHit(direction) {
    const index = this.search.step(direction);
    if (index >= 0) this.goToHit(index);
  }

  goToHit(index) {
    this.search.current = this.search.hits.indexOf(index);
    const { texts, search } = this;
    byId("hit-count").textContent = texts.get("hitOf", {
      current: texts.number(search.current + 1), count: texts.number(search.hits.length),
    });
    this.select(index, { fly: true });
  }

  // Drawing

  requestDraw() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      const moving = this.camera.animate(now);
      this.draw();
      if (moving || this.overlay.isMoving(this.camera)) this.requestDraw();
      else this.lookAhead();
    });
  }

  /** Works out in idle moments which words will have room at larger scales, so that zooming need not wait. */
  lookAhead() {
    const labels = this.overlay.all;
    if (this.ahead || !(labels instanceof LabelLevels) || labels.complete) return;
    this.ahead = setTimeout(() => {
      this.ahead = 0;
      if (!this.scheduled) labels.prepare(LabelLevels.last, 8);
      this.lookAhead();
    }, 24);
  }

  get diameter() {
    return pointDiameter(this.camera, this.data.count) * this.pointScale;
  }

  draw() {
    const { camera, renderer, overlay, theme } = this;
    const { diameter } = this;
    const alpha = pointAlpha(camera, this.data.count, diameter);
    const view = { diameter, alpha, hitColor: this.hitColor, dimming: 0.3 };
    if (renderer.kind === "webgl2") this.ground.draw(camera);
    renderer.draw(camera, view);
    const marks = {
      selected: this.selected, hovered: this.hovered, searching: this.search.active,
      neighbors: this.neighbors.map(({ index }) => index),
    };
    const radius = (i, size) => 0.5 * diameter * pointGrowth(this.prominences[i]) * size;
    overlay.draw(camera, marks, theme.palette, radius);
    this.placeTip();
    this.viewState.write(() => ({
      camera: camera.isHome ? null : camera.state, query: this.search.query, mode: byId("mode").value, selected: this.selected,
      word: this.data.labels[this.selected] ?? "",
    }));
  }

  placeTip() {
    if (this.hovered < 0) return;
    const { x, y, z } = this.data;
    const i = this.hovered;
    const place = this.camera.project(x[i], y[i], z[i], {});
    const tip = byId("tip");
    const [width, height] = [tip.offsetWidth, tip.offsetHeight];
    const left = clamp(place.x - width / 2, 8, Math.max(8, this.camera.width - width - 8));
    const below = place.y + 16 + height < this.camera.height;
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? place.y + 14 : place.y - height - 34)}px)`;
  }
}

async function start() {
  const texts = new Texts();
  texts.fill();
  try {
    const data = await PlotData.read(byId("plot-data"));
    const app = new App(data, texts);
    document.body.classList.toggle("orbit", data.dimensions === 3);
    byId("loading").hidden = true;
    /** For whoever scripts the page. */
    window.embeddingPlot = Object.freeze({ app, ready: true });
  } catch (error) {
    byId("loading").hidden = true;
    byId("failure").hidden = false;
    byId("failure").textContent = texts.get("failed", { reason: error.message });
  }
}

start();
