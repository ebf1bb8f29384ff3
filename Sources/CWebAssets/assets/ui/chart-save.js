// A chart as a picture and as a table.

import { palette } from "./chart-base.js";
import { Histogram } from "./chart-histogram.js";
import { LineChart } from "./chart-line.js";
import { make } from "./dom.js";

export function saveBlob(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Words as a file name. */
export function fileName(words, ending) {
  const stem = words.filter(Boolean).join("-").replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 80);
  return `${stem || "chart"}.${ending}`;
}

/** A field of RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvField(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of fields as a table with lines that end as RFC 4180 wants. */
export const csvText = (rows) => rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");

/** All values of a chart. */
export function chartTable(chart) {
  if (chart instanceof LineChart) return csvText(lineRows(chart));
  if (chart instanceof Histogram) {
    const bins = chart.data ? chart.data.counts.map((_, bin) => chart.bounds(bin)) : [];
    return csvText([["from", "to", "count"], ...bins]);
  }
  const rows = chart.histograms.flatMap(({ low, high, counts }, i) => counts.map((count, bin) => {
    const width = (high - low) / counts.length;
    return [chart.iterations[i], low + bin * width, low + (bin + 1) * width, count];
  }));
  return csvText([["iteration", "from", "to", "count"], ...rows]);
}

function lineRows(chart) {
  const mode = chart.group.mode === "time" ? "seconds" : "iteration";
  const rows = [["line", mode, "mean", "low", "high", "notFinite"]];
  for (const line of chart.lines) {
    const { mean, low, high, count, nonFinite } = line.column;
    for (let i = 0; i < line.x.length; i++) {
      if (count[i] > 0 || nonFinite[i] > 0) rows.push([line.label, line.x[i], mean[i], low[i], high[i], nonFinite[i]]);
    }
  }
  return rows;
}

/** The chart as it is drawn, with its title and legend. */
export function chartPicture(chart, title) {
  const { canvas, ratio } = chart;
  const colors = palette();
  const head = 34;
  const legend = chart instanceof LineChart ? chart.visible.map((line) => [line.label, chart.color(line)]) : [];
  const foot = legend.length > 0 ? 26 : 8;
  const picture = make("canvas");
  picture.width = canvas.width + 20 * ratio;
  picture.height = canvas.height + (head + foot) * ratio;
  const context = picture.getContext("2d");
  context.fillStyle = colors.panel;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 10 * ratio, head * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = colors.ink;
  context.font = `650 15px ${colors.font}`;
  context.textBaseline = "middle";
  context.fillText(title, 16, head / 2 + 2, chart.width - 20);
  context.font = `12px ${colors.font}`;
  let x = 18;
  for (const [label, color] of legend) {
    const text = shortWord(label, 40);
    const y = head + chart.height + foot / 2 - 2;
    context.fillStyle = color;
    context.fillRect(x, y - 1.5, 14, 3);
    context.fillStyle = colors.muted;
    context.fillText(text, x + 20, y);
    x += 38 + context.measureText(text).width;
  }
  return picture;
}
