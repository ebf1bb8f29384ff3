import LinearAlgebra

/// Finds the words of a vocabulary that someone may have meant who mistyped one.
///
/// A word is near when it takes at most two insertions, deletions, replacements or swaps of neighbours (one in a word
/// of up to four letters) to make it of the other, upper and lower case being the same.
struct NearSpellings {
    /// Words that are suggested at most.
    static let count = 3
    private let letters: [Unicode.Scalar]
    private let bytes: Int
    private let limit: Int
    /// Longer words are no misspellings, and comparing them would take long.
    private static let longest = 64

    init(of word: String) {
        letters = Self.folded(word)
        bytes = word.utf8.count
        limit = letters.count <= 4 ? 1 : 2
    }

    /// The nearest ones, of several those with lower numbers.
    func find(in vocabulary: Vocabulary) -> [String] {
        guard !letters.isEmpty, letters.count <= Self.longest else { return [] }
        // A letter has one to four bytes.
        let lengths = max(1, bytes / 4 - 4 * limit)...4 * (bytes + limit)
        let found = parallelMap(vocabulary.count, threads: availableProcessors, grain: 1 << 14) { range in
            var nearest: [(distance: Int, number: Int)] = []
            for number in range where lengths.contains(vocabulary.length(of: number)) {
                let distance = distance(to: Self.folded(vocabulary[number]))
                guard distance <= limit else { continue }
                nearest.append((distance, number))
            }
            nearest.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.number < $1.number }
            return Array(nearest.prefix(Self.count))
        }
        return found.flatMap { $0 }
            .sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.number < $1.number }
            .prefix(Self.count).map { vocabulary[$0.number] }
    }

    /// The letters without the difference of upper and lower case.
    private static func folded(_ word: String) -> [Unicode.Scalar] {
        var letters: [Unicode.Scalar] = []
        for scalar in word.unicodeScalars {
            if scalar.isASCII {
                let isUpper = scalar.value >= 65 && scalar.value <= 90
                letters.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
            } else {
                letters.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return letters
    }

    /// The optimal string alignment distance (Damerau 1964), or more than the limit when it surely is.
    private func distance(to other: [Unicode.Scalar]) -> Int {
        guard abs(letters.count - other.count) <= limit else { return limit + 1 }
        var beforeLast = [Int](repeating: 0, count: other.count + 1)
        var last = Array(0...other.count)
        for row in 1...letters.count {
            var current = [Int](repeating: row, count: other.count + 1)
            var least = row
            for column in stride(from: 1, through: other.count, by: 1) {
                let differs = letters[row - 1] == other[column - 1] ? 0 : 1
                var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + differs)
                if row > 1, column > 1, letters[row - 1] == other[column - 2], letters[row - 2] == other[column - 1] {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current[column] = cost
                least = min(least, cost)
            }
            if least > limit { return limit + 1 }
            (beforeLast, last) = (last, current)
        }
        return last[other.count]
    }
}
