// Search: by part, by beginning, by regular expression; letter case and width do not count.

const foldText = (text) => text.normalize("NFKC").toLowerCase();
const searchModes = ["contains", "begins", "regex"];

class Search {
  constructor(data) {
    this.data = data;
    this.folded = null;
    this.clear();
  }

  clear() {
    this.query = "";
    /** Positions of the hits, exact ones first, then by rank; null when there is no search. */
    this.hits = null;
    this.current = -1;
    /** Key of a message about the query, or null. */
    this.problem = null;
  }

  get active() {
    return this.hits !== null;
  }

  /** Finds all hits. A faulty or endless expression finds nothing and says so. */
  run(query, mode) {
    this.clear();
    this.query = query;
    this.mode = mode;
    if (query === "") return;
    this.hits = [];
    if (mode === "regex") return this.runExpression(query);
    this.folded ??= this.data.labels.map(foldText);
    const wanted = foldText(query);
    const exact = [];
    const { folded, hits } = this;
    for (let i = 0; i < folded.length; i++) {
      if (folded[i] === wanted) exact.push(i);
      else if (mode === "begins" ? folded[i].startsWith(wanted) : folded[i].includes(wanted)) hits.push(i);
    }
    this.hits = exact.concat(hits);
  }

  runExpression(query) {
    let expression;
    try {
      expression = new RegExp(query, "iu");
    } catch {
      this.problem = "badExpression";
      return;
    }
    const { labels } = this.data;
    const end = performance.now() + 2000;
    for (let i = 0; i < labels.length; i++) {
      if (expression.test(labels[i])) this.hits.push(i);
      if (i % 64 === 0 && performance.now() > end) {
        this.problem = "slowExpression";
        return;
      }
    }
  }

  /** The next (1) or previous (-1) hit, around the ends; -1 when there is none. */
  step(direction) {
    if (!this.hits || this.hits.length === 0) return -1;
    const n = this.hits.length;
    this.current = this.current < 0 ? (direction > 0 ? 0 : n - 1) : (this.current + direction + n) % n;
    return this.hits[this.current];
  }
}
