// Every text of the page in English and Japanese. Both tables hold the same keys.

const strings = {
  en: {
    language: "日本語",
    switchLanguage: "日本語で表示",
    mapOf: "Map of {title}",
    mapHelp: "Arrow keys move the map, plus and minus zoom, Enter selects the word in the middle, slash searches.",
    search: "Search words",
    searchMode: "How to search",
    contains: "contains",
    begins: "begins with",
    regex: "regular expression",
    clearSearch: "Clear search",
    nextHit: "Next hit (Enter)",
    previousHit: "Previous hit (Shift+Enter)",
    hits: "{count} hits",
    oneHit: "1 hit",
    noHits: "No hits",
    hitOf: "{current} of {count}",
    firstHits: "The first {shown} of {count} hits",
    hitTable: "Hits",
    badExpression: "Not a regular expression",
    slowExpression: "Stopped: this expression takes too long",
    tools: "Tools",
    fit: "Show the whole map (0)",
    zoomIn: "Zoom in (+)",
    zoomOut: "Zoom out (−)",
    labels: "Words on the map (L)",
    pointSize: "Point size",
    coloring: "Colours by group or by frequency (C)",
    theme: "Light or dark (T)",
    save: "Save",
    savePicture: "Picture of this view (PNG)",
    saveTable: "Table of all words (CSV)",
    help: "Help (?)",
    close: "Close (Esc)",
    word: "Word",
    rank: "Rank",
    count: "Count",
    rankOf: "{rank} of {total}",
    share: "Share of all words shown",
    center: "Show on the map",
    copy: "Copy word",
    copied: "Copied",
    near: "Near on the map",
    nearNote: "By distance on this map, which is only an image of the original distances.",
    groups: "Groups",
    group: "Group",
    frequency: "Frequency",
    rankLegend: "Rank",
    rare: "rare",
    frequent: "frequent",
    words: "{count} words",
    oneWord: "1 word",
    wordsOf: "{count} of {total} words",
    perplexity: "perplexity {value}",
    divergence: "KL {value}",
    iterations: "{value} iterations",
    kept: "{value} of the {count} nearest kept",
    metric: "{value} distance",
    seed: "seed {value}",
    notes: "{count} notes",
    oneNote: "1 note",
    empty: "There are no words on this map.",
    failed: "The map cannot be shown: {reason}",
    selected: "{word}, rank {rank}. Near on the map: {near}.",
    closed: "Selection closed.",
    loading: "Reading the map …",
    helpTitle: "How to read and move this map",
    helpReading:
      "Each dot is a word. Words that the model uses alike lie close together. Only nearness means something: the axes, the "
      + "size of gaps and the place of a group on the map do not.",
    helpDragFlat: "Drag",
    helpDragFlatDoes: "move the map",
    helpDragOrbit: "Drag",
    helpDragOrbitDoes: "turn the map; with Shift or the right button, move it",
    helpWheel: "Wheel, pinch, double-click",
    helpWheelDoes: "zoom at that place",
    helpClick: "Click a word",
    helpClickDoes: "its facts and what lies near",
    helpSearchDoes: "search",
    helpEnterDoes: "next and previous hit",
    helpArrowsDoes: "move or turn the map",
    helpZoomDoes: "zoom, show the whole map",
    helpMiddle: "Enter",
    helpMiddleDoes: "select the word in the middle",
    helpLettersDoes: "words on the map, light or dark, colours by group or by frequency",
    helpEscDoes: "close, clear the search",
    helpShare: "The address keeps view, search and selection: bookmark it to come back.",
  },
  ja: {
    language: "English",
    switchLanguage: "Show in English",
    mapOf: "{title} の地図",
    mapHelp: "矢印キーで移動、プラスとマイナスで拡大・縮小、Enter で中央の単語を選択、スラッシュで検索します。",
    search: "単語を検索",
    searchMode: "検索方法",
    contains: "部分一致",
    begins: "前方一致",
    regex: "正規表現",
    clearSearch: "検索を消去",
    nextHit: "次の結果（Enter）",
    previousHit: "前の結果（Shift+Enter）",
    hits: "{count} 件",
    oneHit: "1 件",
    noHits: "見つかりません",
    hitOf: "{count} 件中 {current} 件目",
    firstHits: "{count} 件のうち最初の {shown} 件",
    hitTable: "検索結果",
    badExpression: "正規表現として正しくありません",
    slowExpression: "中止しました：この正規表現は時間がかかりすぎます",
    tools: "操作",
    fit: "全体を表示（0）",
    zoomIn: "拡大（+）",
    zoomOut: "縮小（−）",
    labels: "地図上の単語（L）",
    pointSize: "点の大きさ",
    coloring: "色分けの切り替え：グループまたは頻度（C）",
    theme: "明暗の切り替え（T）",
    save: "保存",
    savePicture: "この表示の画像（PNG）",
    saveTable: "全単語の表（CSV）",
    help: "ヘルプ（?）",
    close: "閉じる（Esc）",
    word: "単語",
    rank: "順位",
    count: "出現回数",
    rankOf: "{total} 語中 {rank} 位",
    share: "表示語中の割合",
    center: "地図で表示",
    copy: "単語をコピー",
    copied: "コピーしました",
    near: "地図上で近い単語",
    nearNote: "この地図上の距離によります。地図は元の距離の近似にすぎません。",
    groups: "グループ",
    group: "グループ",
    frequency: "出現頻度",
    rankLegend: "順位",
    rare: "低頻度",
    frequent: "高頻度",
    words: "{count} 語",
    oneWord: "1 語",
    wordsOf: "{total} 語中 {count} 語",
    perplexity: "パープレキシティ {value}",
    divergence: "KL {value}",
    iterations: "反復 {value} 回",
    kept: "{count} 近傍の保持率 {value}",
    metric: "距離 {value}",
    seed: "シード {value}",
    notes: "注記 {count} 件",
    oneNote: "注記 1 件",
    empty: "この地図には単語がありません。",
    failed: "地図を表示できません：{reason}",
    selected: "{word}、{rank} 位。地図上で近い単語：{near}。",
    closed: "選択を解除しました。",
    loading: "地図を読み込んでいます…",
    helpTitle: "地図の見方と操作",
    helpReading:
      "点は単語です。モデルにとって使われ方の似た単語が近くに並びます。意味があるのは近さだけで、軸や隙間の大きさ、"
      + "群れの置かれた位置に意味はありません。",
    helpDragFlat: "ドラッグ",
    helpDragFlatDoes: "地図を動かす",
    helpDragOrbit: "ドラッグ",
    helpDragOrbitDoes: "地図を回す（Shift または右ボタンで移動）",
    helpWheel: "ホイール・ピンチ・ダブルクリック",
    helpWheelDoes: "その場所で拡大・縮小",
    helpClick: "単語をクリック",
    helpClickDoes: "詳細と近くの単語を表示",
    helpSearchDoes: "検索",
    helpEnterDoes: "次・前の検索結果",
    helpArrowsDoes: "移動または回転",
    helpZoomDoes: "拡大・縮小、全体を表示",
    helpMiddle: "Enter",
    helpMiddleDoes: "中央の単語を選択",
    helpLettersDoes: "地図上の単語、明暗、色分け（グループまたは頻度）の切り替え",
    helpEscDoes: "閉じる、検索を消去",
    helpShare: "表示位置・検索・選択はアドレスに残ります。ブックマークすれば同じ表示に戻れます。",
  },
};

class Texts {
  constructor() {
    const chosen = preferences.get("language");
    this.language = chosen in strings ? chosen : /^ja\b/i.test(navigator.language) ? "ja" : "en";
  }

  switch() {
    this.language = this.language === "en" ? "ja" : "en";
    preferences.set("language", this.language);
  }

  /** The text of a key with its {places} filled. */
  get(key, values = {}) {
    return strings[this.language][key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  /** A number with the language's separators. What is no number (NaN comes as text) is shown as it is. */
  number(value, digits = 0) {
    if (typeof value !== "number") return String(value);
    return value.toLocaleString(this.language, { maximumFractionDigits: digits });
  }

  /** Counts as people say them: singular, plural, none. */
  plural(one, many, count) {
    return count === 1 ? this.get(one) : this.get(many, { count: this.number(count) });
  }

  /** Writes the language's texts into all marked elements. */
  fill(root = document) {
    document.documentElement.lang = this.language;
    for (const element of root.querySelectorAll("[data-text]")) element.textContent = this.get(element.dataset.text);
    for (const element of root.querySelectorAll("[data-name]")) {
      const text = this.get(element.dataset.name);
      element.setAttribute("aria-label", text);
      if (element.dataset.quiet === undefined) element.title = text;
    }
    for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = this.get(element.dataset.hint);
  }
}
