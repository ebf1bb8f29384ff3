import LinearAlgebra
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Up to 8 words whose nearest neighbours are looked at while the training goes on.
struct ProbeWords: Sendable {
    /// Most words.
    static let limit = 8
    /// Neighbours of each.
    static let neighborCount = 8
    /// Most rows that are searched, and most floats in them: a search takes some 10 ms.
    private static let rowLimit = 50_000
    private static let floatLimit = 6_000_000

    private let vocabulary: Vocabulary
    /// Numbers of the words.
    let numbers: [Int]

    /// - Parameters:
    ///   - words: those wanted; unknown and repeated ones are left out, and all after the first 8. `nil`: eight that
    ///     `choice` finds.
    ///   - vocabulary: the words of the model, the most frequent first.
    init(_ words: [String]?, vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        guard let words else {
            numbers = Self.choice(of: vocabulary)
            return
        }
        var known: Set<Int> = []
        numbers = Array(
            words.compactMap { vocabulary.number(of: $0) }.filter { known.insert($0).inserted }.prefix(Self.limit))
    }

    /// The words as text.
    var words: [String] { numbers.map { vocabulary[$0] } }

    /// Words of meaning, as far as ranks and lengths tell: at ranks spread evenly in the logarithm from 50 to 3,000
    /// (less in a small vocabulary), the next word made of letters alone, four or more of them in scripts with upper and
    /// lower case, two or more in others.
    private static func choice(of vocabulary: Vocabulary) -> [Int] {
        let last = min(3_000, vocabulary.count - 1)
        guard last > 0 else { return [] }
        let first = min(50, last / 20)
        var found: [Int] = []
        for step in 0..<limit {
            let growth = pow(Double(last + 1) / Double(first + 1), Double(step) / Double(limit - 1))
            let rank = Double(first + 1) * growth
            let start = max(Int(rank) - 1, (found.last ?? -1) + 1)
            let next = (start..<max(start, min(vocabulary.count, 2 * last + 2))).first { number in
                let word = vocabulary[number]
                let least = word.first?.isCased == true ? 4 : 2
                return word.count >= least && word.allSatisfy(\.isLetter)
            }
            guard let next else { break }
            found.append(next)
        }
        return found
    }

    /// The nearest words of each by cosine, among the most frequent ones: exact over the rows that are searched.
    func neighbors(in tables: ModelTables) -> [ProbeNeighbors] {
        let rows = min(
            tables.inputRows, Self.rowLimit, max(Self.neighborCount + 1, Self.floatLimit / tables.dimensions))
        let norms = numbers.map { tables.inputProduct($0, $0).squareRoot() }
        var best = numbers.map { _ in TopScores(count: Self.neighborCount) }
        for row in 0..<rows {
            let norm = tables.inputProduct(row, row).squareRoot()
            guard norm > 0 else { continue }
            for (index, number) in numbers.enumerated() where number != row && norms[index] > 0 {
                best[index].offer(row, tables.inputProduct(number, row) / (norm * norms[index]))
            }
        }
        return zip(numbers, best).map { number, best in
            ProbeNeighbors(
                word: vocabulary[number],
                neighbors: best.sorted().map {
                    .init(word: vocabulary[$0.number], similarity: min(max(-1, $0.score), 1))
                })
        }
    }
}
