// Draws the points without WebGL: discs blended into one image by hand, which is far faster than a canvas call a point.

class ImageRenderer {
  constructor(canvas, data) {
    this.kind = "image";
    this.canvas = canvas;
    this.data = data;
    this.context = canvas.getContext("2d");
    this.hits = null;
    this.sorter = data.dimensions === 3 ? new DepthSorter(data.count) : null;
  }

  /** Nothing to take over: every picture asks the data. */
  movePoints() {}

  setColors(colors, background) {
    this.colors = colors;
    this.background = background;
  }

  setHits(hits) {
    this.hits = hits;
  }

  /** One pixel a CSS pixel: the processor paints every one of them. */
  resize(width, height) {
    this.canvas.width = Math.max(1, Math.round(width));
    this.canvas.height = Math.max(1, Math.round(height));
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.words = new Uint32Array(this.image.data.buffer);
  }

  draw(camera, view) {
    const { data, image, words, colors, background } = this;
    const ground = new Uint8Array([...background, 255]);
    words.fill(new Uint32Array(ground.buffer)[0]);
    const place = { x: 0, y: 0, size: 1, near: 1 };
    const n = data.count;
    const order = this.sorter?.sort(data, camera);
    const alpha = this.hits ? view.alpha * view.dimming : view.alpha;
    for (let k = 0; k < n; k++) {
      const i = order ? order[k] : n - 1 - k;
      camera.project(data.x[i], data.y[i], data.z[i], place);
      const weight = colors[4 * i + 3] / 255;
      const radius = 0.5 * Math.max(1.2, view.diameter * (0.78 + 0.9 * weight * weight) * place.size);
      const fade = 0.22 + 0.78 * place.near;
      this.disc(
        place.x, place.y, radius, alpha,
        background[0] + (colors[4 * i] - background[0]) * fade,
        background[1] + (colors[4 * i + 1] - background[1]) * fade,
        background[2] + (colors[4 * i + 2] - background[2]) * fade);
    }
    if (this.hits) {
      for (let k = this.hits.length - 1; k >= 0; k--) {
        const i = this.hits[k];
        camera.project(data.x[i], data.y[i], data.z[i], place);
        this.disc(place.x, place.y, 0.5 * Math.max(view.diameter * 1.5, 5) * place.size, 1, ...view.hitColor);
      }
    }
    this.context.putImageData(image, 0, 0);
  }

  disc(x, y, radius, alpha, red, green, blue) {
    const { width, height, data } = this.image;
    const left = Math.max(0, Math.floor(x - radius - 0.5));
    const right = Math.min(width - 1, Math.ceil(x + radius - 0.5));
    const top = Math.max(0, Math.floor(y - radius - 0.5));
    const bottom = Math.min(height - 1, Math.ceil(y + radius - 0.5));
    for (let row = top; row <= bottom; row++) {
      const dy = row + 0.5 - y;
      for (let column = left; column <= right; column++) {
        const dx = column + 0.5 - x;
        const cover = alpha * Math.min(1, radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
        if (cover <= 0) continue;
        const at = 4 * (row * width + column);
        data[at] += (red - data[at]) * cover;
        data[at + 1] += (green - data[at + 1]) * cover;
        data[at + 2] += (blue - data[at + 2]) * cover;
      }
    }
  }
}
