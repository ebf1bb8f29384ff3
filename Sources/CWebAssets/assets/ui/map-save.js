// A map as a table and as a picture.

import { palette } from "./chart-base.js";
import { csvText } from "./chart-save.js";
import { make } from "./dom.js";

/**
 * The map in the form that `w2v tsne` writes and that this page opens. `side`: the length of its longest side in its own
 * unit; in sight it is 2.
 */
export function mapTable({ axes, labels, counts }, side = 2) {
  const rows = [["word", ...["x", "y", "z"].slice(0, axes.length), "rank", ...(counts ? ["count"] : [])]];
  labels.forEach((word, i) => {
    const places = axes.map((axis) => Number(((axis[i] * side) / 2).toPrecision(6)));
    rows.push([word, ...places, i + 1, ...(counts ? [counts[i]] : [])]);
  });
  return csvText(rows);
}

/** The map as it is in sight. */
export function mapPicture(view) {
  // What WebGL has drawn is there only until the page is painted.
  view.draw();
  const { width, height } = view.canvas;
  const picture = make("canvas");
  [picture.width, picture.height] = [width, height];
  const context = picture.getContext("2d");
  context.fillStyle = palette().panel;
  context.fillRect(0, 0, width, height);
  for (const canvas of [view.groundCanvas, view.canvas, view.wordsCanvas]) {
    if (canvas.width > 0 && canvas.height > 0) context.drawImage(canvas, 0, 0, width, height);
  }
  return picture;
}
