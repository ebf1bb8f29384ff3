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

    /// The most output rows that one centre word trains against.
    var largestOutputCount: Int {
        switch self {
        case .negativeSampling(_, let count): count + 1
        case .hierarchicalSoftmax(let tree):
            zip(tree.starts, tree.starts.dropFirst()).map { $1 - $0 }.max() ?? 0
        }
    }
}
