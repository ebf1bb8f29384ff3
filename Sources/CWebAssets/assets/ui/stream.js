// Server-Sent Events over fetch. The browser's own EventSource hides comment lines, so that a silent connection cannot
// be told from a lost one, and it cannot resume after the page itself has closed it.

const silenceLimit = 12_000;
const shortestWait = 500;
const longestWait = 15_000;

/** Splits the text of an event stream into events, however it was cut on its way. */
export class EventParser {
  constructor(emit) {
    this.emit = emit;
    this.rest = "";
    this.clear();
  }

  clear() {
    this.name = "";
    this.data = [];
  }

  push(text) {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === "") {
      if (this.data.length > 0) this.emit(this.name || "message", this.data.join("\n"), this.id);
      return this.clear();
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id") this.id = value;
  }
}

/**
 * A connection that comes back by itself: after an error, and after 12 s without a byte. It waits longer each time, up
 * to 15 s. `onState` is told "connecting", "connected" or "reconnecting"; `onOpen` whether the server goes on where the
 * last connection ended.
 */
export class EventStream {
  constructor(address, { onEvent, onState, onOpen, lastID }) {
    Object.assign(this, { address, onEvent, onState, onOpen, lastID });
    this.failures = 0;
    this.timer = 0;
    this.controller = null;
  }

  open() {
    this.onState(this.failures === 0 ? "connecting" : "reconnecting");
    const controller = new AbortController();
    this.controller = controller;
    this.run(controller).catch(() => {}).finally(() => {
      clearTimeout(this.watchdog);
      if (this.controller === controller) this.retry();
    });
  }

  close() {
    const { controller } = this;
    this.controller = null;
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    controller?.abort();
  }

  retry() {
    this.controller = null;
    this.failures++;
    this.onState("reconnecting");
    const wait = Math.min(longestWait, shortestWait * 2 ** Math.min(10, this.failures - 1)) * (0.75 + 0.5 * Math.random());
    this.timer = setTimeout(() => this.open(), wait);
  }

  alive(controller) {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => controller.abort(), silenceLimit);
  }

  async run(controller) {
    this.alive(controller);
    const last = this.lastID?.();
    const headers = { Accept: "text/event-stream" };
    if (last !== undefined && last >= 0) headers["Last-Event-ID"] = String(last);
    const response = await fetch(this.address, { headers, signal: controller.signal, cache: "no-store" });
    const kind = response.headers.get("Content-Type") ?? "";
    if (!response.ok || !kind.startsWith("text/event-stream")) throw new Error(`no event stream: ${response.status}`);
    this.failures = 0;
    this.onState("connected");
    this.onOpen("Last-Event-ID" in headers);
    const parser = new EventParser((name, data) => {
      if (this.controller === controller) this.onEvent(name, JSON.parse(data));
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.alive(controller);
      parser.push(value);
    }
  }
}
