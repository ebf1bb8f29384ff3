import CVectorKernels
import LinearAlgebra

/// Counts the words of a text that is cut at white space alone: looks them up many at a time, and meets only new ones one
/// by one.
///
/// Unsafe code has its place here: the text is read in place, and the counter's words are lent to the look-up for as long
/// as no word is added. It belongs to one thread at a time, which takes it out of a locked list and puts it back, so
/// `@unchecked Sendable` is sound.
final class TextCounter: @unchecked Sendable {
    /// What was counted.
    private(set) var counter = WordCounter()
    private let lookup = WordLookup(room: TextCounter.room)
    private var batch = TextBatch()
    /// Words that an empty counter has room for.
    private static let room = 3000

    /// Bytes of memory that it takes.
    var memory: Int { counter.memory + lookup.memory }

    /// What was found in a piece of text besides its words.
    struct Findings {
        var invalidSequences = 0
        var overlongWords = 0
        /// Where the first NUL byte is.
        var firstNull: Int?
    }

    /// Counts the words of a part of a text, which begins and ends at a boundary of words.
    /// - Parameter seen: is given each word as it stands in the counter.
    func count(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, seen: (UnsafeBufferPointer<UInt8>) -> Void
    ) -> Findings {
        var findings = Findings()
        guard let base = bytes.baseAddress else { return findings }
        var text = TextSplit(bytes, range)
        while true {
            lookup.withTable(of: counter.index) { batch.fill(&text, $0, end: base + bytes.count) }
            let (words, numbers, count) = (batch.words.base, batch.numbers.base, batch.count)
            if count == 0 { break }
            counter.addOccurrences(of: UnsafeBufferPointer(start: numbers, count: count))
            for place in 0..<count where numbers[place] != WORD_LINE {
                let (word, number) = (words[place].buffer, numbers[place])
                if number != WORD_NONE {
                    seen(word)
                } else if words[place].isOther == 0 || WordBytes.areUTF8(word) {
                    counter.add(word)
                    seen(word)
                } else {
                    var tokenizer = Tokenizer(bytes: word, range: 0..<word.count, lowercase: false)
                    if case .word(let mended) = tokenizer.next() {
                        counter.add(mended)
                        seen(mended)
                    }
                    findings.invalidSequences += tokenizer.invalidSequences
                }
            }
            if counter.counts.count > lookup.known { lookup.learn(counter.index) }
        }
        findings.overlongWords = Int(text.overlong)
        findings.firstNull = text.firstNull.map { $0 - base }
        return findings
    }

    /// Counts the words that a tokenizer gives.
    /// - Parameter isCounted: is given each word and says whether it counts.
    func count(_ tokenizer: inout Tokenizer, isCounted: (UnsafeBufferPointer<UInt8>) -> Bool) -> Findings {
        // A local variable needs no check of who else uses it, a word.
        var counter = WordCounter()
        swap(&counter, &self.counter)
        defer { self.counter = counter }
        while true {
            switch tokenizer.next() {
            case .word(let word): if isCounted(word) { counter.add(word) }
            case .endOfLine: continue
            case .endOfText:
                return Findings(
                    invalidSequences: tokenizer.invalidSequences, overlongWords: tokenizer.overlongWords,
                    firstNull: tokenizer.firstNull)
            }
        }
    }

    /// Empties the counter when `take` wants what was counted.
    func relieve(_ take: (inout WordCounter, _ memory: Int) -> Void) {
        take(&counter, memory)
        if counter.counts.count < lookup.known { lookup.clear(room: Self.room) }
    }
}
