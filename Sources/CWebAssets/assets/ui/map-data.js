// Maps as the plot's parts want them: world coordinates whose middle is 0 and whose longest side reaches from -1 to 1.

/** Coordinates and labels of points, to be drawn. The places may move; everything else stays. */
export class MapPoints {
  constructor(dimensions, labels, counts = null) {
    this.dimensions = dimensions;
    this.labels = labels;
    this.counts = counts;
    this.count = labels.length;
    this.x = new Float32Array(this.count);
    this.y = new Float32Array(this.count);
    this.z = new Float32Array(this.count);
    this.extent = [1, 1, dimensions === 3 ? 1 : 0];
  }

  get axes() {
    return [this.x, this.y, this.z].slice(0, this.dimensions);
  }

  /** Moves all points: `place(axis)` gives a typed array. */
  set(places) {
    this.axes.forEach((axis, d) => axis.set(places[d]));
  }

  /** Puts the points between two places; `share` 0 is the first. */
  mix(from, to, share) {
    this.axes.forEach((axis, d) => {
      const [a, b] = [from[d], to[d]];
      for (let i = 0; i < axis.length; i++) axis[i] = a[i] + (b[i] - a[i]) * share;
    });
  }
}

/** Scales columns of coordinates into the world, all by the same factor. */
export function toWorld(columns) {
  const bounds = columns.map((values) => {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low <= high ? [low, high] : [0, 0];
  });
  const side = Math.max(...bounds.map(([low, high]) => high - low));
  const factor = side > 0 ? 2 / side : 0;
  return columns.map((values, d) => {
    const middle = (bounds[d][0] + bounds[d][1]) / 2;
    return Float32Array.from(values, (value) => (value - middle) * factor);
  });
}

/** The places of a MapSnapshot of the server, and the length of the map's longest side in its own unit. */
export function unpackMap(snapshot) {
  const { count, dimensions, low, high } = snapshot;
  const binary = atob(snapshot.packed);
  if (binary.length !== 2 * count * dimensions) throw new Error("the map's sizes do not fit together");
  const levels = new Uint16Array(count * dimensions);
  for (let i = 0; i < levels.length; i++) levels[i] = binary.charCodeAt(2 * i) | (binary.charCodeAt(2 * i + 1) << 8);
  const columns = Array.from({ length: dimensions }, (_, d) => {
    const step = (high[d] - low[d]) / 65535;
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = low[d] + levels[d * count + i] * step;
    return values;
  });
  return { places: toWorld(columns), side: Math.max(...high.map((value, d) => value - low[d])) };
}
