// Words are data of any kind. How one is shown where it could disturb its surroundings.

// Controls, bidirectional overrides, zero-width and other invisible characters.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu;

// Nearly all words: printable ASCII and the letters of the great scripts. They need no closer look.
const harmless = /^[!-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0391-\u03ff\u0400-\u0482\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff]+$/;

// Joiners belong to many scripts and emoji; they are harmless.
function visibleForm(character) {
  const code = character.codePointAt(0);
  if (code === 0x200c || code === 0x200d) return character;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `\u27e8${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}

/** The word with its invisible characters made visible, and something to see when it is empty or blank. */
function visibleWord(word) {
  if (harmless.test(word)) return word;
  if (word === "") return "\u2205";
  let text = word.replace(invisible, visibleForm);
  if (/^\s+$/u.test(text)) text = "\u2423".repeat([...text].length);
  return /^\p{M}/u.test(text) ? `\u25cc${text}` : text;
}

/** The same, cut to what a label on the map can hold. */
function shortWord(word, limit = 32) {
  if (word.length <= limit && harmless.test(word)) return word;
  const start = word.length > 4 * limit ? word.slice(0, 4 * limit) : word;
  // Marks pile up on one letter without end in hostile words; four are plenty for any script.
  const characters = [...visibleWord(start).replace(/(\p{M}{4})\p{M}+/gu, "$1")];
  const cut = characters.length > limit || start.length < word.length;
  return cut ? `${characters.slice(0, limit - 1).join("")}…` : characters.join("");
}
