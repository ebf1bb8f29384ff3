// The view in the address: camera, search and selection after the #, so that a link shows the same picture.

class ViewState {
  constructor() {
    this.timer = 0;
    this.written = null;
  }

  /** What the address says; nothing in it is trusted. */
  read(cameraLength) {
    const fields = new URLSearchParams(location.hash.slice(1));
    const numbers = (fields.get("view") ?? "").split(",").map(Number);
    const mode = fields.get("mode");
    return {
      camera: numbers.length === cameraLength && numbers.every(Number.isFinite) ? numbers : null,
      query: (fields.get("search") ?? "").slice(0, 1000),
      mode: searchModes.includes(mode) ? mode : "contains",
      rank: Number.parseInt(fields.get("rank") ?? "", 10),
      word: fields.get("word"),
    };
  }

  /** Writes the address a moment later: browsers limit how often it may change. */
  write(describe) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { camera, query, mode, selected, word } = describe();
      const fields = new URLSearchParams();
      if (query) fields.set("search", query);
      if (query && mode !== "contains") fields.set("mode", mode);
      if (selected >= 0) {
        fields.set("rank", selected + 1);
        // A lone half of a surrogate pair has no place in an address.
        if (word.length <= 200) fields.set("word", word.toWellFormed?.() ?? word);
      }
      const parts = [fields.toString()];
      if (camera) parts.unshift(`view=${camera.map((value) => +value.toFixed(5)).join(",")}`);
      const text = parts.filter((part) => part !== "").join("&");
      this.written = text === "" ? "" : `#${text}`;
      if (this.written !== location.hash) {
        history.replaceState(null, "", this.written === "" ? location.pathname + location.search : this.written);
      }
    }, 350);
  }
}
