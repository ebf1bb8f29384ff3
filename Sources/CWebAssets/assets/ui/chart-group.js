// The charts of a page that move together: one crosshair, one zoomed range, one smoothing.

export class ChartGroup {
  constructor({ mode = "iteration", smoothing = 0 } = {}) {
    this.charts = new Set();
    /** What the horizontal axis shows: "iteration" or "time" (seconds since the start). */
    this.mode = mode;
    this.smoothing = smoothing;
    /** Where the crosshair stands, in units of the horizontal axis; null when it is not shown. */
    this.cursor = null;
    /** [from, to] while zoomed; null shows everything. */
    this.range = null;
    /** Called with a place that was clicked. */
    this.onPick = null;
  }

  add(chart) {
    this.charts.add(chart);
  }

  setCursor(x) {
    if (x === this.cursor) return;
    this.cursor = x;
    for (const chart of this.charts) chart.cursorMoved();
  }

  setRange(range) {
    this.range = range && range[1] > range[0] ? range : null;
    for (const chart of this.charts) {
      chart.rangeChanged?.();
      chart.invalidate();
    }
  }

  setSmoothing(weight) {
    this.smoothing = weight;
    for (const chart of this.charts) chart.refresh();
  }

  setMode(mode) {
    this.mode = mode;
    this.cursor = null;
    this.setRange(null);
  }
}
