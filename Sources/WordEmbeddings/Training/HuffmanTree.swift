/// The Huffman tree of hierarchical softmax (Mikolov et al. 2013, section 2.1): each word is a leaf, and the inner
/// nodes on its path from the root, with the turns taken there, are what the model predicts.
struct HuffmanTree: Sendable {
    /// For each word, then for each inner node: the inner node above it · 2, plus 1 where the turn to it has code 0,
    /// which is a label of 1; `SOFTMAX_END` for the root, the last one. Four bytes a node, where the paths themselves
    /// would take a hundred bytes a word.
    let links: [UInt32]
    /// Inner nodes on the longest path.
    let longestPath: Int

    /// Words.
    var leaves: Int { (links.count + 1) / 2 }

    /// The inner nodes above a word, the nearest one first, with the labels of their logistic regressions.
    func path(of word: Int) -> [(node: UInt32, label: Float)] {
        var path: [(node: UInt32, label: Float)] = []
        var link = links[word]
        while link != .max {
            path.append((link >> 1, Float(link & 1)))
            link = links[leaves + Int(link >> 1)]
        }
        return path
    }

    /// - Parameter counts: occurrences of each word, in falling order; at least two words.
    init(counts: [Int]) {
        let leaves = counts.count
        // Leaves 0..<leaves, inner nodes behind them. The two least frequent nodes are joined until one is left; as
        // both lists are sorted, the least frequent is always at one of two ends.
        var weights = counts
        weights.reserveCapacity(2 * leaves)
        var parents = [Int](repeating: -1, count: max(1, 2 * leaves - 1))
        var turns = [UInt8](repeating: 0, count: max(1, 2 * leaves - 1))
        var leaf = leaves - 1
        var inner = leaves
        for new in leaves..<max(leaves, 2 * leaves - 1) {
            for turn in 0..<UInt8(2) {
                let least: Int
                if leaf >= 0, inner >= new || weights[leaf] < weights[inner] {
                    least = leaf
                    leaf -= 1
                } else {
                    least = inner
                    inner += 1
                }
                parents[least] = new
                turns[least] = turn
                if turn == 0 { weights.append(weights[least]) } else { weights[new] += weights[least] }
            }
        }
        var links: [UInt32] = []
        links.reserveCapacity(parents.count)
        for (parent, turn) in zip(parents, turns) {
            links.append(parent < 0 ? .max : UInt32(parent - leaves) << 1 | UInt32(1 - turn))
        }
        self.links = links
        // Parents are made after their children.
        var depths = [UInt8](repeating: 0, count: parents.count)
        for node in parents.indices.reversed() where parents[node] >= 0 { depths[node] = depths[parents[node]] + 1 }
        longestPath = Int(depths[..<leaves].max() ?? 0)
    }
}
