// Colours and sizes of the points. The ramps rise evenly in lightness, so that they read without colour vision and in print.

/** OKLCH (lightness 0…1, chroma, hue in degrees) to linear sRGB; components outside 0…1 lie outside the gamut. */
function oklchToLinear(lightness, chroma, hue) {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** OKLCH to 8-bit sRGB; chroma is lowered until the colour exists. */
function oklchToBytes(lightness, chroma, hue) {
  let linear = oklchToLinear(lightness, chroma, hue);
  while (chroma > 0 && linear.some((c) => c < -1e-4 || c > 1.0001)) {
    chroma = Math.max(0, chroma - 0.005);
    linear = oklchToLinear(lightness, chroma, hue);
  }
  return linear.map((c) => {
    const value = Math.min(1, Math.max(0, c));
    return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
  });
}

// Lightness, chroma, hue from the rarest word to the most frequent; the rare ones recede into the background.
const rampStops = {
  light: [[0.77, 0.09, 195], [0.66, 0.12, 225], [0.54, 0.17, 262], [0.43, 0.2, 290], [0.33, 0.16, 325]],
  dark: [[0.51, 0.14, 290], [0.58, 0.14, 262], [0.7, 0.12, 220], [0.82, 0.14, 165], [0.94, 0.15, 105]],
};

/** 256 colours, 3 bytes each. */
function makeRamp(dark) {
  const stops = rampStops[dark ? "dark" : "light"];
  const ramp = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(place));
    const mix = stops[k].map((value, part) => value + (stops[k + 1][part] - value) * (place - k));
    ramp.set(oklchToBytes(...mix), 3 * i);
  }
  return ramp;
}

/**
 * How prominent each point is, 0 (rarest) to 1: the logarithm of its count, or of its rank when counts are unknown.
 */
function prominence(data) {
  const n = data.count;
  const values = new Float32Array(n);
  if (n === 0) return values;
  const level = data.counts ? (i) => Math.log(data.counts[i] + 1) : (i) => -Math.log(i + 1);
  const top = level(0);
  const bottom = level(n - 1);
  for (let i = 0; i < n; i++) values[i] = top > bottom ? (level(i) - bottom) / (top - bottom) : 0.5;
  return values;
}

/**
 * Where a prominence lies on the ramp. Words follow Zipf's law: nearly all are rare. The root gives them more of the
 * ramp than an even scale would.
 */
const rampPlace = (prominence) => prominence ** 0.6;

/** A colour for each group, 3 bytes: hues around the circle, neighbours apart in lightness too. */
function makeGroupColors(count, dark) {
  const colors = new Uint8Array(3 * count);
  for (let g = 0; g < count; g++) {
    const lightness = dark ? (g % 2 ? 0.66 : 0.8) : g % 2 ? 0.68 : 0.52;
    // Large groups come first: steps of the golden angle keep them far apart on the circle.
    colors.set(oklchToBytes(lightness, 0.16, (262 + 137.508 * g) % 360), 3 * g);
  }
  return colors;
}

/** The points' colours by group; sizes as by prominence. */
function colorByGroup(colors, groups, groupColors) {
  for (let i = 0; i < groups.length; i++) {
    for (let part = 0; part < 3; part++) colors[4 * i + part] = groupColors[3 * groups[i] + part];
  }
}

/** Red, green, blue and size (0…255) of every point, in order of rank. */
function pointColors(prominences, ramp) {
  const colors = new Uint8Array(4 * prominences.length);
  for (let i = 0; i < prominences.length; i++) {
    const k = 3 * Math.round(255 * rampPlace(prominences[i]));
    colors[4 * i] = ramp[k];
    colors[4 * i + 1] = ramp[k + 1];
    colors[4 * i + 2] = ramp[k + 2];
    colors[4 * i + 3] = Math.round(255 * prominences[i]);
  }
  return colors;
}

/** The bytes of a CSS colour such as #1b1f27. */
function hexToBytes(hex) {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

/** Diameter of a middling point in pixels: by the room that a point has, growing gently with the zoom. */
function pointDiameter(camera, count) {
  const room = Math.sqrt((0.6 * camera.width * camera.height) / Math.max(1, count));
  const zoom = Math.max(0.6, camera.zoom);
  return clamp(clamp(0.52 * room, 2.1, 7.5) * zoom ** 0.36, 1.5, 16);
}

/** The denser the points lie on the screen, the more they let shine through. */
function pointAlpha(camera, count, diameter) {
  const area = 0.5 * camera.width * camera.height * Math.max(0.2, camera.zoom) ** 2;
  const cover = (count * 0.785 * diameter ** 2) / area;
  return clamp(0.95 - 0.5 * cover, 0.5, 0.92);
}

/** How much larger than a middling point one of this prominence is. */
const pointGrowth = (prominence) => 0.78 + 0.9 * prominence ** 2;
