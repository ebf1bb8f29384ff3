import LinearAlgebra

/// Sentences over `words` words, of which neighbours in number stand together.
public func neighborSentences(_ count: Int, words: Int, seed: UInt64 = 4) -> [[String]] {
    var random = Philox(seed: seed)
    return (0..<count).map { _ in
        let start = Int(random.next32() % UInt32(words))
        return (0..<12).map { _ in "w\((start + Int(random.next32() % 8)) % words)" }
    }
}
