// Mouse, touch, pen and keyboard.

/** Turns the pointers on the map into the app's actions: drag, pinch, tap, hover, wheel. */
class PointerInput {
  constructor(element, app) {
    this.element = element;
    this.app = app;
    this.pointers = new Map();
    this.travelled = 0;
    this.lastTap = { time: -Infinity, x: 0, y: 0 };
    const on = (name, handle, options) => element.addEventListener(name, handle, options);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", (event) => this.cancel(event));
    on("pointerleave", () => app.hover(-1));
    on("contextmenu", (event) => event.preventDefault());
    on("wheel", (event) => this.wheel(event), { passive: false });
  }

  down(event) {
    if (event.button > 2) return;
    this.element.setPointerCapture(event.pointerId);
    if (this.pointers.size === 0) this.travelled = 0;
    else this.travelled = Infinity;
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.app.camera.stop();
  }

  move(event) {
    const pointer = this.pointers.get(event.pointerId);
    if (!pointer) {
      if (event.pointerType !== "touch") this.app.pointAt(event.offsetX, event.offsetY);
      return;
    }
    const { camera } = this.app;
    const dx = event.offsetX - pointer.x;
    const dy = event.offsetY - pointer.y;
    this.travelled += Math.hypot(dx, dy);
    if (this.pointers.size === 1) {
      const slack = event.pointerType === "touch" ? 10 : 4;
      if (this.travelled <= slack) return;
      this.element.classList.add("dragging");
      this.app.hover(-1);
      if (event.shiftKey || event.buttons & 6) camera.shift(dx, dy);
      else camera.drag(dx, dy);
    } else {
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const before = Math.hypot(pointer.x - other.x, pointer.y - other.y);
      const after = Math.hypot(event.offsetX - other.x, event.offsetY - other.y);
      camera.shift(dx / 2, dy / 2);
      if (before > 8 && after > 8) {
        camera.zoomAt((event.offsetX + other.x) / 2, (event.offsetY + other.y) / 2, after / before);
      }
    }
    pointer.x = event.offsetX;
    pointer.y = event.offsetY;
    this.app.requestDraw();
  }

  up(event) {
    const slack = event.pointerType === "touch" ? 10 : 4;
    const isTap = this.pointers.size === 1 && this.travelled <= slack && event.button === 0;
    this.cancel(event);
    if (isTap) this.tap(event);
  }

  /** One tap selects, a second one at the same place zooms: not every browser tells of double taps. */
  tap(event) {
    const { offsetX: x, offsetY: y, timeStamp: time } = event;
    const again = time - this.lastTap.time < 320 && Math.hypot(x - this.lastTap.x, y - this.lastTap.y) < 24;
    this.lastTap = { time: again ? -Infinity : time, x, y };
    if (!again) return this.app.tap(x, y, event.pointerType === "touch" ? 22 : 10);
    this.app.camera.zoomSmoothly(x, y, event.shiftKey ? 0.5 : 2);
    this.app.requestDraw();
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.element.classList.remove("dragging");
  }

  wheel(event) {
    event.preventDefault();
    // Lines and pages to pixels; a pinch on a touch pad comes as a wheel with Ctrl and small steps.
    const unit = [1, 16, 400][event.deltaMode] ?? 1;
    const amount = clamp(event.deltaY * unit * (event.ctrlKey ? 6 : 1), -240, 240);
    const factor = Math.exp(-amount * 0.0022);
    if (Math.abs(amount) < 40) this.app.camera.zoomAt(event.offsetX, event.offsetY, factor);
    else this.app.camera.zoomSmoothly(event.offsetX, event.offsetY, factor);
    this.app.hover(-1);
    this.app.requestDraw();
  }
}

/** Keys that work everywhere on the page, except while text is typed. */
function handleKey(event, app) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.key === "Escape") return app.escape();
  const target = event.target;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
  const onButton = target instanceof HTMLButtonElement || target.tagName === "SUMMARY";
  const { camera } = app;
  const [middleX, middleY] = [camera.middleX, camera.middleY];
  const step = event.shiftKey ? 160 : 60;
  const moves = {
    ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step],
  };
  const actions = {
    "/": () => app.focusSearch(),
    "+": () => camera.zoomSmoothly(middleX, middleY, 1.5),
    "=": () => camera.zoomSmoothly(middleX, middleY, 1.5),
    "-": () => camera.zoomSmoothly(middleX, middleY, 1 / 1.5),
    "0": () => camera.fit(),
    "?": () => app.showHelp(),
    l: () => app.toggleLabels(),
    c: () => app.toggleColoring(),
    t: () => app.theme.toggle(),
  };
  const move = moves[event.key];
  if (move) camera.drag(...move);
  else if (event.key === "Enter" && !onButton) app.enter(event.shiftKey ? -1 : 1);
  else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
  app.requestDraw();
}
