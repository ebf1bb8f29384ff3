// What is drawn over the points: words with a soft halo, rings around the selected, the hovered and their neighbours.

const labelLimit = 320;

class Overlay {
  constructor(canvas, data, prominences, palette) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.data = data;
    this.style = new LabelStyle(data, prominences, palette.font);
    this.all = this.chooser(Array.from({ length: data.count }, (_, i) => i));
    this.hitLabels = null;
    this.showLabels = true;
  }

  chooser(indices) {
    return this.data.dimensions === 3 ? new OrbitLabels(this.style, indices) : new LabelLevels(this.style, indices);
  }

  setHits(hits) {
    this.hitLabels = hits && hits.length > 0 ? this.chooser(hits.slice(0, 4000)) : null;
  }

  resize(width, height, pixelRatio) {
    this.pixelRatio = pixelRatio;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
  }

  /** Whether words are still coming or going. */
  isMoving(camera) {
    const unsettled = (labels) => (labels instanceof OrbitLabels ? labels.moving : (labels?.isBehind(camera) ?? false));
    return (this.showLabels && unsettled(this.all)) || unsettled(this.hitLabels);
  }

  /** `marks`: selected, hovered (positions or -1), neighbors (positions), searching; `radius(i, size)` of a point. */
  draw(camera, marks, palette, radius) {
    const { context } = this;
    context.setTransform(this.pixelRatio, 0, 0, this.pixelRatio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    context.lineJoin = "round";
    context.textAlign = "center";
    context.textBaseline = "alphabetic";
    this.palette = palette;
    const boxes = new BoxTable(512);
    const special = [];
    const place = (i) => {
      const spot = camera.project(this.data.x[i], this.data.y[i], this.data.z[i], {});
      return { index: i, x: spot.x, y: spot.y, size: spot.size, opacity: 1, near: 1 };
    };
    const chosen = marks.selected >= 0 ? place(marks.selected) : null;
    const neighbors = marks.neighbors.map(place);
    if (chosen) this.drawLines(chosen, neighbors);
    for (const spot of neighbors) this.ring(spot, radius(spot.index, spot.size) + 1.5, palette.accent, 1.5);
    if (chosen) this.ring(chosen, radius(chosen.index, chosen.size) + 3.5, palette.accent, 2.5);
    const hovered = marks.hovered >= 0 ? place(marks.hovered) : null;
    if (hovered) this.ring(hovered, radius(hovered.index, hovered.size) + 2.5, palette.ink, 1.75);

    const lift = (spot) => radius(spot.index, spot.size) + 3;
    if (chosen) special.push({ ...chosen, weight: 700, grow: 3, color: palette.accent, force: true, lift: lift(chosen) + 3 });
    if (hovered && hovered.index !== marks.selected) {
      special.push({ ...hovered, weight: 700, grow: 2, color: palette.ink, force: true, lift: lift(hovered) + 2 });
    }
    for (const spot of neighbors) special.push({ ...spot, weight: 600, grow: 0.5, color: palette.ink, lift: lift(spot) });
    if (this.hitLabels) {
      for (const spot of this.hitLabels.visible(camera, 200)) {
        special.push({ ...spot, weight: 650, grow: 0.5, color: palette.hit, lift: 1.5 * lift(spot) });
      }
    }
    const written = new Set();
    const strong = [];
    for (const label of special) {
      if (written.has(label.index)) continue;
      const box = this.box(label);
      if (!label.force && boxes.hits(...box)) continue;
      boxes.add(...box);
      written.add(label.index);
      strong.push(label);
    }
    if (this.showLabels) {
      const quiet = marks.searching ? 0.28 : chosen ? 0.5 : 1;
      for (const spot of this.all.visible(camera, labelLimit)) {
        const weight = this.style.weight(spot.index);
        const label = { ...spot, weight, grow: 0, color: palette.ink, lift: radius(spot.index, spot.size) + 2 };
        label.opacity *= quiet * (0.35 + 0.65 * spot.near);
        if (written.has(spot.index) || boxes.hits(...this.box(label))) continue;
        this.write(label);
      }
    }
    for (let k = strong.length - 1; k >= 0; k--) this.write(strong[k]);
  }

  box(label) {
    const size = this.style.size(label.index);
    const height = size + label.grow;
    const half = (this.style.width(label.index) * (height / size)) / 2 + 5;
    return [label.x - half, label.y - label.lift - height - 1, label.x + half, label.y - label.lift + 4];
  }

  write(label) {
    const { context, style, palette } = this;
    const text = style.text(label.index);
    const baseline = label.y - label.lift - 1;
    context.font = style.font(style.size(label.index) + label.grow, label.weight);
    context.globalAlpha = 0.35 * label.opacity;
    context.strokeStyle = palette.background;
    context.lineWidth = 7;
    context.strokeText(text, label.x, baseline);
    context.globalAlpha = 0.85 * label.opacity;
    context.lineWidth = 3.5;
    context.strokeText(text, label.x, baseline);
    context.globalAlpha = label.opacity;
    context.fillStyle = label.color;
    context.fillText(text, label.x, baseline);
    context.globalAlpha = 1;
  }

  ring(spot, radius, color, width) {
    const { context, palette } = this;
    if (spot.size === 0) return;
    context.beginPath();
    context.arc(spot.x, spot.y, radius, 0, 2 * Math.PI);
    context.strokeStyle = palette.background;
    context.lineWidth = width + 2;
    context.stroke();
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }

  drawLines(from, neighbors) {
    const { context, palette } = this;
    context.strokeStyle = palette.accent;
    context.globalAlpha = 0.45;
    context.lineWidth = 1.25;
    context.beginPath();
    for (const spot of neighbors) {
      if (spot.size === 0 || from.size === 0) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(spot.x, spot.y);
    }
    context.stroke();
    context.globalAlpha = 1;
  }
}
