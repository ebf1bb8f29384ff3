// Which words are written on the map. Frequent words come first, none covers another.

/** Font size of a word by its prominence (0…1), in half pixels: setting a canvas's font is slow, so there are few. */
const labelSize = (prominence) => Math.round(2 * (11 + 8 * prominence ** 1.6)) / 2;
/** Room between a point's middle and its label, where places are reckoned; margins cover larger points. */
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
    /** Weight → letter → width in units of the font size. */
    this.letters = {};
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

  /** The width of a word on the map in pixels. */
  width(i) {
    if (this.widths[i] === 0) {
      const text = this.text(i);
      const width = harmless.test(text) ? this.sumOfLetters(text, this.weight(i)) : this.measured(text, this.weight(i));
      this.widths[i] = Math.max(4, width * this.size(i));
    }
    return this.widths[i];
  }

  /** Width in units of the font size, as the browser lays the text out. */
  measured(text, weight) {
    if (weight !== this.measuring) this.context.font = this.font(100, weight);
    this.measuring = weight;
    return this.context.measureText(text).width / 100;
  }

  /**
   * Width by the single letters, each measured once: off by no more than kerning, and many times faster than laying out
   * every word of a large vocabulary.
   */
  sumOfLetters(text, weight) {
    const letters = (this.letters[weight] ??= new Map());
    let width = 0;
    for (const letter of text) {
      let advance = letters.get(letter);
      if (advance === undefined) letters.set(letter, (advance = this.measured(letter, weight)));
      width += advance;
    }
    return width;
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
    /** Level of each word; 255 while it has none. */
    this.levels = new Uint8Array(indices.length).fill(255);
    /** Levels up to this one are complete. */
    this.done = -1;
    this.left = indices.length;
    this.boxes = null;
    this.next = 0;
  }

  static scaleOf(level) {
    return LabelLevels.baseScale * 2 ** (level / 2);
  }

  /** The level of a scale, with fraction. */
  static at(scale) {
    return 2 * Math.log2(scale / LabelLevels.baseScale);
  }

  get complete() {
    return this.left === 0 || this.done >= LabelLevels.last;
  }

  /** Works out levels up to the given one for so many milliseconds; goes on from there the next time. */
  prepare(level, milliseconds = Infinity) {
    const end = performance.now() + milliseconds;
    while (!this.complete && this.done < level) if (!this.advance(end)) return;
  }

  /** Goes on with the next level. Returns whether it was finished before `end`. */
  advance(end) {
    const { style, indices, levels } = this;
    const { x, y } = style.data;
    const level = this.done + 1;
    const scale = LabelLevels.scaleOf(level);
    if (!this.boxes) {
      this.boxes = new BoxTable(indices.length);
      this.next = 0;
      for (let k = 0; k < indices.length; k++) {
        if (levels[k] < level) this.place(indices[k], scale, true);
      }
    }
    for (; this.next < indices.length; this.next++) {
      if (this.next % 256 === 0 && performance.now() > end) return false;
      if (levels[this.next] !== 255) continue;
      const i = indices[this.next];
      const [cx, cy] = [x[i] * scale, -y[i] * scale - labelGap];
      // Most words fail already with their middle; only the others are measured.
      if (this.boxes.hits(cx - 8, cy - 14, cx + 8, cy + 3) || !this.place(i, scale, false)) continue;
      levels[this.next] = level;
      this.left--;
    }
    this.boxes = null;
    this.done = level;
    return true;
  }

  /** Takes the room of a word at that scale; when it is not forced, only if nobody has it. */
  place(i, scale, forced) {
    const { style, boxes } = this;
    const { x, y } = style.data;
    // Margins leave the points their room: a map is no page of text.
    const half = style.width(i) / 2 + 7;
    const bottom = -y[i] * scale - labelGap;
    const [left, top, right, low] = [x[i] * scale - half, bottom - style.size(i) * 1.15 - 7, x[i] * scale + half, bottom + 7];
    if (!forced && boxes.hits(left, top, right, low)) return false;
    boxes.add(left, top, right, low);
    return true;
  }

  /** The words written in the present view, with their opacity. Until the view's level is known, those of the last one. */
  visible(camera, limit) {
    const at = LabelLevels.at(camera.scale);
    const level = Math.min(LabelLevels.last, Math.floor(at));
    this.prepare(level, 12);
    const known = this.complete ? level : Math.min(level, this.done);
    const { indices, levels } = this;
    const { x, y } = this.style.data;
    const place = {};
    const shown = [];
    for (let k = 0; k < indices.length && shown.length < limit; k++) {
      if (levels[k] > known) continue;
      const i = indices[k];
      camera.project(x[i], y[i], 0, place);
      if (place.x < -120 || place.x > camera.width + 120 || place.y < -10 || place.y > camera.height + 40) continue;
      const opacity = levels[k] === level && level > 0 ? Math.min(1, 0.15 + 3 * (at - level)) : 1;
      shown.push({ index: i, x: place.x, y: place.y, opacity, size: 1, near: 1 });
    }
    return shown;
  }

  /** Whether the present view lacks words that are still being placed. */
  isBehind(camera) {
    return !this.complete && this.done < Math.min(LabelLevels.last, Math.floor(LabelLevels.at(camera.scale)));
  }
}

/** Rectangles in a hash table of cells, to ask quickly whether a new one would cover any. */
class BoxTable {
  constructor(expected) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(256, 2 * expected)));
    this.mask = slots - 1;
    this.heads = new Int32Array(slots).fill(-1);
    /** Chains of (next, box) pairs. */
    this.chains = new Int32Array(8 * Math.max(256, expected));
    this.used = 0;
    this.boxes = new Float64Array(4 * Math.max(64, expected));
    this.count = 0;
  }

  add(left, top, right, bottom) {
    const at = 4 * this.count++;
    if (at >= this.boxes.length) this.boxes = grown(this.boxes);
    this.boxes[at] = left;
    this.boxes[at + 1] = top;
    this.boxes[at + 2] = right;
    this.boxes[at + 3] = bottom;
    const { heads, mask } = this;
    for (let row = Math.floor(top / 32); row <= Math.floor(bottom / 32); row++) {
      for (let column = Math.floor(left / 80); column <= Math.floor(right / 80); column++) {
        const cell = (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & mask;
        if (this.used + 2 > this.chains.length) this.chains = grown(this.chains);
        this.chains[this.used] = heads[cell];
        this.chains[this.used + 1] = at;
        heads[cell] = this.used;
        this.used += 2;
      }
    }
  }

  hits(left, top, right, bottom) {
    const { heads, chains, boxes, mask } = this;
    for (let row = Math.floor(top / 32); row <= Math.floor(bottom / 32); row++) {
      for (let column = Math.floor(left / 80); column <= Math.floor(right / 80); column++) {
        const cell = (Math.imul(column, 73856093) ^ Math.imul(row, 19349663)) & mask;
        for (let entry = heads[cell]; entry >= 0; entry = chains[entry]) {
          const at = chains[entry + 1];
          if (left < boxes[at + 2] && right > boxes[at] && top < boxes[at + 3] && bottom > boxes[at + 1]) return true;
        }
      }
    }
    return false;
  }
}

/** The same numbers in an array of twice the length. */
function grown(array) {
  const larger = new array.constructor(2 * array.length);
  larger.set(array);
  return larger;
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
      shown.push({ index: i, x: place.x, y: place.y, opacity: state.value, size: place.size, near: place.near });
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
