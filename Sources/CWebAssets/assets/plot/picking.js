// Which point lies under the cursor, and which lie near a point on the map. Never a look at all points on a move.

/** Points in the cells of a grid over a rectangle; cell c holds items[starts[c]] … items[starts[c + 1] - 1]. */
class CellGrid {
  constructor(xs, ys, count, left, bottom, width, height, cell) {
    this.left = left;
    this.bottom = bottom;
    this.cell = cell;
    this.columns = Math.max(1, Math.ceil(width / cell));
    this.rows = Math.max(1, Math.ceil(height / cell));
    const cells = this.columns * this.rows;
    const home = new Int32Array(count);
    this.starts = new Uint32Array(cells + 1);
    for (let i = 0; i < count; i++) {
      const column = Math.floor((xs[i] - left) / cell);
      const row = Math.floor((ys[i] - bottom) / cell);
      const inside = column >= 0 && row >= 0 && column < this.columns && row < this.rows;
      home[i] = inside ? row * this.columns + column : -1;
      if (inside) this.starts[home[i] + 1]++;
    }
    for (let c = 0; c < cells; c++) this.starts[c + 1] += this.starts[c];
    this.items = new Uint32Array(this.starts[cells]);
    const next = this.starts.slice();
    for (let i = 0; i < count; i++) if (home[i] >= 0) this.items[next[home[i]]++] = i;
  }

  /** Calls `visit` for every point in the cells around (x, y). */
  around(x, y, radius, visit) {
    const range = (value, low, limit) => clamp(Math.floor((value - low) / this.cell), 0, limit - 1);
    const [c0, c1] = [range(x - radius, this.left, this.columns), range(x + radius, this.left, this.columns)];
    const [r0, r1] = [range(y - radius, this.bottom, this.rows), range(y + radius, this.bottom, this.rows)];
    for (let row = r0; row <= r1; row++) {
      const first = this.starts[row * this.columns + c0];
      const end = this.starts[row * this.columns + c1 + 1];
      for (let k = first; k < end; k++) visit(this.items[k]);
    }
  }
}

class Picker {
  constructor(data) {
    this.data = data;
    this.flat = data.dimensions === 2;
    if (this.flat) {
      const cell = Math.max(0.002, 2 * Math.sqrt(2 / Math.max(1, data.count)));
      this.grid = new CellGrid(data.x, data.y, data.count, -1.001, -1.001, 2.002, 2.002, cell);
    } else {
      this.screenX = new Float32Array(data.count);
      this.screenY = new Float32Array(data.count);
      this.sizes = new Float32Array(data.count);
    }
    this.version = -1;
  }

  /** The point nearest to a place on the screen within `radius` pixels, or -1. The frequent one wins a tie. */
  pick(camera, screenX, screenY, radius) {
    return this.flat ? this.pickFlat(camera, screenX, screenY, radius) : this.pickOrbit(camera, screenX, screenY, radius);
  }

  pickFlat(camera, screenX, screenY, radius) {
    const { x, y } = this.data;
    const place = camera.unproject(screenX, screenY);
    const reach = radius / camera.scale;
    let best = -1;
    let least = reach * reach;
    this.grid.around(place.x, place.y, reach, (i) => {
      const distance = (x[i] - place.x) ** 2 + (y[i] - place.y) ** 2;
      if (distance < least || (distance === least && best > i)) {
        least = distance;
        best = i;
      }
    });
    return best;
  }

  /** In 3-D the points are sorted into screen cells once for each standing view; what is nearer counts more. */
  pickOrbit(camera, screenX, screenY, radius) {
    if (this.version !== camera.version) {
      this.version = camera.version;
      const { x, y, z, count } = this.data;
      const place = {};
      for (let i = 0; i < count; i++) {
        camera.project(x[i], y[i], z[i], place);
        this.screenX[i] = place.x;
        this.screenY[i] = place.y;
        this.sizes[i] = place.size;
      }
      this.grid = new CellGrid(this.screenX, this.screenY, count, 0, 0, camera.width, camera.height, 16);
    }
    let best = -1;
    let least = Infinity;
    this.grid.around(screenX, screenY, radius, (i) => {
      const distance = Math.hypot(this.screenX[i] - screenX, this.screenY[i] - screenY);
      const cost = distance - 3 * this.sizes[i];
      if (distance <= radius && cost < least) {
        least = cost;
        best = i;
      }
    });
    return best;
  }

  /** The `k` points nearest to point `i` on the map with their distances: one pass, on selection only. */
  near(i, k) {
    const { x, y, z, count } = this.data;
    const found = [];
    let limit = Infinity;
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      const distance = (x[j] - x[i]) ** 2 + (y[j] - y[i]) ** 2 + (z[j] - z[i]) ** 2;
      if (distance >= limit) continue;
      let place = found.length;
      while (place > 0 && found[place - 1].distance > distance) place--;
      found.splice(place, 0, { index: j, distance });
      if (found.length > k) found.pop();
      if (found.length === k) limit = found[k - 1].distance;
    }
    return found.map(({ index, distance }) => ({ index, distance: Math.sqrt(distance) }));
  }
}
