// What the rules found in a run, in the language of the page. The sentences are in advice-strings.js.

import { make, makeIcon, replaceRows } from "./dom.js";
import { fillPlaces, texts } from "./texts.js";

const severities = ["problem", "warning", "hint", "good"];
const severityKeys = { problem: "adviceProblem", warning: "adviceWarning", hint: "adviceHint", good: "adviceGood" };

/** Values that are sizes of memory. */
const gigabytes = new Set(["resident", "available", "machine"]);

/** The sentence of an advice, or null when this page does not know its rule. */
export function adviceSentence(item) {
  const table = adviceStrings[texts.language];
  if (!table || !Object.hasOwn(table, item.rule)) return null;
  const values = { ...item.values, since: item.since, layer: item.layer };
  const shown = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (name === "layer") shown[name] = shortWord(String(value), 60);
    else if (gigabytes.has(name)) shown[name] = texts.bytes(value * 1e9);
    else if (typeof value !== "number") shown[name] = shortWord(String(value), 60);
    else shown[name] = Number.isInteger(value) && Math.abs(value) < 1e15 ? texts.number(value) : texts.value(value);
  }
  return fillPlaces(table[item.rule], shown);
}

/** Where the bounds of healthy values come from. */
export function boundsNote() {
  return adviceStrings[texts.language]?.boundsNote ?? "";
}

/** Fills a list with advice, the most severe first. Good news only where there is no other. */
export function adviceItems(list, items) {
  const known = items.map((item) => ({ ...item, sentence: adviceSentence(item) })).filter((item) => item.sentence !== null);
  const sorted = known.filter((item) => severities.includes(item.severity))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const shown = sorted.some((item) => item.severity !== "good") ? sorted.filter((item) => item.severity !== "good") : sorted;
  list.hidden = shown.length === 0;
  replaceRows(list, () => shown.map(makeItem), JSON.stringify([texts.language, shown.map(({ severity, sentence }) => [severity, sentence])]));
}

function makeItem({ severity, sentence }) {
  const item = make("li", `advice-item ${severity}`);
  const icon = makeIcon(severity);
  const text = make("span");
  text.append(make("span", "offscreen", `${texts.get(severityKeys[severity])}: `), make("span", "", sentence));
  item.append(icon, text);
  return item;
}

/** The worst severity of what is said of a layer, or null. */
export function worstSeverity(items, layer) {
  const own = items.filter((item) => item.layer === layer && adviceSentence(item) !== null);
  return severities.find((severity) => own.some((item) => item.severity === severity)) ?? null;
}
