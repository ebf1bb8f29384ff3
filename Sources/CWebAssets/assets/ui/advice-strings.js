// What the rules of Sources/TrainingUI/Advice say, in English and Japanese: a key for each rule, what happened, since
// when, what to change. The places are filled by the advice's `layer`, `since` and `values`. Both tables hold the same
// keys and the same places. `boundsNote` belongs to no rule: it says where the bounds come from.

const adviceStrings = {
  en: {
    boundsNote:
      "The usual bounds (update:parameter ratio 0.0001 to 0.01, activations 0.5 to 2) are a rule of thumb for dense layers. A "
      + "skip-gram model changes only the rows that a step touches, so its bounds were adapted by measuring healthy and spoilt "
      + "runs: an update:parameter ratio of 0.0025 to 0.09 in the input table and 0.002 to 0.06 in the output table (0.006 to "
      + "0.16 and 0.0025 to 0.09 with hierarchical softmax) while the learning rate is high, rows 1 to 10 long, logits with a "
      + "standard deviation of 0.5 to 5. docs/tuning.md has the table.",

    scoreNotFinite:
      "The score is not a number since iteration {since}. The vectors are spoilt: start again with a lower "
      + "--learning-rate (now {rate}; try {suggested}).",
    scoreAboveUntrained:
      "Since iteration {since} the score ({score}) is above that of a model that knows nothing ({untrained}): every step "
      + "makes it worse. Start again with a much lower --learning-rate (now {rate}; try {suggested}).",
    scoreRising:
      "The score has been rising since iteration {since}, from {lowest} to {score}. Lower --learning-rate (now {rate}; try "
      + "{suggested}). If the text changes its kind at that place, shuffle its lines instead.",
    scoreFlat:
      "The score has hardly fallen since iteration {since}: {start} at the start, {score} now. Raise --learning-rate (now "
      + "{rate}; try {suggested}) or, with little text, --epochs.",
    scoreNoisy:
      "The score jumps by {percent} % from one report to the next, since iteration {since}. Shuffle the lines of the text; "
      + "if that changes nothing, lower --learning-rate.",
    scoreWaves:
      "Since iteration {since} the score moves in long waves of {percent} %: the text is sorted, or made of parts of "
      + "different kinds, and the score tells as much of the text as of the training. Shuffle its lines (shuf corpus.txt > "
      + "shuffled.txt) to see the training alone.",
    scoreGood: "The score falls as it should: from {first} to {score}.",
    divergenceRising:
      "The divergence has been rising since iteration {since}, from {lowest} to {score}: steps are too long. Set "
      + "--learning-rate to auto or lower it (now {rate}; try {suggested}).",
    divergenceStillFalling:
      "The divergence was still falling when the iterations were used up: by {percent} % in the last tenth, from iteration "
      + "{since}. Raise --max-iter (now {iterations}; try {suggested}).",
    exaggeratedToTheEnd:
      "Affinities are exaggerated until iteration {exaggerated}, and there are only {iterations} iterations: what is drawn "
      + "is not the map yet. Raise --max-iter to {suggested} or lower --stop-lying.",
    littleText:
      "This run trains on {words} words in all {epochs} epochs; good vectors need several million. Add text, or raise "
      + "--epochs to {suggested} and lower --min-count.",
    nothingSubsampled:
      "Every occurrence of the frequent words is trained (--sample 0). With --sample {suggested} training is faster and rare "
      + "words get better vectors.",

    ratioHigh:
      "{layer}: since iteration {since} the updates are too large for the parameters (ratio {ratio}, healthy {low} to "
      + "{high}): they are too unstable to learn anything fine. Lower --learning-rate (now {rate}; try {suggested}).",
    ratioLow:
      "{layer}: since iteration {since} the updates are too small for the parameters (ratio {ratio}, healthy {low} to "
      + "{high}): learning takes too long. Raise --learning-rate (now {rate}; try {suggested}).",
    ratioPeak:
      "{layer}: {peaks} sudden peaks of the ratio, the first at iteration {since}, the highest {ratio} where {usual} is "
      + "usual: a gradient exploded. Lower --learning-rate (now {rate}; try {suggested}).",
    ratioGood: "{layer}: the ratio is {ratio}, within the healthy range from {low} to {high}.",

    activationsNotFinite:
      "{layer}: activations are not numbers since iteration {since}. Start again with a lower --learning-rate (now {rate}; "
      + "try {suggested}).",
    activationsExploding:
      "{layer}: activations explode: since iteration {since} their standard deviation is above {high}, now {deviation}. "
      + "Lower --learning-rate (now {rate}; try {suggested}).",
    activationsVanishing:
      "{layer}: activations are vanishingly small: since iteration {since} their standard deviation is below {low}, now "
      + "{deviation}. Raise --learning-rate (now {rate}; try {suggested}) or, with little text, --epochs.",
    activationsUnsettled:
      "{layer}: activations have not settled: their standard deviation went from {before} to {deviation} since iteration "
      + "{since}, with most of the work done. Raise --epochs.",
    activationsGood:
      "{layer}: the standard deviation of the activations is {deviation}, within the healthy range from {low} to {high}.",

    gradientsNotFinite:
      "{layer}: the gradient is not a number since iteration {since}. Start again with a lower --learning-rate (now {rate}; try "
      + "{suggested}).",
    gradientsExploding:
      "{layer}: the gradient explodes: since iteration {since} it is more than ten times what it was at its calmest ({usual}), now "
      + "{now}, and the score has not fallen. Lower --learning-rate (now {rate}; try {suggested}).",
    gradientsGood: "{layer}: the gradient does not grow out of bounds; it is now {now}.",

    updatesNotFinite:
      "{layer}: updates are not numbers since iteration {since}. Start again with a lower --learning-rate (now {rate}; try "
      + "{suggested}).",
    updatesHuge:
      "{layer}: abnormally large updates since iteration {since}, in {reports} reports: up to {update}, while the "
      + "parameters have a standard deviation of {deviation}. One such step spoils what was learnt. Lower --learning-rate "
      + "(now {rate}; try {suggested}).",
    updatesZero:
      "{layer}: all updates are 0 since iteration {since}: nothing is learnt any more. Check --learning-rate (now {rate}) and "
      + "--min-learning-rate.",
    updatesSkewed:
      "{layer}: since iteration {since} updates pull to one side (skewness {skewness}), report after report. Lower "
      + "--learning-rate, and shuffle the lines of the text.",
    updatesGood:
      "{layer}: updates are small and alike on both sides of 0 (standard deviation {deviation}, skewness {skewness}).",

    parametersNotFinite:
      "{layer}: parameters are not numbers since iteration {since}. The vectors are spoilt: start again with a lower "
      + "--learning-rate (now {rate}; try {suggested}).",
    parametersGrowing:
      "{layer}: parameters head to infinity: since iteration {since} they are larger than in any healthy run (standard "
      + "deviation {deviation}, a row has length {length}). Lower --learning-rate (now {rate}; try {suggested}).",
    parametersOutliers:
      "{layer}: since iteration {since} some parameters lie far outside all others, up to {reach} standard deviations from "
      + "the mean. Lower --learning-rate; look for words that are markup or numbers, and raise --min-count.",
    parametersShape:
      "{layer}: since iteration {since} the histogram of the parameters is not bell-shaped (skewness {skewness}, excess "
      + "kurtosis {kurtosis}): a part of its rows has hardly been trained. Raise --learning-rate (now {rate}) or --epochs; with "
      + "little text, raise --min-count so that rare words go.",
    parametersGood:
      "{layer}: the parameters are bell-shaped (standard deviation {deviation}, skewness {skewness}) and do not run away.",

    learningRateOffSchedule:
      "Since iteration {since} the learning rate ({now}) does not follow its schedule, a straight line from {rate} to {end} "
      + "over the planned words. The words planned and the words read differ: check the corpus and --epochs.",
    learningRateFlat:
      "The learning rate hardly falls, from {rate} to {end}: the last steps are as rough as the first. Lower "
      + "--min-learning-rate (try {suggested}).",
    learningRateZeroEarly:
      "The learning rate is close to 0 since iteration {since}, with {percent} % of the work done: the rest changes nothing. "
      + "It began with {rate}; check --epochs and --min-learning-rate.",
    learningRateGood: "The learning rate follows its schedule: it began with {rate} and is now {now}.",

    mapNotSpreading:
      "The map does not spread: its points still lie within {spread} of the middle, where they began at iteration {since}. "
      + "Set --learning-rate to auto (now {rate}).",
    mapScattered:
      "Points fly apart since iteration {since}: the map's spread is {spread}, where so many points need less than {limit}. "
      + "Set --learning-rate to auto or lower it (now {rate}; try {suggested}).",
    mapRestless:
      "Since iteration {since} the points jump over their places: a step moves them by {percent} % of the map's extent. Set "
      + "--learning-rate to auto or lower it (now {rate}; try {suggested}).",
    perplexityLow:
      "A perplexity of {perplexity} looks at so few neighbours that groups fall apart into islets. Raise --perplexity (try "
      + "{suggested}).",
    perplexityHigh:
      "With a perplexity of {perplexity} so many of the {points} points count as neighbours of each that the nearest ones lose "
      + "their place: groups run into one another. Lower --perplexity (try {suggested}).",
    mapGood: "The map has spread as it should: its points lie {spread} from the middle.",

    memoryNearLimit:
      "Memory is nearly used up since iteration {since}: the training has {resident}, {available} of {machine} are "
      + "free. Lower --dimensions, raise --min-count or set --max-vocabulary; for a map, lower --words.",
    memoryGood: "The training has {resident} of memory, {percent} % of the machine's.",

    recordsLost:
      "{lost} of {received} records are lost, the first by iteration {since}: the charts have gaps. Free some disk space "
      + "where the training runs, and check that the UI can be reached.",
    recordsWaiting:
      "{spilled} records wait in a file since iteration {since}, because the UI cannot be reached ({failures} attempts "
      + "failed). Nothing is lost: they are sent when it answers. Check the address and the token.",
    listenerCostly:
      "Watching takes {percent} % of the training threads' time ({seconds} s so far). Report less often: a larger frequency "
      + "of the StatsListener, or without histograms.",
    threadsUneven:
      "Thread {thread} of {threads} works at {percent} % of the usual speed. Another program may take its processor: lower "
      + "--threads, or give the machine to this run alone.",
    processorsIdle:
      "Since iteration {since} the training keeps only {busy} processors busy with {threads} threads. Other programs take the "
      + "rest, or the disk is slow: stop them, or lower --threads.",
    runSilent:
      "Nothing has been heard of the run for {seconds} s, since iteration {since}, and it had not said that it was over. It "
      + "was stopped, hangs, or has lost its connection: look at its terminal.",
    systemGood: "Records arrive, and watching takes {percent} % of the training threads' time.",
  },

  ja: {
    boundsNote:
      "一般にいわれる範囲（更新とパラメータの比は 0.0001〜0.01、活性化は 0.5〜2）は全結合層での目安です。スキップグラムモデルでは各ステップが触れた行だけが"
      + "変わるため、正常な学習と失敗した学習を実測して範囲を合わせました。学習率が高い間の比は入力表で 0.0025〜0.09、出力表で 0.002〜0.06（階層的ソフトマックス"
      + "では 0.006〜0.16 と 0.0025〜0.09）、行の長さは 1〜10、ロジットの標準偏差は 0.5〜5 です。実測値の表は docs/tuning.ja.md にあります。",

    scoreNotFinite:
      "反復 {since} からスコアが数値ではなくなっています。ベクトルは壊れています。--learning-rate を下げて最初からやり直してください（現在 {rate}、目安 {suggested}）。",
    scoreAboveUntrained:
      "反復 {since} から、スコア（{score}）が何も学習していないモデルの値（{untrained}）を上回っています。学習するほど悪くなっています。--learning-rate を"
      + "大きく下げてやり直してください（現在 {rate}、目安 {suggested}）。",
    scoreRising:
      "反復 {since} からスコアが {lowest} から {score} へ上がり続けています。--learning-rate を下げてください（現在 {rate}、目安 {suggested}）。"
      + "その位置でテキストの種類が変わっているのなら、代わりに行をシャッフルしてください。",
    scoreFlat:
      "反復 {since} からスコアがほとんど下がっていません（開始時 {start}、現在 {score}）。--learning-rate を上げてください（現在 {rate}、目安 {suggested}）。"
      + "テキストが少ない場合は --epochs を増やしてください。",
    scoreNoisy:
      "反復 {since} から、スコアが報告のたびに {percent} % ほど跳ねています。テキストの行をシャッフルしてください。それでも変わらなければ --learning-rate を下げてください。",
    scoreWaves:
      "反復 {since} から、スコアが {percent} % の幅で長い波を描いています。テキストが並べ替えられているか、種類の違う部分をつなげたもので、スコアには学習だけでなく"
      + "テキストの違いも表れています。学習の様子だけを見るには、行をシャッフルしてください（shuf corpus.txt > shuffled.txt）。",
    scoreGood: "スコアは {first} から {score} へ順調に下がっています。",
    divergenceRising:
      "反復 {since} から KL ダイバージェンスが {lowest} から {score} へ上がっています。1 回の移動が大きすぎます。--learning-rate を auto にするか、"
      + "下げてください（現在 {rate}、目安 {suggested}）。",
    divergenceStillFalling:
      "反復を使い切った時点で KL ダイバージェンスがまだ下がっていました（反復 {since} からの最後の 1 割で {percent} %）。--max-iter を増やしてください"
      + "（現在 {iterations}、目安 {suggested}）。",
    exaggeratedToTheEnd:
      "類似度は反復 {exaggerated} まで誇張されますが、反復は全部で {iterations} 回しかありません。描かれるのはまだ本来の地図ではありません。--max-iter を "
      + "{suggested} に増やすか、--stop-lying を減らしてください。",
    littleText:
      "この学習では {epochs} エポック合わせて {words} 語しか学習しません。良いベクトルには数百万語が必要です。テキストを増やすか、--epochs を {suggested} に増やし、"
      + "--min-count を下げてください。",
    nothingSubsampled:
      "頻出語のすべての出現を学習しています（--sample 0）。--sample {suggested} にすると学習が速くなり、まれな語のベクトルも良くなります。",

    ratioHigh:
      "{layer}：反復 {since} から、パラメータに対して更新が大きすぎます（比 {ratio}、正常な範囲 {low}〜{high}）。不安定で細かい特徴を学べません。"
      + "--learning-rate を下げてください（現在 {rate}、目安 {suggested}）。",
    ratioLow:
      "{layer}：反復 {since} から、パラメータに対して更新が小さすぎます（比 {ratio}、正常な範囲 {low}〜{high}）。学習に時間がかかりすぎます。"
      + "--learning-rate を上げてください（現在 {rate}、目安 {suggested}）。",
    ratioPeak:
      "{layer}：比が急に跳ね上がった箇所が {peaks} か所あります。最初は反復 {since}、最大は {ratio} で、普段は {usual} です。勾配爆発が起きています。"
      + "--learning-rate を下げてください（現在 {rate}、目安 {suggested}）。",
    ratioGood: "{layer}：比は {ratio} で、正常な範囲（{low}〜{high}）にあります。",

    activationsNotFinite:
      "{layer}：反復 {since} から活性化が数値ではなくなっています。--learning-rate を下げて最初からやり直してください（現在 {rate}、目安 {suggested}）。",
    activationsExploding:
      "{layer}：活性化が爆発しています。反復 {since} から標準偏差が {high} を超え、現在は {deviation} です。--learning-rate を下げてください"
      + "（現在 {rate}、目安 {suggested}）。",
    activationsVanishing:
      "{layer}：活性化が消失しています。反復 {since} から標準偏差が {low} を下回り、現在は {deviation} です。--learning-rate を上げてください"
      + "（現在 {rate}、目安 {suggested}）。テキストが少ない場合は --epochs を増やしてください。",
    activationsUnsettled:
      "{layer}：学習の大半が終わっても活性化が安定していません。反復 {since} から標準偏差が {before} から {deviation} へ変わりました。--epochs を増やしてください。",
    activationsGood: "{layer}：活性化の標準偏差は {deviation} で、正常な範囲（{low}〜{high}）にあります。",

    gradientsNotFinite:
      "{layer}：反復 {since} から勾配が数値ではなくなっています。--learning-rate を下げて最初からやり直してください（現在 {rate}、目安 {suggested}）。",
    gradientsExploding:
      "{layer}：勾配が爆発しています。反復 {since} から、最も落ち着いていたとき（{usual}）の 10 倍を超え、現在は {now} で、スコアも下がっていません。--learning-rate を下げてください"
      + "（現在 {rate}、目安 {suggested}）。",
    gradientsGood: "{layer}：勾配は際限なく大きくなってはいません。現在は {now} です。",

    updatesNotFinite:
      "{layer}：反復 {since} から更新が数値ではなくなっています。--learning-rate を下げて最初からやり直してください（現在 {rate}、目安 {suggested}）。",
    updatesHuge:
      "{layer}：反復 {since} から {reports} 回の報告で、更新に異常に大きな値があります。最大 {update} で、パラメータの標準偏差は {deviation} です。"
      + "1 回の更新で学んだことが壊れます。--learning-rate を下げてください（現在 {rate}、目安 {suggested}）。",
    updatesZero:
      "{layer}：反復 {since} から更新がすべて 0 で、もう何も学習していません。--learning-rate（現在 {rate}）と --min-learning-rate を確認してください。",
    updatesSkewed:
      "{layer}：反復 {since} から、どの報告でも更新が片側に偏っています（歪度 {skewness}）。--learning-rate を下げ、テキストの行をシャッフルしてください。",
    updatesGood: "{layer}：更新は小さく、0 の両側に均等に広がっています（標準偏差 {deviation}、歪度 {skewness}）。",

    parametersNotFinite:
      "{layer}：反復 {since} からパラメータが数値ではなくなっています。ベクトルは壊れています。--learning-rate を下げて最初からやり直してください"
      + "（現在 {rate}、目安 {suggested}）。",
    parametersGrowing:
      "{layer}：パラメータが無限大へ向かっています。反復 {since} から、正常な学習では見られない大きさです（標準偏差 {deviation}、行の長さ {length}）。"
      + "--learning-rate を下げてください（現在 {rate}、目安 {suggested}）。",
    parametersOutliers:
      "{layer}：反復 {since} から、ほかから大きく外れたパラメータがあります（平均から標準偏差の {reach} 倍まで）。--learning-rate を下げてください。"
      + "マークアップや数字が語として混ざっていないか調べ、--min-count を上げてください。",
    parametersShape:
      "{layer}：反復 {since} から、パラメータのヒストグラムが釣鐘形ではありません（歪度 {skewness}、超過尖度 {kurtosis}）。一部の行がほとんど学習されていません。"
      + "--learning-rate を上げるか（現在 {rate}）、--epochs を増やしてください。テキストが少ない場合は --min-count を上げて、まれな語を除いてください。",
    parametersGood: "{layer}：パラメータは釣鐘形（標準偏差 {deviation}、歪度 {skewness}）で、発散していません。",

    learningRateOffSchedule:
      "反復 {since} から、学習率（{now}）がスケジュール（{rate} から {end} への直線）に従っていません。予定の語数と実際に読んだ語数が違います。コーパスと "
      + "--epochs を確認してください。",
    learningRateFlat:
      "学習率が {rate} から {end} までしか下がらず、最後の更新が最初と同じくらい粗いままです。--min-learning-rate を下げてください（目安 {suggested}）。",
    learningRateZeroEarly:
      "反復 {since} から学習率がほぼ 0 ですが、作業はまだ {percent} % しか終わっていません。残りでは何も変わりません。開始時は {rate} でした。--epochs と "
      + "--min-learning-rate を確認してください。",
    learningRateGood: "学習率はスケジュールどおりです。開始時は {rate}、現在は {now} です。",

    mapNotSpreading:
      "地図が広がりません。点が、反復 {since} の開始位置である中心から {spread} 以内にとどまっています。--learning-rate を auto にしてください（現在 {rate}）。",
    mapScattered:
      "反復 {since} から点が飛び散っています。地図の広がりは {spread} ですが、この点の数なら {limit} 未満で足ります。--learning-rate を auto にするか、"
      + "下げてください（現在 {rate}、目安 {suggested}）。",
    mapRestless:
      "反復 {since} から、点が落ち着く場所を飛び越えています。1 回の移動が地図の広がりの {percent} % に達しています。--learning-rate を auto にするか、"
      + "下げてください（現在 {rate}、目安 {suggested}）。",
    perplexityLow:
      "パープレキシティ {perplexity} では見る近傍が少なすぎて、グループが小島に分かれます。--perplexity を上げてください（目安 {suggested}）。",
    perplexityHigh:
      "パープレキシティ {perplexity} では {points} 個の点のうち近傍とみなす点が多すぎて、本当に近い点が埋もれ、グループが混ざり合います。--perplexity を下げてください（目安 {suggested}）。",
    mapGood: "地図は順調に広がっています。点の広がりは {spread} です。",

    memoryNearLimit:
      "反復 {since} からメモリがほとんど残っていません。学習が {resident} を使い、{machine} のうち空きは {available} です。--dimensions を下げるか、"
      + "--min-count を上げるか、--max-vocabulary を設定してください。地図の場合は --words を減らしてください。",
    memoryGood: "学習が使っているメモリは {resident} で、このマシンの {percent} % です。",

    recordsLost:
      "{received} 件のうち {lost} 件の記録が失われました（最初は反復 {since} まで）。グラフに欠けがあります。学習側のディスクの空きを増やし、UI に接続できるか確認してください。",
    recordsWaiting:
      "反復 {since} から UI に接続できず、{spilled} 件の記録がファイルで待っています（失敗 {failures} 回）。失われたものはなく、接続が戻れば送られます。"
      + "アドレスとトークンを確認してください。",
    listenerCostly:
      "監視に学習スレッドの時間の {percent} % がかかっています（これまでに {seconds} 秒）。報告の間隔を広げる（StatsListener の frequency を大きくする）か、"
      + "ヒストグラムを切ってください。",
    threadsUneven:
      "{threads} 本のスレッドのうちスレッド {thread} が、ほかの {percent} % の速さでしか進んでいません。別のプログラムがプロセッサを使っている可能性があります。"
      + "--threads を減らすか、このマシンを学習専用にしてください。",
    processorsIdle:
      "反復 {since} から、{threads} 本のスレッドで {busy} 個分のプロセッサしか使えていません。ほかのプログラムが使っているか、ディスクが遅いためです。"
      + "それらを止めるか、--threads を減らしてください。",
    runSilent:
      "反復 {since} のあと {seconds} 秒間、この学習から連絡がありません。終了の報告もありません。止められたか、固まったか、接続が切れています。端末を確認してください。",
    systemGood: "記録は届いています。監視にかかる時間は学習スレッドの {percent} % です。",
  },
};
