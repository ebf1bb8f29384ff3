// What the trainers of this project say of their layers, in Japanese. Trainers write English; whatever is not known here
// is shown as it came.

import { texts } from "./texts.js";

const kinds = {
  "embedding table": "埋め込み表",
  "output table": "出力表",
  "inner nodes of the Huffman tree": "ハフマン木の内部ノード",
  map: "地図",
  "gains of the learning rate": "学習率のゲイン",
  "divisors of AdaGrad": "AdaGrad の除数",
};

/** Parts of sentences, as they follow each other; `$1` and `$2` are the numbers in them. */
const parts = [
  [
    /Parameters, gradients and updates: the rows that up to ([\d,]+) training steps touch, spread over some ([\d,]+) words of one thread, each row once a step; at most ([\d,]+) values\. ?/,
    "パラメータ・勾配・更新：1 スレッドの約 $2 語に散らばる最大 $1 ステップが触れた行（1 ステップにつき各行 1 回、値は最大 $3 個）。",
  ],
  [/At iteration 0: parameters alone, of rows spread evenly over the table\. ?/, "反復 0 では表から等間隔に選んだ行のパラメータのみ。"],
  [/Activations: the rows of the words in the middle of those steps' windows\. ?/, "活性化：それらのステップの窓の中央にある単語の行。"],
  [
    /Activations: the logits of those steps, the products of the sampled rows of both tables\. ?/,
    "活性化：それらのステップのロジット、すなわち両方の表の標本行の内積。",
  ],
  [/All points\. ?/, "すべての点。"],
  [/Every ([\d,]+)th point of the input, the same ones each time\. ?/, "入力の $1 点ごとに 1 点（毎回同じ点）。"],
  [
    /The gradient is the one in force: without the factor 4 of the formula, and with the early exaggeration while that lasts\. ?/,
    "勾配は実際に使われる値で、式の係数 4 を含まず、初期誇張の間はその効果を含みます。",
  ],
  [/Updates are the steps before the map is centred again\. ?/, "更新は、地図を中央に戻す前の移動量です。"],
  [/After the last step there is no update\. ?/, "最後のステップの後には更新がありません。"],
  [/Roots of the sums of squared gradients, by which the learning rate is divided\. ?/, "勾配の 2 乗和の平方根。学習率をこれで割ります。"],
  [/Factors of the learning rate, one a coordinate, as the step took them\. ?/, "学習率に掛ける係数（座標ごとに 1 つ、そのステップで使った値）。"],
];

/** What kind of layer it is. */
export function layerKind(kind) {
  return texts.language === "ja" && Object.hasOwn(kinds, kind) ? kinds[kind] : kind;
}

/** Over what a layer's statistics are taken. */
export function layerSampling(sampling) {
  if (texts.language !== "ja") return sampling.replace(/\d{5,}/g, (digits) => texts.number(Number(digits)));
  return parts.reduce((text, [english, japanese]) => text.replace(english, japanese), sampling)
    .replace(/\d{5,}/g, (digits) => texts.number(Number(digits)));
}
