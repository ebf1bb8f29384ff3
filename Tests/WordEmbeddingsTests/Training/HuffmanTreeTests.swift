import Testing

@testable import WordEmbeddings

@Suite struct HuffmanTreeTests {
    private func lengths(_ tree: HuffmanTree) -> [Int] {
        (0..<tree.leaves).map { tree.path(of: $0).count }
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
        let paths = (0..<words).map { tree.path(of: $0) }
        for path in paths { #expect(path.last?.node == UInt32(words - 2)) }
        #expect(Set(paths.joined().map(\.node)) == Set(0..<UInt32(words - 1)), "every inner node is on a path")
        #expect(tree.longestPath == paths.map(\.count).max())
        let names = paths.map { $0.map { "\($0.node):\($0.label)" } }
        #expect(Set(names).count == words)
    }
}
