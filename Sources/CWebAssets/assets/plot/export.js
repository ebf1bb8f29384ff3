// Saving: the present view as a picture, all words as a table.

function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** The title as a file name. */
function fileName(title, ending) {
  const stem = title.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 60);
  return `${stem || "map"}.${ending}`;
}

/** The layers of the present view on the ground's colour. The canvases must just have been drawn. */
function savePicture(layers, background, title) {
  const picture = document.createElement("canvas");
  const top = layers.at(-1);
  picture.width = top.width;
  picture.height = top.height;
  const context = picture.getContext("2d");
  context.fillStyle = background;
  context.fillRect(0, 0, picture.width, picture.height);
  for (const layer of layers) context.drawImage(layer, 0, 0, picture.width, picture.height);
  picture.toBlob((blob) => blob && saveBlob(blob, fileName(title, "png")), "image/png");
}

/** RFC 4180 with the columns of the command line's table. The page's coordinates have 16 bits. */
function tableText(data) {
  const names = ["x", "y", "z"].slice(0, data.dimensions);
  const head = ["word", ...names, "rank"];
  if (data.counts) head.push("count");
  const rows = [head.join(",")];
  for (let i = 0; i < data.count; i++) {
    const word = data.labels[i];
    const field = /^$|[",\r\n]|^ | $/.test(word) ? `"${word.replaceAll('"', '""')}"` : word;
    const fields = [field, ...names.map((_, axis) => String(+data.original(axis, i).toPrecision(7))), i + 1];
    if (data.counts) fields.push(data.counts[i]);
    rows.push(fields.join(","));
  }
  return `${rows.join("\r\n")}\r\n`;
}

function saveTable(data) {
  saveBlob(new Blob([tableText(data)], { type: "text/csv;charset=utf-8" }), fileName(data.title, "csv"));
}
