// What each chart shows and how to read it, in English and Japanese. Both tables hold the same keys.

export const meanings = {
  en: {
    meaningScore:
      "The score is the mean loss of the examples since the last report (of a map: the Kullback-Leibler divergence). It should "
      + "fall over time, quickly at first. A little noise is normal. If it rises steadily, the learning rate is too high; if it "
      + "is flat for hundreds of iterations, it is too low or the optimisation is stuck. While the learning rate of Word2Vec "
      + "falls to its end, the score may rise by a few hundredths though the model gets better: words are measured right after "
      + "their neighbours were trained, which helps them less and less. Scores of runs with different options, such as the "
      + "number of negative samples, cannot be compared.",
    meaningValidation:
      "The mean loss over the pairs of a text that is not trained on, after each epoch, always with the same negatives. It falls "
      + "while the model learns what holds for other text too. When it rises while the training loss falls, the model learns its "
      + "text by heart: stop there (--patience does), or take more text.",
    meaningFigures:
      "After each epoch: Spearman’s correlation of the cosines with people’s judgements for each file of word pairs, and the share "
      + "of right answers for each file of analogies. Higher is better; differences of 0.01 are chance.",
    meaningRatio:
      "The mean magnitude of the updates over the mean magnitude of the parameters that they were added to, one line a layer, on "
      + "a logarithmic axis: 10⁻³ means that a step changes a parameter by a thousandth, which is healthy. Far above it the "
      + "parameters are too unstable to learn, far below they change too slowly: change it by the learning rate. A sudden peak is a "
      + "sign of an exploding gradient. Of a skip-gram model the ratio is taken over the rows that a step touches.",
    meaningActivationsDeviation:
      "The standard deviation of what each layer gives to the next one. It should settle after some hundred iterations. Growing "
      + "without end means exploding activations, shrinking towards 0 vanishing ones: lower the learning rate, or look at the "
      + "initialisation. Of Word2Vec the activation of the input table is the row of the centre word, that of the output table "
      + "the product of a row with it.",
    meaningGradientsDeviation:
      "The standard deviation of the gradient of each layer. It falls as the model learns and then becomes steady. A jump by "
      + "powers of ten is an exploding gradient; a steady fall towards 0 while the score is still high means that the layer has "
      + "stopped learning.",
    meaningUpdatesDeviation:
      "The standard deviation of what was really added to the parameters: the gradient after learning rate, momentum and so on. "
      + "It follows the learning rate. Where it departs from the gradients’ curve, the learning rate or the momentum is the reason.",
    meaningMagnitudes:
      "The two parts of the ratio: the mean of the absolute values of the parameters, and that of the updates. They tell which of "
      + "the two moved when the ratio moves. Parameters that grow without end are heading to infinity: lower the learning rate.",
    meaningActivations:
      "The mean of the layer’s activations, with a band of two standard deviations to each side. Both should settle after some "
      + "hundred iterations. In the tables of a skip-gram model the deviation starts small and grows as the vectors find their "
      + "length.",
    meaningParameterHistogram:
      "How the parameters of the sample are distributed now. After a while they should look roughly like a bell; the dashed curve is "
      + "the normal distribution of the same mean and deviation. Values that head to plus or minus infinity mean that the "
      + "learning rate is too high.",
    meaningUpdateHistogram:
      "How the last updates are distributed: the gradients after the learning rate has been applied. They, too, should be roughly "
      + "bell-shaped, often with a sharper peak. Single very large values come from an exploding gradient, which spoils the "
      + "parameters: lower the learning rate.",
    meaningStrip:
      "The same histogram over the whole run, a column for each moment: the stronger the colour, the more values. A band that "
      + "widens slowly and then keeps its width is healthy; one that widens without end is not.",
    meaningLearningRate:
      "The learning rate in force. It should follow its schedule: Word2Vec lets it fall evenly to its smallest value, t-SNE keeps "
      + "it constant.",
    meaningNeighbors:
      "The words whose vectors point in the most similar direction (cosine), for a few words that are watched. In the beginning they "
      + "are accidental; watch them become sensible.",
    meaningMemory:
      "The memory that the process occupies now and at most so far, and what is still free on the machine. A steady rise during "
      + "training is a leak. When the free memory comes close to 0, the system may stop the process.",
    meaningProcessors:
      "The processor time that the process takes each second: 2 means that two processors are busy. It should come close to the "
      + "number of threads; much less means that they wait, for example for the disk.",
    meaningThreads:
      "Work done a second by each training thread. The lines should lie together. One that stays behind has a slower processor or "
      + "shares it with something else.",
    meaningObserver:
      "What watching costs: the processor time that the listener takes of the training threads, as a share of the time that has "
      + "passed. Well under 1 % is normal. If it is more, let it report less often or switch off histograms.",
    meaningOverlay:
      "The scores of the sessions that are ticked in the table, in one chart. Only runs of the same kind with the same loss can be "
      + "compared. Switch between iterations and time to see which one learns more from a step and which one learns faster.",
    meaningDivergence:
      "How badly the distances on the map agree with those of the vectors (Kullback-Leibler divergence); it is never negative. It "
      + "falls quickly, most of all right after the early exaggeration ends, and then slowly. If it still falls at the end, more "
      + "iterations help. Maps of different perplexities or sizes cannot be compared by it.",
    meaningGradientNorm:
      "The length of the whole gradient on a logarithmic axis: how strongly the points are still pushed. It should fall by powers of "
      + "ten and become steady. Rising again and again means that the learning rate is too high.",
    meaningMap:
      "The points move here as the optimisation moves them; the map is always scaled to fit. First they crowd into a ball, then "
      + "groups tear themselves apart, and at last only the edges shift. Only nearness means something; the place of a group and "
      + "the gaps between groups do not. Drag to move, wheel or pinch to zoom, hover over a point for its word. A click on a "
      + "chart shows the map of that moment.",
  },
  ja: {
    meaningScore:
      "スコアは、前回の報告以降の事例の平均損失です（地図の場合は KL ダイバージェンス）。時間とともに小さくなり、最初は急に下がるのが"
      + "普通です。多少のノイズは問題ありません。上がり続ける場合は学習率が高すぎます。数百回の反復にわたって変わらない場合は、学習率が"
      + "低すぎるか、最適化が行き詰まっています。Word2Vec の終わりごろ、学習率が下がりきるあいだに、モデルはよくなっていてもスコアが"
      + "わずかに上がることがあります。隣の語を学習した直後の値なので普段は低めに出ており、その効果が小さくなるためです。負例の数などの"
      + "設定が異なるセッションのスコアは比べられません。",
    meaningValidation:
      "訓練に使わないテキストの、対ごとの平均損失です。エポックごとに同じ負例で計算します。モデルがほかのテキストにも当てはまることを"
      + "学んでいる間は下がります。訓練損失が下がるのに検証損失が上がる場合は過学習です。そこで止めるか（--patience で自動停止）、"
      + "テキストを増やしてください。",
    meaningFigures:
      "エポックごとの評価です。単語対のファイルでは余弦類似度と人の判断とのスピアマン相関、アナロジーのファイルでは正答率を示します。"
      + "大きいほど良い値です。0.01 程度の差は偶然の範囲です。",
    meaningRatio:
      "更新の平均の大きさを、更新前のパラメータの平均の大きさで割った値です。層ごとに 1 本の線を対数軸で示します。10⁻³ は、1 回の"
      + "更新でパラメータが 1000 分の 1 ほど変わることを意味し、健全な値です。これより大幅に大きいと不安定すぎて学習できず、大幅に"
      + "小さいと変化が遅すぎます。比は学習率で調節してください。突然の急上昇は勾配爆発の兆しです。スキップグラムモデルでは、更新が"
      + "触れた行だけで比を計算します。",
    meaningActivationsDeviation:
      "各層が次の層に渡す値（活性化）の標準偏差です。数百回の反復で安定するのが普通です。際限なく増える場合は活性化の爆発、0 に近づく"
      + "場合は活性化の消失です。学習率を下げるか、初期化を見直してください。Word2Vec では、入力表の活性化は中心語の行、出力表の"
      + "活性化はその行との内積です。",
    meaningGradientsDeviation:
      "各層の勾配の標準偏差です。学習が進むと小さくなり、やがて安定します。桁が変わるほどの急上昇は勾配爆発です。スコアが高いまま 0 に"
      + "近づいていく場合、その層は学習を止めています。",
    meaningUpdatesDeviation:
      "実際にパラメータに加えられた値の標準偏差です。勾配に学習率や慣性項などを適用した後の値で、学習率に従って変化します。勾配の"
      + "曲線と形が異なる箇所は、学習率または慣性項によるものです。",
    meaningMagnitudes:
      "比を構成する 2 つの値、すなわちパラメータの絶対値の平均と更新の絶対値の平均です。比が変わったとき、どちらが動いたのかが"
      + "わかります。パラメータが際限なく増える場合は無限大に向かっています。学習率を下げてください。",
    meaningActivations:
      "層の活性化の平均と、その両側の標準偏差 2 つ分の帯です。どちらも数百回の反復で安定するのが普通です。スキップグラム"
      + "モデルの表では、標準偏差は小さい値から始まり、ベクトルの長さが定まるにつれて増えます。",
    meaningParameterHistogram:
      "標本に含まれるパラメータの現在の分布です。しばらくすると釣鐘形に近づきます。破線は、平均と標準偏差が同じ正規分布です。値が"
      + "正または負の無限大に向かう場合は、学習率が高すぎます。",
    meaningUpdateHistogram:
      "直近の更新、つまり学習率を適用した後の勾配の分布です。これも釣鐘形に近く、中央がより鋭いことがよくあります。飛び抜けて大きい"
      + "値は勾配爆発によるもので、パラメータを乱します。学習率を下げてください。",
    meaningStrip:
      "同じヒストグラムの推移です。1 列が 1 時点で、色が強いほど値が多いことを示します。帯がゆっくり広がり、その後幅が変わらなければ"
      + "健全です。際限なく広がる場合は問題があります。",
    meaningLearningRate:
      "現在の学習率です。予定どおりに変化しているか確かめてください。Word2Vec では最小値まで一定の割合で下がり、t-SNE では一定です。",
    meaningNeighbors:
      "観察対象の単語について、ベクトルの向きが最も近い（コサイン類似度が高い）単語です。最初は偶然の並びですが、次第に意味のある"
      + "単語が集まってきます。",
    meaningMemory:
      "プロセスが現在使っているメモリ、これまでの最大値、マシンの空きメモリです。学習中に増え続ける場合はメモリリークです。空きが "
      + "0 に近づくと、システムがプロセスを終了させることがあります。",
    meaningProcessors:
      "プロセスが 1 秒あたりに使うプロセッサ時間です。2 はプロセッサ 2 個が稼働していることを意味します。スレッド数に近いのが"
      + "普通で、大きく下回る場合は、ディスクなどを待っています。",
    meaningThreads:
      "学習スレッドごとの 1 秒あたりの処理量です。線が揃っているのが普通です。遅れている線があれば、そのスレッドのプロセッサが遅いか、"
      + "ほかの処理と共有されています。",
    meaningObserver:
      "監視にかかるコストです。リスナーが学習スレッドから取ったプロセッサ時間を、経過時間に対する割合で示します。1 % を十分に下回るのが"
      + "普通です。それより多い場合は、報告の頻度を下げるか、ヒストグラムを止めてください。",
    meaningOverlay:
      "表で選んだセッションのスコアを 1 つのグラフに重ねたものです。比べられるのは、同じ種類で損失の定義が同じものだけです。反復と"
      + "時間を切り替えると、1 回の反復で多く学ぶのはどれか、速く学ぶのはどれかがわかります。",
    meaningDivergence:
      "地図上の距離が元のベクトルの距離とどれだけ食い違っているかを示す KL ダイバージェンスです。負にはなりません。初めに急に下がり、"
      + "とくに初期誇張が終わった直後に大きく下がって、その後はゆるやかになります。最後まで下がり続けている場合は、反復を増やすと"
      + "改善します。パープレキシティや点の数が異なる地図どうしは比べられません。",
    meaningGradientNorm:
      "勾配全体の大きさを対数軸で示します。点がまだどれだけ強く動かされているかを表します。桁が変わるほど下がってから安定するのが"
      + "普通です。何度も上昇する場合は、学習率が高すぎます。",
    meaningMap:
      "最適化の進行に合わせて点が動きます。地図は常に全体が収まるように縮尺を変えて表示します。最初は一か所に集まり、次に群れが分かれ、"
      + "最後は周辺だけが動きます。意味があるのは近さだけで、群れの位置や群れどうしの隙間に意味はありません。ドラッグで移動、ホイール"
      + "またはピンチで拡大・縮小、点の上にポインタを置くと単語が表示されます。グラフをクリックすると、その時点の地図を表示します。",
  },
};
