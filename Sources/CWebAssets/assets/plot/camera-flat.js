// The 2-D camera: a middle and a scale. Zoom keeps what lies under the cursor where it is.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const easeInOut = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);

class FlatCamera {
  constructor(data) {
    this.extent = data.extent;
    this.x = 0;
    this.y = 0;
    /** Times the scale at which the whole map fits. */
    this.zoom = 1;
    this.width = 1;
    this.height = 1;
    this.insets = { left: 0, right: 0, top: 0, bottom: 0 };
    /** Grows with every change of the view. */
    this.version = 0;
    this.flight = null;
    this.pull = null;
  }

  resize(width, height, insets) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.insets = insets;
    this.version++;
  }

  /** Pixels of one world unit when the whole map fits. */
  get fitScale() {
    const width = Math.max(80, this.width - this.insets.left - this.insets.right);
    const height = Math.max(80, this.height - this.insets.top - this.insets.bottom);
    const [w, h] = [Math.max(this.extent[0], 1e-3), Math.max(this.extent[1], 1e-3)];
    return 0.5 * Math.min(width / w, height / h);
  }

  get scale() {
    return this.fitScale * this.zoom;
  }

  /** The place on the screen where the camera's middle is drawn: the middle of what no panel covers. */
  get middleX() {
    return (this.width + this.insets.left - this.insets.right) / 2;
  }

  get middleY() {
    return (this.height + this.insets.top - this.insets.bottom) / 2;
  }

  project(x, y, z, out) {
    const scale = this.scale;
    out.x = this.middleX + (x - this.x) * scale;
    out.y = this.middleY - (y - this.y) * scale;
    out.size = 1;
    out.near = 1;
    return out;
  }

  unproject(screenX, screenY) {
    const scale = this.scale;
    return { x: this.x + (screenX - this.middleX) / scale, y: this.y - (screenY - this.middleY) / scale };
  }

  /** World to clip space, column by column. */
  matrix() {
    const sx = (2 * this.scale) / this.width;
    const sy = (2 * this.scale) / this.height;
    const offsetX = (2 * this.middleX) / this.width - 1;
    const offsetY = 1 - (2 * this.middleY) / this.height;
    return new Float32Array([
      sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 0, 0, offsetX - this.x * sx, offsetY - this.y * sy, 0, 1,
    ]);
  }

  /** No perspective: nothing grows with nearness. */
  get nearness() {
    return null;
  }

  move(change) {
    change();
    this.zoom = clamp(this.zoom, 0.4, 400);
    this.x = clamp(this.x, -1.5, 1.5);
    this.y = clamp(this.y, -1.5, 1.5);
    this.version++;
  }

  stop() {
    this.flight = null;
    this.pull = null;
  }

  drag(dx, dy) {
    this.stop();
    this.move(() => {
      this.x -= dx / this.scale;
      this.y += dy / this.scale;
    });
  }

  /** Second way to drag (right button, two fingers): the same in 2-D. */
  shift(dx, dy) {
    this.drag(dx, dy);
  }

  zoomAt(screenX, screenY, factor) {
    this.move(() => {
      const before = this.unproject(screenX, screenY);
      this.zoom = clamp(this.zoom * factor, 0.4, 400);
      const after = this.unproject(screenX, screenY);
      this.x += before.x - after.x;
      this.y += before.y - after.y;
    });
  }

  /** Zooms over the next few frames, as a wheel's notches do. */
  zoomSmoothly(screenX, screenY, factor) {
    this.flight = null;
    if (reducedMotion()) return this.zoomAt(screenX, screenY, factor);
    const rest = this.pull ? this.pull.rest : 0;
    this.pull = { x: screenX, y: screenY, rest: rest + Math.log(factor), time: 0 };
    this.version++;
  }

  fit(animated = true) {
    this.flyTo({ x: 0, y: 0, zoom: 1 }, animated);
  }

  /** Brings a point to the middle, near enough to see its surroundings. */
  flyToPoint(x, y, z, animated = true) {
    this.flyTo({ x, y, zoom: Math.max(this.zoom, this.closeZoom ?? 6) }, animated);
  }

  /**
   * Flies on the path of van Wijk and Nuij, "Smooth and efficient zooming and panning" (2003): far targets are reached
   * by rising, moving and sinking, which keeps the picture's apparent speed even.
   */
  flyTo(target, animated = true) {
    this.stop();
    if (!animated || reducedMotion()) {
      return this.move(() => Object.assign(this, target));
    }
    const rho = 1.3;
    const span = Math.min(this.width, this.height) / this.fitScale;
    const w0 = span / this.zoom;
    const w1 = span / target.zoom;
    const [x0, y0] = [this.x, this.y];
    const [dx, dy] = [target.x - x0, target.y - y0];
    const distance = Math.hypot(dx, dy);
    let length;
    let at;
    if (distance < 1e-6 * w0) {
      length = Math.abs(Math.log(w1 / w0)) / rho;
      at = (s) => [0, w0 * Math.exp((w1 < w0 ? -1 : 1) * rho * s)];
    } else {
      const squares = rho ** 4 * distance ** 2;
      const b0 = (w1 ** 2 - w0 ** 2 + squares) / (2 * w0 * rho ** 2 * distance);
      const b1 = (w1 ** 2 - w0 ** 2 - squares) / (2 * w1 * rho ** 2 * distance);
      const r0 = -Math.asinh(b0);
      const r1 = -Math.asinh(b1);
      length = (r1 - r0) / rho;
      at = (s) => {
        const angle = rho * s + r0;
        const along = (w0 / rho ** 2) * (Math.cosh(r0) * Math.tanh(angle) - Math.sinh(r0));
        return [along / distance, (w0 * Math.cosh(r0)) / Math.cosh(angle)];
      };
    }
    if (!(length > 1e-6)) return this.move(() => Object.assign(this, target));
    const duration = clamp(420 + 260 * length, 450, 1500);
    this.flight = (t) => {
      const done = t >= duration;
      const [share, width] = at(length * easeInOut(Math.min(1, t / duration)));
      this.move(() => {
        this.x = done ? target.x : x0 + share * dx;
        this.y = done ? target.y : y0 + share * dy;
        this.zoom = done ? target.zoom : span / width;
      });
      return done;
    };
    this.flightStart = null;
    this.version++;
  }

  /** Advances a movement. Returns whether there is more to come. */
  animate(now) {
    if (this.flight) {
      this.flightStart ??= now;
      if (this.flight(now - this.flightStart)) this.flight = null;
      return this.flight !== null;
    }
    if (this.pull) {
      const passed = this.pull.time ? Math.min(64, now - this.pull.time) : 16;
      const part = this.pull.rest * (1 - Math.exp(-passed / 70));
      this.pull.time = now;
      this.pull.rest -= part;
      if (Math.abs(this.pull.rest) < 0.002) {
        const { x, y } = this.pull;
        const rest = this.pull.rest + part;
        this.pull = null;
        this.zoomAt(x, y, Math.exp(rest));
        return false;
      }
      this.zoomAt(this.pull.x, this.pull.y, Math.exp(part));
      return true;
    }
    return false;
  }

  /** Whether the whole map is shown as at the start. */
  get isHome() {
    return this.x === 0 && this.y === 0 && this.zoom === 1;
  }

  get state() {
    return [this.x, this.y, this.zoom];
  }

  set state([x, y, zoom]) {
    this.stop();
    this.move(() => Object.assign(this, { x, y, zoom }));
  }
}
