/// The words of a model, numbered from 0 (the most frequent first when it comes from training), with their counts
/// when these are known.
public struct Vocabulary: Sendable {
    /// The words; none when they lie in a mapped file.
    let index: WordIndex
    private let mapped: MappedWords?
    private let knownCounts: [Int]?

    /// How often each word occurred in the corpus; `nil` when the source did not say.
    public var counts: [Int]? { mapped?.counts ?? knownCounts }

    /// A vocabulary of the words in their order.
    ///
    /// A word that comes twice keeps both numbers; looking it up gives the first.
    /// - Precondition: `counts`, when given, has one entry a word.
    public init(words: some Sequence<String>, counts: [Int]? = nil) {
        var index = WordIndex(minimumCapacity: words.underestimatedCount)
        for var word in words {
            word.withUTF8 { index.append($0, hash: WordIndex.hash($0)) }
        }
        self.init(index: index, counts: counts)
    }

    init(index: WordIndex, counts: [Int]?) {
        precondition(counts == nil || counts?.count == index.count, "one count a word")
        self.index = index
        knownCounts = counts
        mapped = nil
    }

    /// Words that stay in a file.
    init(_ words: MappedWords) {
        index = WordIndex()
        knownCounts = nil
        mapped = words
    }

    /// Number of words.
    public var count: Int { mapped?.count ?? index.count }

    /// The word of that number.
    /// - Precondition: `number` is in `0..<count`.
    public subscript(number: Int) -> String {
        mapped?.word(number) ?? index.word(number)
    }

    /// Bytes of the word of that number.
    func length(of number: Int) -> Int {
        mapped?.withWord(number, \.count) ?? index.range(of: number).count
    }

    /// All words in order, made anew at each call.
    public var words: [String] {
        (0..<count).map { self[$0] }
    }

    /// The number of a word, or `nil` when it is unknown.
    public func number(of word: String) -> Int? {
        var word = word
        let found = word.withUTF8 { mapped?.find(UnsafeRawBufferPointer($0)) ?? index.find($0) }
        return found >= 0 ? found : nil
    }

    /// Throws what was found to be damaged when words were asked for that stay in a file.
    ///
    /// Asking itself throws nothing: a word in a damaged part is empty or not found. Questions of `WordVectors` call this
    /// before they answer.
    /// - Throws: `WordEmbeddingError.malformed` with the file and the place.
    public func checkDamage() throws { try mapped?.checkDamage() }

    /// The same words and counts, in memory.
    func inMemory() -> Vocabulary {
        mapped == nil ? self : Vocabulary(words: words, counts: counts)
    }

    /// The first `count` words.
    public func prefix(_ count: Int) -> Vocabulary {
        let count = min(max(0, count), self.count)
        return Vocabulary(words: (0..<count).lazy.map { self[$0] }, counts: counts.map { Array($0[..<count]) })
    }
}
