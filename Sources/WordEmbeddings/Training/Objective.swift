import CVectorKernels

/// What the model predicts for a centre word: the word itself against drawn words, or its path in a Huffman tree.
enum Objective: Sendable {
    case negativeSampling(NegativeSampler, count: Int)
    case hierarchicalSoftmax(HuffmanTree)

    init(_ configuration: Word2Vec.Configuration, counts: [Int]) {
        if configuration.hierarchicalSoftmax {
            self = .hierarchicalSoftmax(HuffmanTree(counts: counts))
        } else {
            self = .negativeSampling(NegativeSampler(counts: counts), count: configuration.negative)
        }
    }

    /// Rows of the output table.
    var outputRows: Int {
        switch self {
        case .negativeSampling(let sampler, _): sampler.slots.count
        case .hierarchicalSoftmax(let tree): max(1, tree.starts.count - 2)
        }
    }

    /// The most rows of one table that are trained together.
    func largestBlock(window: Int) -> Int {
        switch self {
        case .negativeSampling(let sampler, let count): wordsPerBlock + 2 * window + sampler.rowsOfTile(count)
        case .hierarchicalSoftmax(let tree): max(2 * window, tree.longestPath)
        }
    }

    /// Words of a sentence that are trained together.
    var wordsPerBlock: Int {
        switch self {
        case .negativeSampling: Int(SKIPGRAM_TILE)
        case .hierarchicalSoftmax: 1
        }
    }
}
