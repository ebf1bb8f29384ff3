// The page's language and everything that depends on it: texts, numbers, times.

import { meanings } from "./meanings.js";
import { strings } from "./strings.js";

/** What belongs to this tab only; nothing is lost where the browser forbids storing. */
export const tabMemory = {
  get(key) {
    try {
      return sessionStorage.getItem(`w2v.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem(`w2v.${key}`, value);
    } catch {
      // Not remembered; nothing else depends on it.
    }
  },
};

class Texts {
  constructor() {
    const wishes = [new URLSearchParams(location.search).get("lang"), tabMemory.get("language")];
    this.language = wishes.find((wish) => Object.hasOwn(strings, wish ?? "")) ?? (document.documentElement.lang === "ja" ? "ja" : "en");
    this.remember();
  }

  remember() {
    tabMemory.set("language", this.language);
    document.documentElement.lang = this.language;
  }

  switch() {
    this.language = this.language === "en" ? "ja" : "en";
    this.remember();
  }

  /** The text of a key with its {places} filled. */
  get(key, values = {}) {
    const text = strings[this.language][key] ?? meanings[this.language][key];
    return fillPlaces(text, values);
  }

  /** Writes the language's texts into all marked elements. */
  fill(root = document) {
    for (const element of root.querySelectorAll("[data-text]")) element.textContent = this.get(element.dataset.text);
    for (const element of root.querySelectorAll("[data-name]")) {
      const text = this.get(element.dataset.name);
      element.setAttribute("aria-label", text);
      if (element.dataset.quiet === undefined) element.title = text;
    }
  }

  /** A whole number, or one with so many digits behind the point. */
  number(value, digits = 0) {
    if (!Number.isFinite(value)) return notANumber(value);
    return value.toLocaleString(this.language, { maximumFractionDigits: digits, minimumFractionDigits: 0 });
  }

  /** Any number with four significant digits; very large and very small ones with an exponent. */
  value(value, digits = 4) {
    if (!Number.isFinite(value)) return notANumber(value);
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
      return value.toExponential(digits - 2).replace(/\.?0*e\+?/, "e").replaceAll("-", "−");
    }
    const behind = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
    return value.toLocaleString(this.language, { maximumFractionDigits: Math.min(behind, 6) }).replace("-", "−");
  }

  /** A large count in few letters, such as 12.4M. */
  compact(value) {
    if (!Number.isFinite(value)) return notANumber(value);
    if (Math.abs(value) < 10) return this.value(value, 3);
    if (Math.abs(value) < 10_000) return this.number(value);
    return value.toLocaleString(this.language, { notation: "compact", maximumSignificantDigits: 3 });
  }

  /** Bytes in binary units. */
  bytes(value) {
    if (!Number.isFinite(value)) return notANumber(value);
    const unit = Math.max(0, Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)));
    const scaled = value / 1024 ** unit;
    return `${scaled.toLocaleString(this.language, { maximumSignificantDigits: scaled < 1000 ? 3 : 4 })} ${byteUnits[unit]}`;
  }

  percent(share, digits = 0) {
    if (!Number.isFinite(share)) return notANumber(share);
    return share.toLocaleString(this.language, { style: "percent", maximumFractionDigits: digits });
  }

  /** A span of time as people say it. */
  duration(seconds) {
    if (!Number.isFinite(seconds) || seconds < 0) return "–";
    if (seconds < 10) return this.get("seconds", { s: this.number(seconds, 1) });
    const whole = Math.round(seconds);
    const [s, m, h, d] = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600) % 24, Math.floor(whole / 86400)];
    if (whole < 60) return this.get("seconds", { s });
    if (whole < 3600) return this.get("minutes", { m, s });
    if (whole < 86400) return this.get("hours", { h, m });
    return this.get("days", { d, h });
  }

  /** How long ago, roughly. */
  ago(milliseconds) {
    const seconds = Math.max(0, milliseconds / 1000);
    if (seconds < 1.5) return this.get("justNow");
    const rough = seconds < 60 ? Math.round(seconds) : seconds < 3600 ? 60 * Math.round(seconds / 60) : 3600 * Math.round(seconds / 3600);
    if (rough < 60) return this.get("agoSeconds", { n: rough });
    if (rough < 3600) return this.get("agoMinutes", { n: rough / 60 });
    if (rough < 48 * 3600) return this.get("agoHours", { n: rough / 3600 });
    return this.get("agoDays", { n: Math.round(rough / 86400) });
  }

  /** A moment with date and time of day. */
  moment(milliseconds) {
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) return "–";
    return date.toLocaleString(this.language, { dateStyle: "medium", timeStyle: "medium" });
  }
}

/** What a run is called: its name, else its session; of a session that a listener named, model and start. */
export function runName(run) {
  if (run.name && run.name !== run.session) return run.name;
  if (!/^\d{8}-\d{6}-\d+-[a-z0-9]+$/.test(run.session)) return run.session;
  const start = new Date(run.start ?? NaN);
  if (!run.modelClass || Number.isNaN(start.getTime())) return run.session;
  const when = start.toLocaleString(texts.language, {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  return `${run.modelClass} · ${when}`;
}

export const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

const notANumber = (value) => (value === Infinity ? "∞" : value === -Infinity ? "−∞" : "NaN");

/** A sentence with its {places} filled; a place without a value stays as it is. */
export function fillPlaces(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (Object.hasOwn(values, name) ? values[name] : place));
}

export const texts = new Texts();
