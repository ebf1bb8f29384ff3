// A faint glow under a flat map where words lie densely: it gives the eye the large shapes before the points.

const groundCells = 192;

class Ground {
  constructor(canvas, data) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.density = data.dimensions === 2 && data.count >= 200 ? this.measure(data) : null;
    this.picture = document.createElement("canvas");
    this.picture.width = this.picture.height = groundCells;
  }

  /** Points per cell, smoothed; the densest cell has 1. The grid reaches a little beyond -1…1. */
  measure(data) {
    const n = groundCells;
    let cells = new Float32Array(n * n);
    const place = (value) => clamp(Math.floor((value / 1.15 + 1) * 0.5 * n), 0, n - 1);
    for (let i = 0; i < data.count; i++) cells[place(-data.y[i]) * n + place(data.x[i])]++;
    // Three boxes after each other are close to a bell curve.
    for (let pass = 0; pass < 3; pass++) {
      cells = this.blur(cells, 1, n);
      cells = this.blur(cells, n, 1);
    }
    const sorted = cells.filter((value) => value > 0).sort();
    const top = sorted[Math.floor(0.98 * (sorted.length - 1))] || 1;
    return cells.map((value) => Math.min(1, value / top));
  }

  blur(cells, step, stride) {
    const n = groundCells;
    const reach = 3;
    const result = new Float32Array(n * n);
    for (let line = 0; line < n; line++) {
      let sum = 0;
      const at = (k) => (k >= 0 && k < n ? cells[line * stride + k * step] : 0);
      for (let k = -reach; k < n; k++) {
        sum += at(k + reach) - at(k - reach - 1);
        if (k >= 0) result[line * stride + k * step] = sum / (2 * reach + 1);
      }
    }
    return result;
  }

  setColor([red, green, blue], strength) {
    if (!this.density) return;
    const context = this.picture.getContext("2d");
    const image = context.createImageData(groundCells, groundCells);
    for (let k = 0; k < this.density.length; k++) {
      image.data.set([red, green, blue, Math.round(255 * strength * this.density[k] ** 0.8)], 4 * k);
    }
    context.putImageData(image, 0, 0);
  }

  resize(width, height) {
    this.canvas.width = Math.max(1, width);
    this.canvas.height = Math.max(1, height);
  }

  /** The glow fades while zooming in: it has nothing to say about single words. */
  draw(camera) {
    const { context, canvas } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const opacity = clamp(1.3 - 0.3 * camera.zoom, 0, 1);
    if (!this.density || opacity === 0) return;
    const corner = camera.project(-1.15, 1.15, 0, {});
    const size = 2.3 * camera.scale;
    context.globalAlpha = opacity;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.picture, corner.x, corner.y, size, size);
    context.globalAlpha = 1;
  }
}
