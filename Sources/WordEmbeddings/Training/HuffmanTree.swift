/// The Huffman tree of hierarchical softmax (Mikolov et al. 2013, section 2.1): each word is a leaf, and the inner
/// nodes on its path from the root, with the turns taken there, are what the model predicts.
struct HuffmanTree: Sendable {
    /// Inner nodes of all words' paths, one path after the other.
    let nodes: [UInt32]
    /// 1 for a turn of code 0, 0 for a turn of code 1: the label of that node's logistic regression.
    let labels: [Float]
    /// Where word i's path begins; word i + 1's begins where it ends.
    let starts: [Int]

    /// Inner nodes on the longest path.
    var longestPath: Int { zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0 }

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
        var nodes: [UInt32] = []
        var labels: [Float] = []
        var starts = [0]
        for word in 0..<leaves {
            var node = word
            let first = nodes.count
            while parents[node] >= 0 {
                nodes.append(UInt32(parents[node] - leaves))
                labels.append(turns[node] == 0 ? 1 : 0)
                node = parents[node]
            }
            nodes[first...].reverse()
            labels[first...].reverse()
            starts.append(nodes.count)
        }
        self.nodes = nodes
        self.labels = labels
        self.starts = starts
    }
}
