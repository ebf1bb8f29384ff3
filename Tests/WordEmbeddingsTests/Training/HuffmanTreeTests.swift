import Testing

@testable import WordEmbeddings

@Suite struct HuffmanTreeTests {
    private func lengths(_ tree: HuffmanTree) -> [Int] {
        zip(tree.starts, tree.starts.dropFirst()).map { $1 - $0 }
    }

    /// Counts 45, 16, 13, 12, 9, 5 have code lengths 1, 3, 3, 3, 4, 4 (Cormen et al., Introduction to Algorithms, 16.3).
    @Test func codeLengthsAreOptimal() {
        #expect(lengths(HuffmanTree(counts: [45, 16, 13, 12, 9, 5])) == [1, 3, 3, 3, 4, 4])
        #expect(lengths(HuffmanTree(counts: [1, 1])) == [1, 1])
        #expect(lengths(HuffmanTree(counts: [8, 4, 2, 1, 1])) == [1, 2, 3, 4, 4])
    }

    @Test(arguments: [2, 3, 10, 100, 1000]) func pathsFormATree(words: Int) {
        let tree = HuffmanTree(counts: (0..<words).map { 1 + 10_000 / ($0 + 1) })
        // Kraft's sum of a full binary tree is 1, and all paths begin at the root, the last node that was made.
        #expect(abs(lengths(tree).reduce(0.0) { $0 + 1 / Double(UInt64(1) << UInt64($1)) } - 1) < 1e-12)
        for word in 0..<words { #expect(tree.nodes[tree.starts[word]] == UInt32(words - 2)) }
        #expect(Set(tree.nodes) == Set(0..<UInt32(words - 1)), "every inner node is on a path")
        let paths = (0..<words).map { word in
            (tree.starts[word]..<tree.starts[word + 1]).map { "\(tree.nodes[$0])\(tree.labels[$0])" }
        }
        #expect(Set(paths).count == words)
    }
}
