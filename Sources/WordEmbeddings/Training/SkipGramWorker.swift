import CVectorKernels
import LinearAlgebra

/// One thread's part of the training: it takes sentences and trains every window of them as one block, all contexts
/// of a centre word against that word and its negatives (Ji et al. 2016, "Parallelizing word2vec in shared and
/// distributed memory").
///
/// Unsafe code has its place here: it works on the shared tables by address. Every row number comes from the
/// vocabulary, whose size the tables have.
final class SkipGramWorker {
    /// How many centre words ahead negatives are drawn and rows are fetched into the cache.
    private static let lookahead = 3

    /// Number of the worker among those of a training, from 0.
    let number: Int
    private let tables: ModelTables
    private let objective: Objective
    private let window: Int
    /// For each word, keep an occurrence when 32 random bits are below; `nil` keeps all.
    private let keepBelow: [UInt32]?
    private var random = FastRandom(seed: 0)
    private let sentence = AlignedBuffer<UInt32>(count: SentenceReader.longestSentence + 16)
    private let contexts: AlignedBuffer<UInt32>
    private let labels: AlignedBuffer<Float>
    private let scratch: AlignedBuffer<Float>
    /// A ring of `lookahead + 1` lists of output rows.
    private let outputRing: AlignedBuffer<UInt32>
    private let outputCounts = AlignedBuffer<Int>(count: SkipGramWorker.lookahead + 1)
    private let ringWidth: Int

    var learningRate: Float = 0
    /// Sum of the loss over `pairs` since it was last set to 0.
    var loss = 0.0
    /// Pairs of a context and a centre word since it was last set to 0.
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
        ringWidth = objective.largestOutputCount
        contexts = AlignedBuffer(count: 2 * window)
        labels = AlignedBuffer(count: ringWidth)
        if ringWidth > 0 { labels.base[0] = 1 }
        scratch = AlignedBuffer(count: skipgram_scratch_floats(2 * window, ringWidth, tables.stride))
        outputRing = AlignedBuffer(count: (Self.lookahead + 1) * ringWidth)
    }

    /// Starts a new sequence of random numbers.
    func reseed(_ seed: UInt64, stream: UInt64) {
        var philox = Philox(seed: seed, stream: stream)
        random = FastRandom(seed: philox.next())
    }

    /// Trains on one sentence of known words.
    func train(_ words: [UInt32]) {
        let count = subsample(words)
        guard count > 1 else { return }
        tables.restoreLocked(words)
        switch objective {
        case .negativeSampling(let sampler, let negatives):
            sampler.slots.withUnsafeBufferPointer { trainNegativeSampling(count, $0, negatives: negatives) }
        case .hierarchicalSoftmax(let tree):
            tree.nodes.withUnsafeBufferPointer { nodes in
                tree.labels.withUnsafeBufferPointer { labels in
                    tree.starts.withUnsafeBufferPointer { starts in
                        trainHierarchicalSoftmax(count, nodes: nodes, labels: labels, starts: starts)
                    }
                }
            }
        }
        centres += count
    }

    /// Copies the words that are kept to `sentence`; returns how many.
    private func subsample(_ words: [UInt32]) -> Int {
        let target = sentence.base
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
    private func gatherContexts(_ position: Int, _ count: Int, _ random: inout FastRandom) -> Int {
        let words = sentence.base
        let reach = 1 + Int(truncatingIfNeeded: ((random.next() >> 32) &* UInt64(window)) >> 32)
        var inputs = 0
        for other in max(0, position - reach)..<position {
            contexts.base[inputs] = words[other]
            inputs += 1
        }
        for other in position + 1..<min(count, position + reach + 1) {
            contexts.base[inputs] = words[other]
            inputs += 1
        }
        return inputs
    }

    private func block() -> SkipGramBlock {
        SkipGramBlock(
            inputs: tables.inputs.base, outputs: tables.outputs.base, stride: tables.stride,
            dimensions: tables.dimensions, inputRows: contexts.base, inputCount: 0, outputRows: nil, outputCount: 0,
            labels: labels.base, learningRate: learningRate, scratch: scratch.base)
    }

    private func trainNegativeSampling(
        _ count: Int, _ slots: UnsafeBufferPointer<NegativeSampler.Slot>, negatives: Int
    ) {
        var block = block()
        var random = random
        let words = sentence.base
        let ring = Self.lookahead + 1
        let (inputs, outputs, stride) = (tables.inputs.base, tables.outputs.base, tables.stride)

        /// Draws the output rows of a centre word and fetches them and the newest context into the cache.
        func prepare(_ position: Int) {
            guard position < count else { return }
            let rows = outputRing.base + position % ring * ringWidth
            let centre = words[position]
            rows[0] = centre
            prefetch_row(outputs + Int(centre) * stride, stride)
            var used = 1
            for _ in 0..<negatives {
                let word = NegativeSampler.draw(slots, bits: random.next())
                rows[used] = word
                // A negative that is the centre word itself is left out, as in word2vec.
                if word != centre {
                    prefetch_row(outputs + Int(word) * stride, stride)
                    used += 1
                }
            }
            outputCounts.base[position % ring] = used
            if position + window < count { prefetch_row(inputs + Int(words[position + window]) * stride, stride) }
        }

        for position in 0..<Self.lookahead { prepare(position) }
        for position in 0..<count {
            prepare(position + Self.lookahead)
            let slot = position % ring
            block.inputCount = gatherContexts(position, count, &random)
            block.outputRows = UnsafePointer(outputRing.base + slot * ringWidth)
            block.outputCount = outputCounts.base[slot]
            loss += probe?.train(&block, centre: words[position]) ?? kernels.skipgram_block(&block)
            pairs += block.inputCount
        }
        self.random = random
    }

    private func trainHierarchicalSoftmax(
        _ count: Int, nodes: UnsafeBufferPointer<UInt32>, labels: UnsafeBufferPointer<Float>,
        starts: UnsafeBufferPointer<Int>
    ) {
        var block = block()
        var random = random
        let words = sentence.base
        let (inputs, outputs, stride) = (tables.inputs.base, tables.outputs.base, tables.stride)
        for position in 0..<count {
            if position + 1 < count {
                let next = Int(words[position + 1])
                for node in starts[next]..<starts[next + 1] {
                    prefetch_row(outputs + Int(nodes[node]) * stride, stride)
                }
            }
            if position + window + 1 < count {
                prefetch_row(inputs + Int(words[position + window + 1]) * stride, stride)
            }
            let centre = Int(words[position])
            block.inputCount = gatherContexts(position, count, &random)
            block.outputCount = starts[centre + 1] - starts[centre]
            block.outputRows = nodes.baseAddress.map { $0 + starts[centre] }
            block.labels = labels.baseAddress.map { $0 + starts[centre] }
            loss += probe?.train(&block, centre: words[position]) ?? kernels.skipgram_block(&block)
            pairs += block.inputCount
        }
        self.random = random
    }
}

/// A generator for the inner loop: SplitMix64 (Steele et al. 2014), one multiplication chain a number.
struct FastRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
