import CVectorKernels
import LinearAlgebra

/// One thread's part of the training: it takes sentences and trains them in small matrix products (Ji et al. 2016,
/// "Parallelizing word2vec in shared and distributed memory").
///
/// With negative sampling a tile is four neighbouring words as inputs against all words around them and one set of
/// negatives; with hierarchical softmax a block is all contexts of a word against the nodes of its path.
///
/// Unsafe code has its place here: it works on the shared tables by address. Every row number comes from the
/// vocabulary, whose size the tables have.
final class SkipGramWorker {
    /// How many tiles ahead negatives are drawn and rows are fetched into the cache.
    private static let lookahead = 2
    /// The loss is taken of one tile in so many.
    private static let lossInterval = 4

    /// Number of the worker among those of a training, from 0.
    let number: Int
    private let tables: ModelTables
    private let objective: Objective
    private let window: Int
    /// For each word, keep an occurrence when 32 random bits are below; `nil` keeps all.
    private let keepBelow: [UInt32]?
    private var random = FastRandom(seed: 0)
    /// Words that are kept, sentence after sentence, until there are so many that it pays to train them.
    private let sentences = AlignedBuffer<UInt32>(count: SkipGramWorker.batch + SentenceReader.longestSentence + 16)
    private static let batch = 2_000
    /// Where each sentence of the batch ends.
    private var ends: [Int] = []
    private let contexts: AlignedBuffer<UInt32>
    private let scratch: AlignedBuffer<Float>
    private var tiles: [DrawnTile] = []
    /// Words that negatives are taken from, and which of them is replaced next.
    private let stock: AlignedBuffer<UInt32>
    private var stockNext = 0
    private var tilesDrawn = 0
    private var tilesTrained = 0

    var learningRate: Float = 0
    /// Sum of the loss over `pairs` since it was last set to 0.
    var loss = 0.0
    /// Pairs of a context and a centre word that `loss` is of.
    var pairs = 0
    /// Centre words since it was last set to 0.
    var centres = 0
    /// Takes a sample of the blocks while it is set.
    var probe: BlockProbe?

    init(number: Int, tables: ModelTables, objective: Objective, window: Int, keepBelow: [UInt32]?) {
        self.number = number
        self.tables = tables
        self.objective = objective
        self.window = window
        self.keepBelow = keepBelow
        contexts = AlignedBuffer(count: 2 * window)
        switch objective {
        case .negativeSampling(let sampler, let negatives):
            var draw = SkipGramDraw()
            draw.window = window
            draw.negatives = sampler.rowsOfTile(negatives)
            let rows = skipgram_draw_rows(&draw)
            tiles = (0...Self.lookahead).map { _ in DrawnTile(rows: rows) }
            scratch = AlignedBuffer(count: skipgram_tile_scratch_floats(rows))
            stock = AlignedBuffer(count: sampler.stockSize(negatives))
        case .hierarchicalSoftmax(let tree):
            scratch = AlignedBuffer(
                count: skipgram_scratch_floats(2 * window, tree.longestPath, tables.stride))
            stock = AlignedBuffer(count: 1)
        }
    }

    /// Starts a new sequence of random numbers, with new negatives in stock.
    func reseed(_ seed: UInt64, stream: UInt64) {
        var philox = Philox(seed: seed, stream: stream)
        random = FastRandom(seed: philox.next())
        guard case .negativeSampling(let sampler, let negatives) = objective else { return }
        sampler.slots.withUnsafeBufferPointer { slots in
            for place in 0..<sampler.stockSize(negatives) {
                stock.base[place] = alias_draw(slots.baseAddress, slots.count, random.next())
            }
        }
        stockNext = 0
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
        switch objective {
        case .negativeSampling(let sampler, let negatives):
            trainNegativeSampling(sampler, negatives: negatives)
        case .hierarchicalSoftmax(let tree):
            tree.nodes.withUnsafeBufferPointer { nodes in
                tree.labels.withUnsafeBufferPointer { labels in
                    tree.starts.withUnsafeBufferPointer { starts in
                        var begin = 0
                        for end in ends {
                            trainHierarchicalSoftmax(begin..<end, nodes: nodes, labels: labels, starts: starts)
                            begin = end
                        }
                    }
                }
            }
        }
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

    /// The contexts of the centre word at `position`, at a distance drawn from 1…window; returns how many.
    @inline(__always)
    private func gatherContexts(_ position: Int, _ sentence: Range<Int>, _ random: inout FastRandom) -> Int {
        let words = sentences.base
        let reach = 1 + Int(truncatingIfNeeded: ((random.next() >> 32) &* UInt64(window)) >> 32)
        var inputs = 0
        for other in max(sentence.lowerBound, position - reach)..<position {
            contexts.base[inputs] = words[other]
            inputs += 1
        }
        for other in position + 1..<min(sentence.upperBound, position + reach + 1) {
            contexts.base[inputs] = words[other]
            inputs += 1
        }
        return inputs
    }

    private func trainNegativeSampling(_ sampler: NegativeSampler, negatives: Int) {
        let rows = sampler.rowsOfTile(negatives)
        sampler.slots.withUnsafeBufferPointer { slots in
            var draw = SkipGramDraw(
                words: sentences.base, window: window, slots: slots.baseAddress, slotCount: slots.count,
                stock: stock.base, stockSize: sampler.stockSize(negatives), stockNext: stockNext,
                fresh: sampler.freshOfTile(negatives), negatives: rows, negativeWeight: Float(negatives) / Float(rows),
                inputs: tables.inputs.base,
                outputs: tables.outputs.base, stride: tables.stride)
            var ahead = 0
            var begin = 0
            for end in ends {
                for position in stride(from: begin, to: end, by: Int(SKIPGRAM_TILE)) {
                    drawTile(&draw, begin..<end, position)
                    ahead += 1
                    if ahead > Self.lookahead {
                        trainTile()
                        ahead -= 1
                    }
                }
                begin = end
            }
            while tilesTrained < tilesDrawn { trainTile() }
            stockNext = draw.stockNext
        }
    }

    private func drawTile(_ draw: inout SkipGramDraw, _ sentence: Range<Int>, _ position: Int) {
        tiles[tilesDrawn % tiles.count].draw(&draw, sentence, position, &random)
        tilesDrawn += 1
    }

    private func trainTile() {
        let drawn = tiles[tilesTrained % tiles.count]
        let withLoss = tilesTrained % Self.lossInterval == 0
        tilesTrained += 1
        var tile = SkipGramTile(
            inputs: tables.inputs.base, outputs: tables.outputs.base, stride: tables.stride,
            dimensions: tables.dimensions, inputRows: sentences.base + drawn.position, inputCount: drawn.inputs,
            outputRows: drawn.rows.base, outputCount: drawn.count, weights: drawn.weights.base,
            targets: drawn.targets.base, learningRate: learningRate, withLoss: withLoss, scratch: scratch.base)
        loss += probe?.train(&tile) ?? kernels.skipgram_tile(&tile)
        if withLoss { pairs += drawn.pairs }
    }

    private func trainHierarchicalSoftmax(
        _ sentence: Range<Int>, nodes: UnsafeBufferPointer<UInt32>, labels: UnsafeBufferPointer<Float>,
        starts: UnsafeBufferPointer<Int>
    ) {
        var block = SkipGramBlock(
            inputs: tables.inputs.base, outputs: tables.outputs.base, stride: tables.stride,
            dimensions: tables.dimensions, inputRows: contexts.base, inputCount: 0, outputRows: nil, outputCount: 0,
            labels: nil, learningRate: learningRate, scratch: scratch.base)
        var random = random
        let words = sentences.base
        let (inputs, outputs, stride) = (tables.inputs.base, tables.outputs.base, tables.stride)
        for position in sentence {
            if position + 1 < sentence.upperBound {
                let next = Int(words[position + 1])
                for node in starts[next]..<starts[next + 1] {
                    prefetch_row(outputs + Int(nodes[node]) * stride, stride)
                }
            }
            if position + window + 1 < sentence.upperBound {
                prefetch_row(inputs + Int(words[position + window + 1]) * stride, stride)
            }
            let centre = Int(words[position])
            block.inputCount = gatherContexts(position, sentence, &random)
            block.outputCount = starts[centre + 1] - starts[centre]
            block.outputRows = nodes.baseAddress.map { $0 + starts[centre] }
            block.labels = labels.baseAddress.map { $0 + starts[centre] }
            loss += probe?.train(&block, centre: words[position]) ?? kernels.skipgram_block(&block)
            pairs += block.inputCount
        }
        self.random = random
    }
}

/// Output rows of a tile that is yet to be trained, and what each is to its inputs.
private struct DrawnTile {
    let rows: AlignedBuffer<UInt32>
    let weights: AlignedBuffer<Float>
    let targets: AlignedBuffer<Float>
    /// Place of the first input word among the sentences of the batch, and how many there are.
    private(set) var position = 0
    private(set) var inputs = 0
    /// Output rows in use.
    private(set) var count = 0
    /// True pairs.
    private(set) var pairs = 0

    init(rows count: Int) {
        rows = AlignedBuffer(count: count)
        weights = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
        targets = AlignedBuffer(count: count * Int(SKIPGRAM_TILE))
    }

    mutating func draw(
        _ draw: inout SkipGramDraw, _ sentence: Range<Int>, _ position: Int, _ random: inout FastRandom
    ) {
        self.position = position
        inputs = min(Int(SKIPGRAM_TILE), sentence.upperBound - position)
        count = kernels.skipgram_draw(
            &draw, sentence.lowerBound, sentence.upperBound, position, &random.state, rows.base, weights.base,
            targets.base, &pairs)
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
