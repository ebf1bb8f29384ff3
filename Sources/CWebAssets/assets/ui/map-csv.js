// Reads a map from a table: RFC 4180 with the columns word, x, y and perhaps z, rank and count, as `w2v tsne` writes it.

import { texts } from "./texts.js";

/** A mistake in a table, with the line on which it stands. */
export class CSVError extends Error {
  constructor(key, values = {}) {
    super(texts.get(key, values));
  }
}

/** The records of a table: { line, fields }. Quoted fields may hold commas, quotes and line breaks. */
export function* csvRecords(text) {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields = [];
    for (;;) {
      let field;
      if (text[at] === '"') {
        const parts = [];
        let from = at + 1;
        for (;;) {
          const quote = text.indexOf('"', from);
          if (quote < 0) throw new CSVError("csvOpenQuote", { line: start });
          parts.push(text.slice(from, quote));
          from = quote + 1;
          if (text[from] !== '"') break;
          parts.push('"');
          from++;
        }
        field = parts.join("");
        for (let k = at; k < from; k++) if (text.charCodeAt(k) === 10) line++;
        at = from;
        if (at < text.length && !",\r\n".includes(text[at])) throw new CSVError("csvAfterQuote", { line });
      } else {
        const from = at;
        while (at < text.length) {
          const code = text.charCodeAt(at);
          if (code === 44 || code === 10 || code === 13) break;
          at++;
        }
        field = text.slice(from, at);
      }
      fields.push(field);
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    yield { line: start, fields };
  }
}

/** Most points that a page can show. */
const pointLimit = 1_000_000;

/** { labels, columns (2 or 3 arrays of coordinates), counts (or null) }, the most frequent word first. */
export function readMap(text) {
  const records = csvRecords(text);
  const head = records.next().value;
  if (!head || (head.fields.length === 1 && head.fields[0] === "")) throw new CSVError("csvEmpty");
  const names = head.fields.map((name) => name.trim().toLowerCase());
  const place = (name) => names.indexOf(name);
  for (const name of ["word", "x", "y"]) {
    if (place(name) < 0) throw new CSVError("csvNoColumn", { name, found: shortWord(names.join(", "), 60) });
  }
  const axes = ["x", "y", "z"].filter((name) => place(name) >= 0);
  const rows = [];
  for (const { line, fields } of records) {
    if (fields.length === 1 && fields[0] === "") continue;
    if (fields.length !== names.length) throw new CSVError("csvFields", { line, expected: names.length, found: fields.length });
    if (rows.length === pointLimit) throw new CSVError("csvTooMany", { limit: texts.number(pointLimit) });
    const number = (name) => {
      const field = fields[place(name)];
      const value = field.trim() === "" ? NaN : Number(field);
      if (!Number.isFinite(value)) throw new CSVError("csvNoNumber", { line, name, found: shortWord(field, 30) });
      return value;
    };
    rows.push({
      word: fields[place("word")],
      at: axes.map(number),
      rank: place("rank") >= 0 ? number("rank") : rows.length + 1,
      count: place("count") >= 0 ? number("count") : null,
    });
  }
  if (rows.length === 0) throw new CSVError("csvEmpty");
  rows.sort((a, b) => a.rank - b.rank);
  return {
    labels: rows.map((row) => row.word),
    columns: axes.map((_, d) => Float64Array.from(rows, (row) => row.at[d])),
    counts: place("count") >= 0 ? Float64Array.from(rows, (row) => row.count) : null,
  };
}
