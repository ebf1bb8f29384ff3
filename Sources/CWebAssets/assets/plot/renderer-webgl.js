// Draws the points with WebGL 2: antialiased discs, the frequent ones on top of the rare ones.

// Uniforms that both shaders name must agree in precision, or the program silently fails to link: highp everywhere.
const vertexShader = `#version 300 es
precision highp float;
in vec3 position;
in vec4 look;
uniform highp mat4 matrix;
uniform highp float diameter;
uniform highp float pixelRatio;
uniform highp vec3 depths;
uniform highp vec3 background;
uniform highp vec4 tint;
out vec3 color;
out float size;
void main() {
  gl_Position = matrix * vec4(position, 1.0);
  float grown = depths.z > 0.0 ? clamp(depths.z / gl_Position.w, 0.1, 3.0) : 1.0;
  float near = depths.z > 0.0 ? clamp((depths.y - gl_Position.w) / (depths.y - depths.x), 0.0, 1.0) : 1.0;
  if (depths.z <= 0.0) gl_Position.z = 0.0;
  else gl_Position.z = gl_Position.w > 0.01 ? 0.0 : 2.0 * abs(gl_Position.w) + 1.0;
  size = max(1.2 * pixelRatio, diameter * (0.78 + 0.9 * look.a * look.a) * grown);
  gl_PointSize = size + 2.0;
  color = mix(background, mix(look.rgb, tint.rgb, tint.a), 0.22 + 0.78 * near);
}`;

const fragmentShader = `#version 300 es
precision highp float;
in vec3 color;
in float size;
uniform highp float alpha;
uniform highp float pixelRatio;
uniform highp vec3 background;
out vec4 pixel;
void main() {
  float distance = length(gl_PointCoord - 0.5) * (size + 2.0);
  float radius = 0.5 * size;
  float disc = clamp(radius - distance + 0.5, 0.0, 1.0);
  if (disc <= 0.0) discard;
  // Large discs carry a rim in the background's colour, so that neighbours stay apart.
  float rim = size > 6.0 * pixelRatio ? clamp(radius - pixelRatio - distance + 0.5, 0.0, 1.0) : 1.0;
  float a = disc * alpha;
  pixel = vec4(mix(background, color, rim) * a, a);
}`;

/** Sorts positions by depth, farthest first: two counting passes over 16 bits. */
class DepthSorter {
  constructor(count) {
    this.keys = new Uint16Array(count);
    this.order = new Uint32Array(count);
    this.starts = new Uint32Array(65537);
  }

  sort(data, camera) {
    const { keys, order, starts } = this;
    const [bx, by, bz] = camera.back;
    const { x, y, z } = data;
    const n = keys.length;
    starts.fill(0);
    for (let i = 0; i < n; i++) {
      const height = x[i] * bx + y[i] * by + z[i] * bz;
      const key = Math.min(65535, Math.max(0, (height + 1.8) * 18204));
      keys[i] = key;
      starts[keys[i] + 1]++;
    }
    for (let k = 0; k < 65536; k++) starts[k + 1] += starts[k];
    for (let i = 0; i < n; i++) order[starts[keys[i]]++] = i;
    return order;
  }
}

class WebGLRenderer {
  /** Throws when the browser has no WebGL 2. */
  constructor(canvas, data, changed) {
    this.kind = "webgl2";
    this.canvas = canvas;
    this.data = data;
    this.hits = null;
    this.lost = false;
    const options = { antialias: false, depth: false, premultipliedAlpha: true, powerPreference: "high-performance" };
    this.gl = canvas.getContext("webgl2", options);
    if (!this.gl) throw new Error("WebGL 2 is not available");
    this.sorter = data.dimensions === 3 ? new DepthSorter(data.count) : null;
    this.build();
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.lost = true;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.lost = false;
      this.build();
      if (this.colors) this.setColors(this.colors, this.background);
      this.setHits(this.hits);
      changed();
    });
  }

  compile(kind, source) {
    const { gl } = this;
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(`shader: ${gl.getShaderInfoLog(shader)}`);
    }
    return shader;
  }

  /** Programs and buffers; once more after the context was lost. */
  build() {
    const { gl } = this;
    const program = gl.createProgram();
    gl.attachShader(program, this.compile(gl.VERTEX_SHADER, vertexShader));
    gl.attachShader(program, this.compile(gl.FRAGMENT_SHADER, fragmentShader));
    gl.bindAttribLocation(program, 0, "position");
    gl.bindAttribLocation(program, 1, "look");
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`shader program: ${gl.getProgramInfoLog(program)}`);
    }
    this.program = program;
    this.uniforms = {};
    for (const name of ["matrix", "diameter", "pixelRatio", "depths", "background", "tint", "alpha"]) {
      this.uniforms[name] = gl.getUniformLocation(program, name);
    }
    this.positionBuffer = gl.createBuffer();
    this.movePoints();
    this.lookBuffer = gl.createBuffer();
    this.hitBuffer = gl.createBuffer();
    this.depthBuffer = gl.createBuffer();
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
  }

  /** Takes over the points' places; to be called when they have changed. */
  movePoints() {
    const { gl, data } = this;
    const n = data.count;
    this.positions ??= new Float32Array(3 * n);
    const { positions } = this;
    // Rarest first: what is drawn later lies on top.
    for (let i = 0, k = 3 * (n - 1); i < n; i++, k -= 3) {
      positions[k] = data.x[i];
      positions[k + 1] = data.y[i];
      positions[k + 2] = data.z[i];
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.positionBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, positions, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
  }

  /** Colour and size of every point in order of rank, and the colour of the ground. */
  setColors(colors, background) {
    const { gl } = this;
    this.colors = colors;
    this.background = background;
    const n = this.data.count;
    const source = new Uint32Array(colors.buffer);
    const reversed = new Uint32Array(n);
    for (let i = 0; i < n; i++) reversed[n - 1 - i] = source[i];
    gl.bindBuffer(gl.ARRAY_BUFFER, this.lookBuffer);
    gl.bufferData(gl.ARRAY_BUFFER, reversed, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
  }

  /** Points to be drawn on top and in the colour of hits; null for none. */
  setHits(hits) {
    this.hits = hits;
    if (!hits) return;
    const { gl } = this;
    const n = this.data.count;
    const places = Uint32Array.from(hits, (i) => n - 1 - i).reverse();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.hitBuffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, places, gl.STATIC_DRAW);
  }

  resize(width, height, pixelRatio) {
    this.pixelRatio = pixelRatio;
    this.canvas.width = Math.max(1, Math.round(width * pixelRatio));
    this.canvas.height = Math.max(1, Math.round(height * pixelRatio));
  }

  /** One picture. `view`: diameter in CSS pixels, alpha, hitColor. */
  draw(camera, view) {
    const { gl, uniforms, canvas, pixelRatio, data } = this;
    if (this.lost || gl.isContextLost()) return;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (data.count === 0) return;
    gl.useProgram(this.program);
    const unit = (bytes) => bytes.map((value) => value / 255);
    const near = camera.nearness;
    gl.uniformMatrix4fv(uniforms.matrix, false, camera.matrix());
    gl.uniform1f(uniforms.pixelRatio, pixelRatio);
    gl.uniform3f(uniforms.depths, near ? near.first : 0, near ? near.last : 1, near ? near.distance : 0);
    gl.uniform3fv(uniforms.background, unit(this.background));
    gl.uniform4f(uniforms.tint, 0, 0, 0, 0);
    gl.uniform1f(uniforms.diameter, view.diameter * pixelRatio);
    gl.uniform1f(uniforms.alpha, this.hits ? view.alpha * view.dimming : view.alpha);
    if (this.sorter) {
      const order = this.sorter.sort(data, camera);
      const last = data.count - 1;
      this.places ??= new Uint32Array(data.count);
      for (let k = 0; k < order.length; k++) this.places[k] = last - order[k];
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.depthBuffer);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, this.places, gl.DYNAMIC_DRAW);
      gl.drawElements(gl.POINTS, data.count, gl.UNSIGNED_INT, 0);
    } else {
      gl.drawArrays(gl.POINTS, 0, data.count);
    }
    if (this.hits && this.hits.length > 0) {
      gl.uniform4f(uniforms.tint, ...unit(view.hitColor), 1);
      gl.uniform1f(uniforms.diameter, Math.max(view.diameter * 1.5, 5) * pixelRatio);
      gl.uniform1f(uniforms.alpha, 1);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.hitBuffer);
      gl.drawElements(gl.POINTS, this.hits.length, gl.UNSIGNED_INT, 0);
    }
  }
}
