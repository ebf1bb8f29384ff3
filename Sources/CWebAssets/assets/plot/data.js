// Reads the plot data: base64 in an inert element, gzip inside, then the layout of docs/file-formats.md.

/** The bytes of a base64 text. `Uint8Array.from` with a callback takes seconds for megabytes; a loop does not. */
function decodeBase64(text) {
  if (typeof Uint8Array.fromBase64 === "function") return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Unpacks gzip; the stream of a Blob touches no network. */
async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const containerMagic = "W2VPLOT\n";

/** Splits the container into its header and its sections (name → bytes). Unknown sections are kept, not read. */
function readContainer(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 8));
  if (bytes.length < 16 || magic !== containerMagic) throw new Error("the data does not begin as plot data does");
  const version = view.getUint32(8, true);
  if (version !== 1) throw new Error(`plot data of version 1 expected, found version ${version}`);
  const bodyStart = 16 + view.getUint32(12, true);
  if (bodyStart > bytes.length) throw new Error("the plot data breaks off in its header");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(16, bodyStart)));
  const sections = new Map();
  for (const { name, encoding, offset, length } of header.sections) {
    const start = bodyStart + offset;
    if (!(offset >= 0 && length >= 0 && start + length <= bytes.length)) {
      throw new Error(`the plot data breaks off in section ${name}`);
    }
    sections.set(name, { encoding, bytes: bytes.subarray(start, start + length) });
  }
  return { header, sections };
}

function sectionBytes(sections, name, encoding) {
  const section = sections.get(name);
  if (!section) throw new Error(`section ${name} is missing`);
  if (section.encoding !== encoding) throw new Error(`section ${name}: unknown encoding ${section.encoding}`);
  return section.bytes;
}

/** High bytes, then low bytes, back to 16-bit numbers. */
function joinPlanes(bytes, count) {
  if (bytes.length !== 2 * count) throw new Error("a coordinate section has the wrong length");
  const values = new Uint16Array(count);
  for (let i = 0; i < count; i++) values[i] = (bytes[i] << 8) | bytes[count + i];
  return values;
}

function readLines(bytes, count) {
  const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
  lines.pop();
  if (lines.length !== count) throw new Error(`${count} labels expected, found ${lines.length}`);
  for (let i = 0; i < count; i++) {
    if (lines[i].includes("\\")) lines[i] = lines[i].replace(/\\(.)/gs, (_, c) => (c === "n" ? "\n" : c));
  }
  return lines;
}

function readGroups(bytes, count, groups) {
  if (bytes.length !== count) throw new Error("the section of groups has the wrong length");
  if (bytes.some((group) => group >= groups)) throw new Error("a point is in a group that has no name");
  return bytes;
}

/** The first value, then how much each falls; as doubles, since counts may pass 32 bits. */
function readFallingVarints(bytes, count) {
  const values = new Float64Array(count);
  let position = 0;
  let previous = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    let factor = 1;
    for (;;) {
      if (position >= bytes.length) throw new Error("the counts break off");
      const byte = bytes[position++];
      value += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
    }
    previous = i === 0 ? value : previous - value;
    values[i] = previous;
  }
  return values;
}

/**
 * The points of the map. Position in every array is rank - 1: the most frequent word comes first.
 * `x`, `y`, `z` are world coordinates: the map's middle is 0, its longest side reaches from -1 to 1.
 */
class PlotData {
  constructor(bytes) {
    const { header, sections } = readContainer(bytes);
    const n = header.points;
    this.count = n;
    this.dimensions = header.dimensions;
    this.title = String(header.title ?? "");
    this.summary = header.summary ?? {};
    this.minimum = header.minimum;
    this.step = header.step;
    const names = ["x", "y", "z"].slice(0, this.dimensions);
    this.quanta = names.map((name) => joinPlanes(sectionBytes(sections, name, "u16-planes"), n));
    this.extent = [0, 0, 0];
    const world = this.quanta.map((quanta, axis) => {
      let largest = 0;
      for (let i = 0; i < n; i++) if (quanta[i] > largest) largest = quanta[i];
      this.extent[axis] = largest / 65535;
      const values = new Float32Array(n);
      for (let i = 0; i < n; i++) values[i] = (2 * quanta[i] - largest) / 65535;
      return values;
    });
    this.x = world[0];
    this.y = world[1];
    this.z = world[2] ?? new Float32Array(n);
    this.labels = readLines(sectionBytes(sections, "labels", "lines"), n);
    this.counts = sections.has("counts")
      ? readFallingVarints(sectionBytes(sections, "counts", "falling-varint"), n)
      : null;
    /** Names of the groups and the group of each point, when there are groups. */
    this.groupNames = sections.has("groups") && Array.isArray(header.groups) ? header.groups.map(String) : null;
    this.groups = this.groupNames ? readGroups(sectionBytes(sections, "groups", "u8"), n, this.groupNames.length) : null;
  }

  /** A coordinate in the unit of the input. */
  original(axis, i) {
    return this.minimum[axis] + this.step * this.quanta[axis][i];
  }

  /** Decodes the element and drops its text, which is not needed any more. */
  static async read(element) {
    const packed = decodeBase64(element.textContent.trim());
    element.textContent = "";
    return new PlotData(await gunzip(packed));
  }
}
