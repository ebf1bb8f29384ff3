import CVectorKernels
import LinearAlgebra

/// Finds the numbers of a vocabulary's words, many at a time.
struct KnownWords: Sendable {
    private let index: WordIndex
    private let lookup: WordLookup

    /// The words of `index`.
    init(_ index: WordIndex) {
        self.index = index
        lookup = WordLookup(room: index.count)
        lookup.learn(index)
    }

    /// Gives the table, which is valid meanwhile.
    func withTable<Result>(_ body: (WordTable) -> Result) -> Result { lookup.withTable(of: index, body) }
}

extension WordTable {
    /// The number of a word, or `nil`.
    func find(_ word: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard let base = word.baseAddress, !word.isEmpty else { return nil }
        var (table, number) = (self, UInt32.max)
        var wanted = TextWord(bytes: base, length: UInt32(word.count), isOther: 0)
        kernels.text.find(&table, &wanted, 1, base + word.count, &number)
        return number == .max ? nil : number
    }
}
