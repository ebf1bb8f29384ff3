import CVectorKernels
import LinearAlgebra

/// What the model predicts and how: the words around each word (skip-gram) or each word from the mean of those around
/// it (continuous bag of words); against drawn words (negative sampling), along a path in a Huffman tree (hierarchical
/// softmax), or both.
///
/// With both, the output table has the words' rows first and the inner nodes' behind them.
struct Objective: Sendable {
    let averages: Bool
    let window: Int
    let shrinks: Bool
    /// Negatives wanted for a true pair; 0 without negative sampling.
    let negatives: Int
    let tree: HuffmanTree?
    private let words: Int
    private let slots: AlignedBuffer<AliasSlot>
    private let links: AlignedBuffer<UInt32>

    /// - Parameter counts: occurrences of each word, in falling order.
    init(_ configuration: Word2Vec.Configuration, counts: [Int]) {
        averages = configuration.continuousBagOfWords
        window = configuration.window
        shrinks = configuration.shrinksWindow
        negatives = configuration.samplesNegatives ? configuration.negative : 0
        tree = configuration.hierarchicalSoftmax ? HuffmanTree(counts: counts) : nil
        words = counts.count
        slots = Self.buffer(
            negatives > 0 ? NegativeSampler(counts: counts, exponent: configuration.negativeExponent).slots : [])
        links = Self.buffer(tree?.links ?? [])
    }

    private static func buffer<Element: BitwiseCopyable>(_ elements: [Element]) -> AlignedBuffer<Element> {
        let buffer = AlignedBuffer<Element>(count: elements.count)
        for (index, element) in elements.enumerated() { buffer.base[index] = element }
        return buffer
    }

    /// Rows of the output table.
    var outputRows: Int { Self.outputRows(words: words, samples: negatives > 0, hasTree: tree != nil) }

    /// The same for a vocabulary that is not there yet.
    static func outputRows(words: Int, samples: Bool, hasTree: Bool) -> Int {
        (samples ? words : 0) + (hasTree ? max(1, words - 1) : 0)
    }

    /// The most rows of one table that are trained together.
    var largestBlock: Int {
        var draw = draw
        return tile_draw_rows(&draw)
    }

    /// A word as a negative, by 64 random bits; only with negative sampling.
    func negative(_ bits: UInt64) -> UInt32 { alias_draw(slots.base, slots.count, bits) }

    /// Row of the tree's first inner node in the output table.
    var firstNode: Int { negatives > 0 ? words : 0 }

    /// Words of a sentence that are trained together.
    var wordsPerBlock: Int { Int(SKIPGRAM_TILE) }

    /// Negative rows that the words of a tile share. Skip-gram: 28 for 5 wanted ones a true pair; each stands for that
    /// part of the wanted ones, for as many true pairs as an input word has, so that a word meets nearly as many
    /// different negatives as when each of its pairs had its own. A mean of the bag of words has one true pair alone:
    /// twice as many as wanted. Fewer are faster and cost quality (docs/performance.md).
    private var negativesOfTile: Int { averages ? 2 * negatives : (28 * negatives + 4) / 5 }

    /// Words of the stock that a tile replaces: 8 of 28 negatives, or 4 of 10.
    private var freshOfTile: Int { ((averages ? 4 : 8) * negatives + 4) / 5 }

    /// What tiles are drawn from, but for the words, the tables, the stock and the places of the nodes.
    var draw: TileDraw {
        var draw = TileDraw()
        draw.window = window
        draw.shrinks = shrinks
        draw.averages = averages
        if negatives > 0 {
            draw.slots = UnsafePointer(slots.base)
            draw.slotCount = words
            draw.negatives = negativesOfTile
            draw.negativeWeight = Float(negatives) / Float(negativesOfTile)
            draw.fresh = freshOfTile
            draw.stockSize = 256
            while draw.stockSize < 8 * draw.negatives { draw.stockSize *= 2 }
        }
        if let tree {
            draw.links = UnsafePointer(links.base)
            draw.leaves = words
            draw.longestPath = tree.longestPath
            draw.firstNode = firstNode
        }
        return draw
    }
}
