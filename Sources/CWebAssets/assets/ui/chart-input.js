// Mouse, touch and keys on a line chart.

import { clampTo } from "./dom.js";

const keyStep = 10;

/** Connects a line chart's upper canvas. */
export function connectChartInput(chart) {
  const { over, group } = chart;
  let start = null;
  let moved = false;

  const place = (event) => {
    const { frame, x } = chart.layout;
    return x.value(clampTo(event.offsetX, frame.left, frame.right));
  };
  const snapped = (position) => {
    let best = null;
    for (const line of chart.visible) {
      const i = chart.indexAt(line, position);
      if (i >= 0 && (best === null || Math.abs(line.x[i] - position) < Math.abs(best - position))) best = line.x[i];
    }
    return best ?? position;
  };

  over.addEventListener("pointermove", (event) => {
    if (!chart.layout) return;
    const position = place(event);
    if (start !== null && event.pointerType !== "touch") {
      moved ||= Math.abs(event.offsetX - start.pixel) > 4;
      if (moved) {
        chart.selection = [start.position, position];
        chart.invalidate(false);
      }
    }
    group.setCursor(snapped(position));
  });
  over.addEventListener("pointerdown", (event) => {
    if (!chart.layout || event.button !== 0) return;
    moved = false;
    start = { pixel: event.offsetX, position: place(event), trend: event.shiftKey || chart.tool === "trend" };
    if (event.pointerType === "touch") group.setCursor(snapped(start.position));
    else over.setPointerCapture(event.pointerId);
  });
  over.addEventListener("pointerup", (event) => {
    if (start !== null && chart.layout) {
      if (moved) finish(chart, start.trend);
      else if (event.pointerType !== "touch" || event.isPrimary) group.onPick?.(snapped(start.position));
    }
    start = null;
  });
  over.addEventListener("pointercancel", () => {
    start = null;
    chart.selection = null;
    chart.invalidate(false);
  });
  over.addEventListener("pointerleave", () => {
    if (start === null && document.activeElement !== over) group.setCursor(null);
  });
  over.addEventListener("dblclick", () => group.setRange(null));
  over.addEventListener("blur", () => group.setCursor(null));
  over.addEventListener("keydown", (event) => {
    if (!chart.layout || event.ctrlKey && !event.key.startsWith("Arrow") || event.metaKey || event.altKey) return;
    if (handleKey(chart, event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

/** Ends a selection: a trend line, or the new range of all charts of the group. */
function finish(chart, trend) {
  const [from, to] = chart.selection.toSorted((a, b) => a - b);
  chart.selection = null;
  if (trend) chart.fitTrend(from, to);
  else chart.group.setRange([from, to]);
  chart.invalidate(false);
}

/** Returns whether the key meant something. */
function handleKey(chart, event) {
  const { group } = chart;
  const [low, high] = chart.xRange;
  const positions = (chart.visible[0]?.x ?? []).filter((x, i, all) => x >= low && x <= high && x !== all[i - 1]);
  const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity, PageUp: -keyStep, PageDown: keyStep };
  const move = moves[event.key];
  if (move !== undefined) {
    if (positions.length === 0) return false;
    const here = group.cursor === null ? positions.length : positions.findLastIndex((x) => x <= group.cursor);
    const next = positions[clampTo(here + move * (event.ctrlKey ? keyStep : 1), 0, positions.length - 1)];
    if (event.shiftKey) chart.selection = [chart.selection?.[0] ?? group.cursor ?? next, next];
    else chart.selection = null;
    group.setCursor(next);
    chart.invalidate(false);
    chart.announce();
    return true;
  }
  const actions = {
    Enter: () => {
      if (chart.selection) finish(chart, false);
      else if (group.cursor !== null) group.onPick?.(group.cursor);
    },
    t: () => {
      chart.selection ??= [low, high];
      finish(chart, true);
    },
    0: () => group.setRange(null),
    "+": () => zoom(chart, 0.5),
    "=": () => zoom(chart, 0.5),
    "-": () => zoom(chart, 2),
    Escape: () => {
      if (chart.selection) chart.selection = null;
      else if (chart.trend) chart.clearTrend();
      else if (group.range) group.setRange(null);
      else group.setCursor(null);
      chart.invalidate(false);
    },
  };
  const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  action?.();
  return action !== undefined;
}

/** Zooms about the crosshair, never beyond what there is. */
function zoom(chart, factor) {
  const [low, high] = chart.xRange;
  const full = chart.fullRange;
  const middle = chart.group.cursor ?? (low + high) / 2;
  const from = Math.max(full[0], middle - (middle - low) * factor);
  const to = Math.min(full[1], middle + (high - middle) * factor);
  chart.group.setRange(from <= full[0] && to >= full[1] ? null : [from, to]);
}
