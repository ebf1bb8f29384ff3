// The 3-D camera: it circles a target and looks at it in perspective.

class OrbitCamera {
  constructor(data) {
    this.measure(data);
    this.target = [0, 0, 0];
    this.yaw = 0.6;
    this.pitch = 0.35;
    this.zoom = 1;
    this.width = 1;
    this.height = 1;
    this.insets = { left: 0, right: 0, top: 0, bottom: 0 };
    this.version = 0;
    this.flight = null;
    this.pull = null;
    this.update();
  }

  /** Takes the size of the sphere around all points from their places. */
  measure(data) {
    let farthest = 0;
    for (let i = 0; i < data.count; i++) {
      farthest = Math.max(farthest, data.x[i] ** 2 + data.y[i] ** 2 + data.z[i] ** 2);
    }
    this.radius = Math.max(0.05, Math.sqrt(farthest));
  }

  resize(width, height, insets) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.insets = insets;
    this.update();
  }

  get middleX() {
    return (this.width + this.insets.left - this.insets.right) / 2;
  }

  get middleY() {
    return (this.height + this.insets.top - this.insets.bottom) / 2;
  }

  /** Recomputes axes and distance after a change of the fields. */
  update() {
    const [cy, sy] = [Math.cos(this.yaw), Math.sin(this.yaw)];
    const [cp, sp] = [Math.cos(this.pitch), Math.sin(this.pitch)];
    this.right = [cy, 0, -sy];
    this.up = [-sy * sp, cp, -cy * sp];
    /** From the target to the eye. */
    this.back = [sy * cp, sp, cy * cp];
    this.distance = (3.2 * this.radius) / this.zoom;
    const free = Math.min(
      this.width - this.insets.left - this.insets.right, this.height - this.insets.top - this.insets.bottom);
    /** Pixels of one unit at distance 1. */
    this.focal = (Math.max(80, free) / 2) * 3;
    this.version++;
  }

  project(x, y, z, out) {
    const [tx, ty, tz] = this.target;
    const [px, py, pz] = [x - tx, y - ty, z - tz];
    const { right, up, back } = this;
    const depth = this.distance - (px * back[0] + py * back[1] + pz * back[2]);
    const scale = depth > 0.01 ? this.focal / depth : 0;
    out.x = scale ? this.middleX + (px * right[0] + py * right[1] + pz * right[2]) * scale : -1e6;
    out.y = scale ? this.middleY - (px * up[0] + py * up[1] + pz * up[2]) * scale : -1e6;
    out.size = scale ? Math.min(3, this.distance / depth) : 0;
    out.near = this.nearnessOf(depth);
    return out;
  }

  /** 1 for what is near, 0 for what is farthest. */
  nearnessOf(depth) {
    const { first, last } = this.nearness;
    return clamp((last - depth) / (last - first), 0, 1);
  }

  /** Depths between which points fade into the background. */
  get nearness() {
    const radius = this.radius / Math.sqrt(this.zoom);
    return { first: Math.max(0.02, this.distance - radius), last: this.distance + radius, distance: this.distance };
  }

  matrix() {
    const { right, up, back, distance, target } = this;
    const fx = (2 * this.focal) / this.width;
    const fy = (2 * this.focal) / this.height;
    const ox = (2 * this.middleX) / this.width - 1;
    const oy = 1 - (2 * this.middleY) / this.height;
    const dot = (a) => a[0] * target[0] + a[1] * target[1] + a[2] * target[2];
    const w = back.map((value) => -value);
    const w3 = distance + dot(back);
    const column = (k) => [fx * right[k] + ox * w[k], fy * up[k] + oy * w[k], 0, w[k]];
    return new Float32Array([
      ...column(0), ...column(1), ...column(2), -fx * dot(right) + ox * w3, -fy * dot(up) + oy * w3, 0, w3,
    ]);
  }

  stop() {
    this.flight = null;
    this.pull = null;
  }

  drag(dx, dy) {
    this.stop();
    this.yaw -= dx * 0.006;
    this.pitch = clamp(this.pitch + dy * 0.006, -1.55, 1.55);
    this.update();
  }

  /** Moves the target in the plane of the screen. */
  shift(dx, dy) {
    this.stop();
    const unit = this.distance / this.focal;
    this.target = this.target.map((value, k) =>
      clamp(value - (dx * this.right[k] - dy * this.up[k]) * unit, -1.5, 1.5));
    this.update();
  }

  zoomAt(screenX, screenY, factor) {
    const zoom = clamp(this.zoom * factor, 0.4, 60);
    // The point of the target's plane that lies under the cursor stays there.
    const unit = this.distance / this.focal;
    const share = 1 - this.zoom / zoom;
    const [dx, dy] = [(screenX - this.middleX) * unit * share, (this.middleY - screenY) * unit * share];
    this.target = this.target.map((value, k) => clamp(value + dx * this.right[k] + dy * this.up[k], -1.5, 1.5));
    this.zoom = zoom;
    this.update();
  }

  zoomSmoothly(screenX, screenY, factor) {
    FlatCamera.prototype.zoomSmoothly.call(this, screenX, screenY, factor);
  }

  fit(animated = true) {
    this.flyTo({ target: [0, 0, 0], zoom: 1, yaw: 0.6, pitch: 0.35 }, animated);
  }

  /** Whether the whole map is shown as at the start. */
  get isHome() {
    return this.zoom === 1 && this.yaw === 0.6 && this.pitch === 0.35 && this.target.every((value) => value === 0);
  }

  flyToPoint(x, y, z, animated = true) {
    this.flyTo({ target: [x, y, z], zoom: Math.max(this.zoom, 3), yaw: this.yaw, pitch: this.pitch }, animated);
  }

  flyTo(end, animated = true) {
    this.stop();
    const start = { target: this.target, zoom: this.zoom, yaw: this.yaw, pitch: this.pitch };
    // The shorter way around.
    const turn = 2 * Math.PI;
    start.yaw = end.yaw + (((start.yaw - end.yaw + Math.PI) % turn) + turn) % turn - Math.PI;
    const set = (t) => {
      this.target = start.target.map((value, k) => value + (end.target[k] - value) * t);
      this.zoom = start.zoom * (end.zoom / start.zoom) ** t;
      this.yaw = start.yaw + (end.yaw - start.yaw) * t;
      this.pitch = start.pitch + (end.pitch - start.pitch) * t;
      this.update();
    };
    if (!animated || reducedMotion()) return set(1);
    this.flight = (t) => {
      set(easeInOut(Math.min(1, t / 900)));
      return t >= 900;
    };
    this.flightStart = null;
    this.version++;
  }

  animate(now) {
    return FlatCamera.prototype.animate.call(this, now);
  }

  get state() {
    return [...this.target, this.zoom, this.yaw, this.pitch];
  }

  set state([x, y, z, zoom, yaw, pitch]) {
    this.stop();
    const bounded = [x, y, z].map((value) => clamp(value, -1.5, 1.5));
    Object.assign(this, {
      target: bounded, zoom: clamp(zoom, 0.4, 60), yaw: yaw % (2 * Math.PI), pitch: clamp(pitch, -1.55, 1.55),
    });
    this.update();
  }
}
