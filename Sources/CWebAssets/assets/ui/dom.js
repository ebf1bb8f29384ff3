// Small helpers for the page's elements. Whatever comes from a run goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** An element with a class and text. */
export function make(tag, className = "", text = null) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  return element;
}

/** A name out of a run: its direction stays its own, invisible characters show, and it has an end. */
export function makeName(name, className = "name", limit = 120) {
  const element = make("bdi", className, shortWord(String(name), limit));
  element.dir = "auto";
  return element;
}

const svgSpace = "http://www.w3.org/2000/svg";

/** An SVG element with attributes. */
export function makeSVG(tag, attributes = {}) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** One of the pictures at the end of the page. */
export function makeIcon(name) {
  const svg = makeSVG("svg", { "aria-hidden": "true" });
  svg.append(makeSVG("use", { href: `#i-${name}` }));
  return svg;
}

/** A button with a picture; `name` is the key of its text. */
export function makeIconButton(icon, name, action) {
  const button = make("button", "icon");
  button.type = "button";
  button.dataset.name = name;
  button.append(makeIcon(icon));
  button.addEventListener("click", action);
  return button;
}

/** A button whose text has this key. */
export function makeButton(key, className, action) {
  const button = make("button", className);
  button.type = "button";
  button.dataset.text = key;
  button.addEventListener("click", action);
  return button;
}

/** A menu that opens under a picture; `items`: [key of the text, action]. */
export function makeMenu(icon, name, items) {
  const menu = make("details", "menu");
  const summary = make("summary", "icon");
  summary.dataset.name = name;
  summary.append(makeIcon(icon));
  const pop = make("div", "panel pop");
  pop.append(...items.map(([key, action]) => makeButton(key, "item", () => {
    menu.open = false;
    action();
  })));
  menu.append(summary, pop);
  return menu;
}

/** An element whose text has this key. */
export function makeText(tag, className, key) {
  const element = make(tag, className);
  element.dataset.text = key;
  return element;
}

/** The head of a table; `columns`: [key of the text, class]. */
export function makeTableHead(columns) {
  const row = make("tr");
  for (const [key, className] of columns) {
    const cell = makeText("th", className, key);
    cell.scope = "col";
    row.append(cell);
  }
  const head = make("thead");
  head.append(row);
  return head;
}

/** Replaces the children only when they would look different, so that a selection or a focus survives. */
export function replaceRows(parent, rows, signature) {
  if (parent.dataset.signature === signature) return false;
  parent.dataset.signature = signature;
  parent.replaceChildren(...rows());
  return true;
}

let announced = 0;

/** Says something to those who listen to the page; of several messages in a row, the last. */
export function announce(text) {
  clearTimeout(announced);
  announced = setTimeout(() => (byId("live").textContent = text), 150);
}

export const clampTo = (value, low, high) => Math.min(high, Math.max(low, value));
