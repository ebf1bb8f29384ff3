import CVectorKernels
import LinearAlgebra

/// One thread's part of the training: it takes sentences and trains them in small matrix products (after Ji et al.
/// 2016, "Parallelizing word2vec in shared and distributed memory").
///
/// A tile is four neighbouring words as inputs, or the means of the words around them, against all that they predict and
/// one set of negatives.
///
/// Unsafe code has its place here: it works on the shared tables by address. Every row number comes from the
/// vocabulary, whose size the tables have.
final class SkipGramWorker {
    /// How many tiles ahead negatives are drawn and rows are fetched into the cache.
    private static let lookahead = 2
    /// The loss is taken of one tile in so many.
    private static let lossInterval = 4
    /// So many words are gathered before they are trained.
    private static let batch = 2_000

    /// Number of the worker among those of a training, from 0.
    let number: Int
    private let tables: ModelTables
    /// Keeps what `draw` points to.
    private let objective: Objective
    private var draw: TileDraw
    private let stock: AlignedBuffer<UInt32>
    private let bits: AlignedBuffer<UInt64>
    private let places: AlignedBuffer<NodePlace>
    /// For each word, keep an occurrence when 32 random bits are below; `nil` keeps all.
    private let keepBelow: [UInt32]?
    private var random = FastRandom(seed: 0)
    /// Words that are kept, sentence after sentence.
    private let sentences = AlignedBuffer<UInt32>(count: SkipGramWorker.batch + SentenceReader.longestSentence + 16)
    /// Where each sentence of the batch ends.
    private var ends: [Int] = []
    private let scratch: AlignedBuffer<Float>
    private var tiles: [PendingTile] = []
    private var tilesDrawn = 0
    private var tilesTrained = 0
    private let means: MeanInputs?

    var learningRate: Float = 0
    /// Sum of the loss over `pairs` since it was last set to 0.
    var loss = 0.0
    /// Pairs of an input and a predicted word that `loss` is of.
    var pairs = 0
    /// Centre words since it was last set to 0.
    var centres = 0
    /// Takes a sample of the blocks while it is set.
    var probe: BlockProbe?

    init(number: Int, tables: ModelTables, objective: Objective, keepBelow: [UInt32]?) {
        self.number = number
        self.tables = tables
        self.objective = objective
        self.keepBelow = keepBelow
        draw = objective.draw
        let rows = tile_draw_rows(&draw)
        stock = AlignedBuffer(count: max(1, draw.stockSize))
        bits = AlignedBuffer(count: max(1, draw.fresh))
        places = AlignedBuffer(count: max(1, draw.leaves))
        let coming = tile_draw_coming(&draw)
        tiles = (0...Self.lookahead).map { _ in PendingTile(rows: rows, coming: coming) }
        scratch = AlignedBuffer(count: skipgram_tile_scratch_floats(rows))
        means = objective.averages ? MeanInputs(window: objective.window, tables: tables) : nil
        draw.words = UnsafePointer(sentences.base)
        draw.stock = stock.base
        draw.bits = bits.base
        draw.places = places.base
        draw.inputs = UnsafePointer(tables.inputs.base)
        draw.outputs = UnsafePointer(tables.outputs.base)
        draw.stride = tables.stride
    }

    /// Starts a new sequence of random numbers, with new negatives in stock.
    func reseed(_ seed: UInt64, stream: UInt64) {
        var philox = Philox(seed: seed, stream: stream)
        random = FastRandom(seed: philox.next())
        draw.stockNext = 0
        guard let slots = draw.slots else { return }
        for number in 0..<draw.fresh { bits.base[number] = random.next() }
        for place in 0..<draw.stockSize { stock.base[place] = alias_draw(slots, draw.slotCount, random.next()) }
    }

    /// Takes a sentence of known words, and trains when there are enough of them.
    func train(_ words: [UInt32]) {
        let before = ends.last ?? 0
        let count = subsample(words, at: before)
        guard count > 1 else { return }
        ends.append(before + count)
        centres += count
        if before + count >= Self.batch { flush() }
    }

    /// Trains on the sentences that were taken.
    func flush() {
        tables.restoreLocked(UnsafeBufferPointer(start: sentences.base, count: ends.last ?? 0))
        var begin = 0
        for end in ends {
            for position in stride(from: begin, to: end, by: Int(SKIPGRAM_TILE)) {
                tiles[tilesDrawn % tiles.count].draw(&draw, begin..<end, position, &random)
                tilesDrawn += 1
                if tilesDrawn - tilesTrained > Self.lookahead { trainTile() }
            }
            begin = end
        }
        while tilesTrained < tilesDrawn { trainTile() }
        ends.removeAll(keepingCapacity: true)
    }

    /// Copies the words that are kept to `sentences`; returns how many.
    private func subsample(_ words: [UInt32], at start: Int) -> Int {
        let target = sentences.base + start
        guard let keepBelow else {
            for (index, word) in words.enumerated() { target[index] = word }
            return words.count
        }
        var random = random
        let count = keepBelow.withUnsafeBufferPointer { limits in
            var count = 0
            for word in words {
                target[count] = word
                // No branch that guesses wrong: the word is written in any case and counted when it is kept.
                count += UInt32(truncatingIfNeeded: random.next() >> 32) <= limits[Int(word)] ? 1 : 0
            }
            return count
        }
        self.random = random
        return count
    }

    private func trainTile() {
        let pending = tiles[tilesTrained % tiles.count]
        let drawn = pending.drawn
        let withLoss = tilesTrained % Self.lossInterval == 0
        // What the tile that was drawn last will want is fetched while this one is trained.
        let last = tiles[(tilesDrawn - 1) % tiles.count].drawn
        let isLast = tilesTrained + 1 == tilesDrawn
        tilesTrained += 1
        var tile = SkipGramTile(
            inputs: tables.inputs.base, outputs: tables.outputs.base, stride: tables.stride,
            dimensions: tables.dimensions, inputRows: sentences.base + pending.position, inputCount: pending.inputs,
            outputRows: drawn.rows, outputCount: drawn.count, weights: drawn.weights, targets: drawn.targets,
            learningRate: learningRate, withLoss: withLoss, coming: last.coming,
            comingCount: isLast ? 0 : last.comingCount, scratch: scratch.base)
        if let means {
            means.gather(sentences.base, pending.sentence, pending.position, pending.inputs, reach: drawn.reach)
            tile.inputs = means.rows.base
            tile.inputRows = UnsafePointer(means.numbers.base)
        }
        loss += probe?.train(&tile) ?? kernels.skipgram_tile(&tile)
        means?.scatter()
        if withLoss { pairs += drawn.pairs }
    }
}

/// A tile that is drawn and yet to be trained.
private struct PendingTile {
    private let rows: AlignedBuffer<UInt32>
    private let weights: AlignedBuffer<Float>
    private let targets: AlignedBuffer<Float>
    private let coming: AlignedBuffer<UnsafePointer<Float>?>
    private(set) var drawn: DrawnTile
    /// Where its sentence lies in the batch.
    private(set) var sentence = 0..<0
    /// Place of the first input word in the batch, and how many there are.
    private(set) var position = 0
    private(set) var inputs = 0

    init(rows count: Int, coming comingCount: Int) {
        rows = AlignedBuffer(count: count)
        weights = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
        targets = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
        coming = AlignedBuffer(count: comingCount)
        drawn = DrawnTile(
            rows: rows.base, weights: weights.base, targets: targets.base, count: 0, coming: coming.base,
            comingCount: 0, pairs: 0, reach: 0)
    }

    mutating func draw(
        _ draw: inout TileDraw, _ sentence: Range<Int>, _ position: Int, _ random: inout FastRandom
    ) {
        self.sentence = sentence
        self.position = position
        inputs = min(Int(SKIPGRAM_TILE), sentence.upperBound - position)
        kernels.tile_draw(&draw, sentence.lowerBound, sentence.upperBound, position, &random.state, &drawn)
    }
}

/// The input rows of a tile of the continuous bag of words: means of rows of the input table.
private final class MeanInputs {
    /// The means, `SKIPGRAM_TILE` rows, and their numbers 0, 1, 2 …
    let rows: AlignedBuffer<Float>
    let numbers: AlignedBuffer<UInt32>
    private let before: AlignedBuffer<Float>
    private let shares: AlignedBuffer<Float>
    private var means = WindowMeans()

    init(window: Int, tables: ModelTables) {
        let width = Int(SKIPGRAM_TILE)
        rows = AlignedBuffer(count: width * tables.stride)
        before = AlignedBuffer(count: width * tables.stride)
        shares = AlignedBuffer(count: width * (2 * window + width))
        numbers = AlignedBuffer(count: width)
        for number in 0..<width { numbers.base[number] = UInt32(number) }
        means.inputs = tables.inputs.base
        means.stride = tables.stride
        means.dimensions = tables.dimensions
        means.shares = shares.base
        means.means = rows.base
        means.before = before.base
    }

    func gather(_ words: UnsafePointer<UInt32>, _ sentence: Range<Int>, _ position: Int, _ count: Int, reach: Int) {
        means.words = words
        means.begin = sentence.lowerBound
        means.end = sentence.upperBound
        means.position = position
        means.count = count
        means.reach = reach
        kernels.window_gather(&means)
    }

    /// Gives what the means have learnt to the rows that they are of.
    func scatter() {
        kernels.window_scatter(&means)
    }
}

/// A generator for the inner loop: SplitMix64, one multiplication chain a number.
struct FastRandom {
    fileprivate var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    @inline(__always)
    mutating func next() -> UInt64 { splitmix_next(&state) }
}
