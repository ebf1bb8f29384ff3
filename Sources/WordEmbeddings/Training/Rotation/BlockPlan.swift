import LinearAlgebra

/// Which block each word is in, as input and as output, during one chunk of the text.
///
/// Words go to blocks at random, but so that every `count` neighbouring ranks of frequency are in different blocks:
/// all blocks have nearly the same share of the pairs and of the sampling distribution. Blocks are drawn anew for each
/// chunk. A pair's negatives come from its output word's block, so that word's chance to be there with word w is
/// 1 / count for any w; over the chunks each input word meets each negative as often as it would without blocks.
struct BlockPlan: Sendable {
    /// Number of input blocks and of output blocks.
    let count: Int
    /// Each word's input block.
    let inputs: [UInt8]
    /// Each word's output block.
    let outputs: [UInt8]
    /// One for each output block.
    let samplers: [BlockSampler]

    /// Words a block has at least: with fewer, one word would be a pair's partner and its negative too often.
    static let leastWords = 64

    /// The number of blocks that a vocabulary allows.
    static func blockCount(wanted: Int, words: Int) -> Int {
        max(1, min(wanted, words / leastWords))
    }

    /// - Parameters:
    ///   - words: the corpus's words.
    ///   - count: blocks on each side, from `blockCount`.
    ///   - random: decides about the blocks.
    init(_ words: WordFrequencies, count: Int, random: Philox, threads: Int) {
        var random = random
        self.count = count
        let inputs = Self.spread(words.counts.count, over: count, &random)
        let outputs = Self.spread(words.counts.count, over: count, &random)
        self.inputs = inputs
        self.outputs = outputs
        samplers = parallelMap(count, threads: threads, grain: 1) { range in
            let block = UInt8(range.lowerBound)
            var rows: [UInt32] = []
            rows.reserveCapacity(outputs.count / count + 1)
            for (word, own) in outputs.enumerated() where own == block { rows.append(UInt32(word)) }
            let weights = rows.map { words.negativeWeights[Int($0)] }
            let drawn = weights.reduce(0, +) / words.negativeWeight
            let trained = rows.reduce(0) { $0 + words.keptCounts[Int($1)] } / words.keptCount
            return BlockSampler(
                rows: rows, slots: NegativeSampler(weights: weights).slots,
                weight: trained > 0 ? Float(drawn / trained) : 1)
        }
    }

    /// One block of all words, without a sampler.
    init(single words: Int) {
        count = 1
        inputs = [UInt8](repeating: 0, count: words)
        outputs = inputs
        samplers = []
    }

    /// A block for each word: a random order of the blocks for every `count` neighbouring ranks.
    private static func spread(_ words: Int, over count: Int, _ random: inout Philox) -> [UInt8] {
        var blocks = [UInt8](repeating: 0, count: words)
        guard count > 1 else { return blocks }
        var order = (0..<UInt8(count)).map { $0 }
        // The first group is shorter by a random number, so that groups differ from chunk to chunk.
        var word = -Int(random.next32() % UInt32(count))
        while word < words {
            order.shuffle(using: &random)
            for offset in 0..<count where (0..<words).contains(word + offset) { blocks[word + offset] = order[offset] }
            word += count
        }
        return blocks
    }
}

/// How often each word is trained and drawn.
struct WordFrequencies: Sendable {
    /// Occurrences in the text.
    let counts: [Int]
    /// Occurrences that subsampling keeps, expected.
    let keptCounts: [Double]
    let keptCount: Double
    /// Counts to the power of the sampling distribution.
    let negativeWeights: [Double]
    let negativeWeight: Double

    /// - Parameters:
    ///   - keepBelow: for each word the 32 random bits up to which an occurrence is kept; `nil` keeps all.
    ///   - exponent: power of the counts.
    init(counts: [Int], keepBelow: [UInt32]?, exponent: Double) {
        self.counts = counts
        keptCounts = counts.enumerated().map { word, count in
            Double(count) * (keepBelow.map { (Double($0[word]) + 1) * 0x1p-32 } ?? 1)
        }
        keptCount = keptCounts.reduce(0, +)
        negativeWeights = NegativeSampler.weights(counts: counts, exponent: exponent)
        negativeWeight = negativeWeights.reduce(0, +)
    }
}
