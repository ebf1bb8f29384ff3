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
    private let pathScratch: AlignedBuffer<UInt32>
    /// For each word, keep an occurrence when 32 random bits are below; `nil` keeps all.
    private let keepBelow: [UInt32]?
    private var random = FastRandom(seed: 0)
    /// Words that are kept, sentence after sentence.
    private let sentences = AlignedBuffer<UInt32>(count: SkipGramWorker.batch + SentenceReader.longestSentence + 16)
    /// The rows of these words in the input table, or the copies of them.
    private let inputRows = AlignedBuffer<UInt32>(count: SkipGramWorker.batch + SentenceReader.longestSentence + 16)
    private let copies: HotCopies
    /// Where each sentence of the batch ends.
    private var ends: [Int] = []
    private let scratch: AlignedBuffer<Float>
    /// Tiles that are drawn and yet to be trained, in a ring, and what they point to.
    private let tiles: AlignedBuffer<PendingTile>
    private let tileBuffers: [TileBuffers]
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

    init(number: Int, tables: ModelTables, objective: Objective, hot: HotPlan, keepBelow: [UInt32]?) {
        self.number = number
        self.tables = tables
        self.objective = objective
        self.keepBelow = keepBelow
        draw = objective.draw
        let rows = tile_draw_rows(&draw)
        stock = AlignedBuffer(count: max(1, draw.stockSize))
        bits = AlignedBuffer(count: max(1, draw.fresh))
        places = AlignedBuffer(count: max(1, draw.leaves))
        pathScratch = AlignedBuffer(count: draw.links == nil ? 0 : tile_draw_scratch(&draw))
        let coming = tile_draw_coming(&draw)
        tileBuffers = (0...Self.lookahead).map { _ in TileBuffers(rows: rows, coming: coming) }
        tiles = AlignedBuffer(count: tileBuffers.count)
        for (place, buffers) in tileBuffers.enumerated() { tiles.base[place].drawn = buffers.drawn }
        scratch = AlignedBuffer(count: skipgram_tile_scratch_floats(rows))
        means = objective.averages ? MeanInputs(window: objective.window, tables: tables) : nil
        draw.words = UnsafePointer(sentences.base)
        draw.stock = stock.base
        draw.bits = bits.base
        draw.places = places.base
        draw.scratch = pathScratch.base
        draw.inputs = UnsafePointer(tables.inputs.base)
        draw.outputs = UnsafePointer(tables.outputs.base)
        draw.stride = tables.stride
        copies = HotCopies(hot, tables: tables, thread: number)
        draw.hotInputs = copies.inputs
        draw.hotWords = copies.words
        draw.hotNodes = copies.nodes
    }

    /// Before the worker trains, when others may have changed the tables.
    func begin() { copies.load() }

    /// When the worker stops for a while: the tables have what it has learned.
    func end() { copies.mergeAll() }

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
        // What changes from tile to tile is in variables of this function: the class's own cost a check at each access.
        var (draw, random) = (draw, random)
        var run = Run(drawn: tilesTrained, trained: tilesTrained, loss: loss, pairs: pairs)
        let tiles = tiles.base
        let ring = tileBuffers.count
        draw.wordCount = ends.last ?? 0
        for place in 0..<draw.wordCount { inputRows.base[place] = hot_row(draw.hotInputs, sentences.base[place]) }
        var begin = 0
        for end in ends {
            for position in stride(from: begin, to: end, by: Int(SKIPGRAM_TILE)) {
                let tile = tiles + run.drawn % ring
                tile.pointee.place(sentence: begin..<end, position: position)
                kernels.tile_draw(&draw, begin, end, position, &random.state, &tile.pointee.drawn)
                run.drawn += 1
                if run.drawn - run.trained == ring { trainTile(&run) }
            }
            begin = end
        }
        while run.trained < run.drawn { trainTile(&run) }
        ends.removeAll(keepingCapacity: true)
        (self.draw, self.random) = (draw, random)
        (tilesTrained, loss, pairs) = (run.trained, run.loss, run.pairs)
    }

    /// What one call of `flush` counts.
    private struct Run {
        var drawn: Int
        var trained: Int
        var loss: Double
        var pairs: Int
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

    private func trainTile(_ run: inout Run) {
        let ring = tileBuffers.count
        let pending = tiles.base[run.trained % ring]
        let drawn = pending.drawn
        let withLoss = run.trained % Self.lossInterval == 0
        // What the tile that was drawn last will want is fetched while this one is trained.
        let last = tiles.base[(run.drawn - 1) % ring].drawn
        run.trained += 1
        let isLast = run.trained == run.drawn
        var tile = SkipGramTile(
            inputs: tables.inputs.base, outputs: tables.outputs.base, stride: tables.stride,
            dimensions: tables.dimensions, inputRows: inputRows.base + pending.position, inputCount: pending.inputs,
            outputRows: drawn.rows, outputCount: drawn.count, weights: drawn.weights, targets: drawn.targets,
            changes: nil, learningRate: learningRate, withLoss: withLoss, coming: last.coming,
            comingCount: isLast ? 0 : last.comingCount, scratch: scratch.base)
        if let means {
            var window = means.window(inputRows.base, pending)
            kernels.window_gather(&window)
            tile.inputs = means.rows.base
            tile.inputRows = UnsafePointer(means.numbers.base)
            tile.changes = means.changes.base
            run.loss += train(&tile)
            kernels.window_scatter(&window)
        } else {
            run.loss += train(&tile)
        }
        if withLoss { run.pairs += drawn.pairs }
        if run.trained % HotCopies.interval == 0 { copies.merge() }
    }

    @inline(__always)
    private func train(_ tile: inout SkipGramTile) -> Double {
        probe?.train(&tile) ?? kernels.skipgram_tile(&tile)
    }
}

/// A tile that is drawn and yet to be trained.
private struct PendingTile {
    var drawn: DrawnTile
    /// Where its sentence lies in the batch.
    private(set) var begin: Int
    private(set) var end: Int
    /// Place of the first input word in the batch, and how many there are.
    private(set) var position: Int
    private(set) var inputs: Int

    mutating func place(sentence: Range<Int>, position: Int) {
        (begin, end) = (sentence.lowerBound, sentence.upperBound)
        self.position = position
        inputs = min(Int(SKIPGRAM_TILE), end - position)
    }
}

/// The memory of a drawn tile.
private struct TileBuffers {
    private let rows: AlignedBuffer<UInt32>
    private let weights: AlignedBuffer<Float>
    private let targets: AlignedBuffer<Float>
    private let coming: AlignedBuffer<UnsafePointer<Float>?>

    init(rows count: Int, coming comingCount: Int) {
        rows = AlignedBuffer(count: count)
        weights = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
        targets = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
        coming = AlignedBuffer(count: comingCount)
    }

    var drawn: DrawnTile {
        DrawnTile(
            rows: rows.base, weights: weights.base, targets: targets.base, count: 0, coming: coming.base,
            comingCount: 0, pairs: 0, reach: 0)
    }
}

/// The input rows of a tile of the continuous bag of words: means of rows of the input table.
private final class MeanInputs {
    /// The means, `SKIPGRAM_TILE` rows, and their numbers 0, 1, 2 …
    let rows: AlignedBuffer<Float>
    let numbers: AlignedBuffer<UInt32>
    /// What the means learn, for the rows that they are of.
    let changes: AlignedBuffer<Float>
    private let scratch: AlignedBuffer<UnsafeMutablePointer<Float>?>
    private let tables: ModelTables

    init(window: Int, tables: ModelTables) {
        let width = Int(SKIPGRAM_TILE)
        rows = AlignedBuffer(count: width * tables.stride)
        changes = AlignedBuffer(count: width * tables.stride)
        scratch = AlignedBuffer(count: 2 * window)
        numbers = AlignedBuffer(count: width)
        for number in 0..<width { numbers.base[number] = UInt32(number) }
        self.tables = tables
    }

    func window(_ words: UnsafePointer<UInt32>, _ tile: PendingTile) -> WindowMeans {
        WindowMeans(
            inputs: tables.inputs.base, stride: tables.stride, dimensions: tables.dimensions, words: words,
            begin: tile.begin, end: tile.end, position: tile.position, count: tile.inputs, reach: tile.drawn.reach,
            rows: scratch.base, means: rows.base, changes: UnsafePointer(changes.base))
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
