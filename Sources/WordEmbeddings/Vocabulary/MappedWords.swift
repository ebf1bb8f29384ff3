import FileAccess
import Synchronization

/// Words that stay in a mapped file, found by binary search.
final class MappedWords: Sendable {
    private let file: MappedFile
    private let order: NumberList<UInt32>
    private let storedCounts: NumberList<UInt64>?
    private let range: @Sendable (Int) -> Range<Int>
    private let damage: FileDamage
    private let readCounts = Mutex<[Int]?>(nil)
    /// Number of words.
    let count: Int

    /// - Parameters:
    ///   - order: numbers of the words by the order of their bytes, equal ones by number.
    ///   - counts: how often each occurred, when that is known.
    ///   - damage: where damage is noted that is found when the words are asked for.
    ///   - range: where a word lies in the file.
    init(
        file: MappedFile, order: NumberList<UInt32>, counts: NumberList<UInt64>?, damage: FileDamage,
        range: @escaping @Sendable (Int) -> Range<Int>
    ) {
        (self.file, self.order, self.damage, self.range) = (file, order, damage, range)
        storedCounts = counts
        count = order.count
    }

    /// The words of a word2vec binary file.
    convenience init(_ index: VectorIndex) {
        self.init(
            file: index.file, order: index.order, counts: index.counts, damage: index.blocks?.damage ?? FileDamage()
        ) { index.word($0) }
    }

    /// The word of that number.
    func word(_ number: Int) -> String {
        withWord(number) { String(decoding: $0, as: UTF8.self) }
    }

    /// Gives the bytes of a word.
    func withWord<Result>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        precondition(number >= 0 && number < count, "word outside the vocabulary")
        return file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[range(number)])) }
    }

    /// Throws the damage that was found so far.
    func checkDamage() throws { try damage.check() }

    /// The number in the order at that place.
    private func number(at place: Int) -> Int {
        let number = Int(order[place])
        if number < count { return number }
        damage.note(
            .malformed(
                file: file.path, place: "place \(place + 1) in the order of the words",
                expected: "the number of one of \(count) words", found: "\(number)"))
        return 0
    }

    /// The number of the first word of these bytes, or −1.
    func find(_ word: UnsafeRawBufferPointer) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if withWord(number(at: middle), { WordBytes.compare($0[...], word[...]) }) < 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < count, withWord(number(at: low), { WordBytes.compare($0[...], word[...]) }) == 0 else { return -1 }
        return number(at: low)
    }

    /// How often each word occurred, read when first asked for.
    var counts: [Int]? {
        guard let storedCounts else { return nil }
        return readCounts.withLock { read in
            if let read { return read }
            let counts = (0..<count).map { Int(clamping: storedCounts[$0]) }
            read = counts
            return counts
        }
    }
}
