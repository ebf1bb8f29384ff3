// Light and dark: by the system's preference, until the reader chooses.

/** Remembers choices where the browser allows it; a page from file:// may have no storage. */
const preferences = {
  get(key) {
    try {
      return localStorage.getItem(`embedding-plot.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`embedding-plot.${key}`, value);
    } catch {
      // Not remembered; nothing else depends on it.
    }
  },
};

class Theme {
  constructor(changed) {
    this.changed = changed;
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => this.apply());
    this.chosen = preferences.get("theme");
    this.apply(true);
  }

  get dark() {
    return this.chosen === "dark" || (this.chosen !== "light" && this.system.matches);
  }

  toggle() {
    this.chosen = this.dark ? "light" : "dark";
    preferences.set("theme", this.chosen);
    this.apply();
  }

  apply(first = false) {
    document.documentElement.dataset.theme = this.dark ? "dark" : "light";
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    /** What the canvas needs of the style sheet. */
    this.palette = {
      background: read("map"), ink: read("ink"), muted: read("muted"), hit: read("hit"), accent: read("accent"), glow: read("glow"),
      font: read("font"),
    };
    if (!first) this.changed();
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** Whether movements are to be jumps. */
function reducedMotion() {
  return calm.matches;
}
