// Which words are written on the map. Frequent words come first, none covers another.

/** Font size of a word by its prominence (0…1), in pixels. */
const labelSize = (prominence) => 11 + 8 * prominence ** 1.6;
const labelGap = 4;

/** Widths and texts of labels, measured when they are first needed. */
class LabelStyle {
  constructor(data, prominences, family) {
    this.data = data;
    this.prominences = prominences;
    this.family = family;
    this.context = document.createElement("canvas").getContext("2d");
    this.widths = new Float32Array(data.count);
    this.texts = new Map();
  }

  text(i) {
    let text = this.texts.get(i);
    if (text === undefined) this.texts.set(i, (text = shortWord(this.data.labels[i])));
    return text;
  }

  size(i) {
    return labelSize(this.prominences[i]);
  }

  font(size, weight) {
    return `${weight} ${size.toFixed(1)}px ${this.family}`;
  }

  weight(i) {
    return this.prominences[i] > 0.62 ? 600 : 500;
  }

  width(i) {
    if (this.widths[i] === 0) {
      this.context.font = this.font(this.size(i), this.weight(i));
      this.widths[i] = Math.max(4, this.context.measureText(this.text(i)).width);
    }
    return this.widths[i];
  }
}

/**
 * The labels of a flat map. Each word has a level, the scale from which it is written. Levels depend on nothing but the
 * map, so that labels stand still while panning and only come in while zooming: a label that has room at one scale has
 * room at every larger one, because boxes keep their size on the screen while points move apart.
 */
class LabelLevels {
  static baseScale = 100;
  static last = 24;

  /** `indices`: the words that may be written, the most important first. */
  constructor(style, indices) {
    this.style = style;
    this.indices = indices;
    this.levels = new Uint8Array(indices.length).fill(255);
    this.done = -1;
    this.left = indices.length;
  }

  static scaleOf(level) {
    return LabelLevels.baseScale * 2 ** (level / 2);
  }

  /** The level of a scale, with fraction. */
  static at(scale) {
    return 2 * Math.log2(scale / LabelLevels.baseScale);
  }

  /** Makes sure that the levels up to this one are known. */
  prepare(level) {
    while (this.done < Math.min(level, LabelLevels.last)) this.placeNext();
  }

  get complete() {
    return this.left === 0 || this.done >= LabelLevels.last;
  }

  placeNext() {
    const level = ++this.done;
    if (this.left === 0) return;
    const { style, indices, levels } = this;
    const { x, y } = style.data;
    const scale = LabelLevels.scaleOf(level);
    const boxes = new BoxTable(indices.length);
    const box = (i) => {
      // Margins leave the points their room: a map is no page of text.
      const half = style.width(i) / 2 + 7;
      const bottom = -y[i] * scale - labelGap;
      return [x[i] * scale - half, bottom - style.size(i) * 1.15 - 7, x[i] * scale + half, bottom + 7];
    };
    for (let k = 0; k < indices.length; k++) if (levels[k] < level) boxes.add(...box(indices[k]));
    for (let k = 0; k < indices.length; k++) {
      if (levels[k] !== 255) continue;
      const i = indices[k];
      const [cx, cy] = [x[i] * scale, -y[i] * scale - labelGap];
      // Most words fail already with their middle; only the others are measured.
      if (boxes.hits(cx - 8, cy - 14, cx + 8, cy + 3)) continue;
      const place = box(i);
      if (boxes.hits(...place)) continue;
      boxes.add(...place);
      levels[k] = level;
      this.left--;
    }
  }

  /** The words written in the present view, with their opacity. */
  visible(camera, limit) {
    const at = LabelLevels.at(camera.scale);
    const level = Math.min(LabelLevels.last, Math.floor(at));
    this.prepare(level);
    const { indices, levels } = this;
    const { x, y } = this.style.data;
    const place = {};
    const shown = [];
    for (let k = 0; k < indices.length && shown.length < limit; k++) {
      if (levels[k] > level) continue;
      const i = indices[k];
      camera.project(x[i], y[i], 0, place);
      if (place.x < -120 || place.x > camera.width + 120 || place.y < -10 || place.y > camera.height + 40) continue;
      const opacity = levels[k] === level && level > 0 ? Math.min(1, 0.15 + 3 * (at - level)) : 1;
      shown.push({ index: i, x: place.x, y: place.y, opacity, near: 1 });
    }
    return shown;
  }
}

/** Rectangles in a hash table of cells, to ask quickly whether a new one would cover any. */
class BoxTable {
  constructor(expected) {
    this.mask = 2 ** Math.ceil(Math.log2(Math.max(64, 4 * expected))) - 1;
    this.heads = new Int32Array(this.mask + 1).fill(-1);
    this.next = [];
    this.owner = [];
    this.boxes = [];
  }

  cells(left, top, right, bottom, visit) {
    const [c0, c1] = [Math.floor(left / 80), Math.floor(right / 80)];
    const [r0, r1] = [Math.floor(top / 32), Math.floor(bottom / 32)];
    for (let row = r0; row <= r1; row++) {
      for (let column = c0; column <= c1; column++) {
        if (visit((Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & this.mask)) return true;
      }
    }
    return false;
  }

  add(left, top, right, bottom) {
    const place = this.boxes.length;
    this.boxes.push(left, top, right, bottom);
    this.cells(left, top, right, bottom, (cell) => {
      this.owner.push(place);
      this.next.push(this.heads[cell]);
      this.heads[cell] = this.next.length - 1;
      return false;
    });
  }

  hits(left, top, right, bottom) {
    const { heads, next, owner, boxes } = this;
    return this.cells(left, top, right, bottom, (cell) => {
      for (let entry = heads[cell]; entry >= 0; entry = next[entry]) {
        const place = owner[entry];
        if (left < boxes[place + 2] && right > boxes[place] && top < boxes[place + 3] && bottom > boxes[place + 1]) {
          return true;
        }
      }
      return false;
    });
  }
}

/**
 * The labels of a 3-D map, chosen anew for every view. What was written in the last picture goes first, so that words do
 * not flicker while the map turns; words come and go softly.
 */
class OrbitLabels {
  constructor(style, indices) {
    this.style = style;
    this.indices = indices;
    this.opacities = new Map();
    this.time = 0;
    this.version = -1;
  }

  get complete() {
    return true;
  }

  /** Whether a word is still coming or going. */
  get moving() {
    for (const [, state] of this.opacities) if (state.wanted ? state.value < 1 : true) return true;
    return false;
  }

  visible(camera, limit) {
    if (this.version !== camera.version) this.choose(camera, Math.min(limit, 110));
    this.version = camera.version;
    const now = performance.now();
    const step = reducedMotion() ? 1 : Math.min(1, (now - this.time) / 180);
    this.time = now;
    const { x, y, z } = this.style.data;
    const place = {};
    const shown = [];
    for (const [i, state] of this.opacities) {
      state.value = state.wanted ? Math.min(1, state.value + step) : state.value - step;
      if (state.value <= 0) {
        this.opacities.delete(i);
        continue;
      }
      camera.project(x[i], y[i], z[i], place);
      shown.push({ index: i, x: place.x, y: place.y, opacity: state.value, near: place.near });
    }
    return shown;
  }

  choose(camera, limit) {
    const { style, indices } = this;
    const { x, y, z } = style.data;
    const boxes = new BoxTable(512);
    const place = {};
    let count = 0;
    const attempt = (i, leastNear) => {
      camera.project(x[i], y[i], z[i], place);
      if (place.size === 0 || place.near < leastNear) return false;
      if (place.x < 0 || place.x > camera.width || place.y < 0 || place.y > camera.height) return false;
      if (boxes.hits(place.x - 8, place.y - 14, place.x + 8, place.y)) return false;
      const half = style.width(i) / 2 + 10;
      const box = [place.x - half, place.y - labelGap - style.size(i) * 1.15 - 8, place.x + half, place.y + 4];
      if (boxes.hits(...box)) return false;
      boxes.add(...box);
      count++;
      return true;
    };
    for (const [i, state] of this.opacities) if (state.wanted) state.wanted = attempt(i, 0.25);
    for (let k = 0; k < indices.length && count < limit; k++) {
      const i = indices[k];
      const state = this.opacities.get(i);
      if (state?.wanted) continue;
      if (!attempt(i, 0.35)) continue;
      if (state) state.wanted = true;
      else this.opacities.set(i, { value: 0, wanted: true });
    }
  }
}
