import CVectorKernels
import LinearAlgebra

/// Counts the words of a text that is cut at white space alone: looks them up many at a time, and meets only new ones one
/// by one.
///
/// Unsafe code has its place here: the text is read in place, and the counter's words are lent to the look-up for as long
/// as no word is added. It belongs to one thread at a time, which takes it out of a locked list and puts it back, so
/// `@unchecked Sendable` is sound.
final class TextCounter: @unchecked Sendable {
    /// Words that are cut, then looked up, at once.
    private static let batch = 256

    /// What was counted.
    private(set) var counter = WordCounter()
    /// The words of `counter` that can be looked up: the first `known` ones.
    private var slots = AlignedBuffer<WordSlot>(count: 0)
    private var bits: UInt32 = 0
    private var known = 0
    private let words = AlignedBuffer<TextWord>(count: TextCounter.batch)
    private let numbers = AlignedBuffer<UInt32>(count: TextCounter.batch)
    // Other ones in each process: no text can be made to collide.
    private let factor = UInt64.random(in: .min ... .max) | 1
    private let seed = UInt64.random(in: .min ... .max)

    init() { resize(bits: 12) }

    /// Bytes of memory that it takes.
    var memory: Int { counter.memory + MemoryLayout<WordSlot>.stride * slots.count }

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
            let count = kernels.text.split(&text, words.base, words.count)
            if count == 0 { break }
            withTable { table in
                var table = table
                kernels.text.find(&table, words.base, count, base + bytes.count, numbers.base)
            }
            counter.addOccurrences(of: UnsafeBufferPointer(start: numbers.base, count: count))
            for place in 0..<count where numbers.base[place] != WORD_LINE {
                let (word, number) = (words.base[place].buffer, numbers.base[place])
                if number != WORD_NONE {
                    seen(word)
                } else if words.base[place].isOther == 0 || WordBytes.areUTF8(word) {
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
            learn()
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
        if counter.counts.count < known { resize(bits: 12) }
    }

    /// Makes new words ones that can be looked up.
    private func learn() {
        guard counter.counts.count > known else { return }
        var wanted = bits
        while (1 << wanted) * 4 < counter.counts.count * 5 { wanted += 1 }
        if wanted > bits { return resize(bits: wanted + 1) }
        add()
    }

    private func resize(bits: UInt32) {
        self.bits = bits
        slots = AlignedBuffer(count: 1 << bits)
        for place in 0..<slots.count { slots.base[place].number = .max }
        known = 0
        add()
    }

    private func add() {
        withTable { table in
            var table = table
            for number in known..<counter.counts.count {
                _ = kernels.text.add(&table, UInt32(number), counter.index.range(of: number).count)
            }
        }
        known = counter.counts.count
    }

    private func withTable(_ body: (WordTable) -> Void) {
        counter.index.bytes.withUnsafeBufferPointer { bytes in
            counter.index.ends.withUnsafeBufferPointer { ends in
                ends.withMemoryRebound(to: Int64.self) { ends in
                    body(
                        WordTable(
                            slots: slots.base, bits: bits, factor: factor, seed: seed, bytes: bytes.baseAddress,
                            ends: ends.baseAddress))
                }
            }
        }
    }
}
