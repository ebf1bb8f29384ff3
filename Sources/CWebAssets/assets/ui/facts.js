// Tables of facts: a term and what is known of it.

import { make, makeText, replaceRows } from "./dom.js";
import { texts } from "./texts.js";

/** A card with a list of terms and values. `extra`: elements under the list. */
export class FactsCard {
  constructor(title, className = "", extra = []) {
    this.element = make("section", `card facts-card ${className}`);
    const head = make("div", "card-head");
    head.append(makeText("h2", "", title));
    this.list = make("dl", "facts");
    this.empty = make("p", "note");
    this.element.append(head, this.list, this.empty, ...extra);
  }

  /** `rows`: [key of the term, text, class]; rows without a text are left out. */
  show(rows, emptyKey = "notTold") {
    const shown = rows.filter(([, text]) => text !== null && text !== undefined && text !== "");
    this.empty.hidden = shown.length > 0;
    this.empty.textContent = shown.length > 0 ? "" : texts.get(emptyKey);
    replaceRows(this.list, () => shown.flatMap(([key, text, className]) => {
      const value = make("dd", className ?? "");
      const name = make("bdi", "", String(text));
      name.dir = "auto";
      value.append(name);
      return [make("dt", "", texts.get(key)), value];
    }), JSON.stringify([texts.language, shown]));
  }
}

/** A folded list of a run's options, by name. */
export class OptionsList {
  constructor() {
    this.element = make("details", "options");
    this.list = make("dl", "facts");
    this.command = make("p", "command");
    this.element.append(makeText("summary", "", "allOptions"), this.command, this.list);
  }

  /** `json`: the configuration; `command`: the line that started the run, or null. */
  show(json, command) {
    const options = readOptions(json);
    this.element.hidden = options.length === 0 && !command;
    this.command.hidden = !command;
    const text = command ? shortWord(command, 400) : "";
    if (this.command.textContent !== text) this.command.textContent = text;
    replaceRows(this.list, () => options.flatMap(([name, value]) => {
      const [term, text] = [make("dt"), make("dd")];
      term.append(make("bdi", "", shortWord(name, 60)));
      text.append(make("bdi", "", shortWord(value, 120)));
      return [term, text];
    }), JSON.stringify(options));
  }
}

/** Names and values of a configuration; those of inner objects as outer.inner. */
function readOptions(json) {
  let tree;
  try {
    tree = JSON.parse(json ?? "{}");
  } catch {
    return [["configuration", String(json)]];
  }
  const rows = [];
  const walk = (value, path) => {
    if (rows.length > 200) return;
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) walk(inner, path ? `${path}.${name}` : name);
    } else {
      rows.push([path || "configuration", typeof value === "string" ? value : JSON.stringify(value)]);
    }
  };
  walk(tree, "");
  return rows;
}
