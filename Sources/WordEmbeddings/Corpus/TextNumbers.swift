import CVectorKernels
import LinearAlgebra

/// Reads a text that is cut at white space alone as numbers of the vocabulary, without looking at its words one by one.
///
/// Unsafe code has its place here: text and table are read in place; the caller keeps them alive and unchanged.
final class TextNumbers {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var text: TextSplit
    private let table: WordTable
    private var batch = TextBatch()
    private var taken = 0

    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - range: the part to read, which begins and ends at a boundary of words.
    init(bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, table: WordTable) {
        self.bytes = bytes
        self.table = table
        text = TextSplit(bytes, range)
    }

    /// Adds the known words of the next sentence that has any, up to `limit` of them.
    /// - Returns: false at the end of the text.
    func next(into sentence: inout [UInt32], limit: Int) -> Bool {
        let numbers = batch.numbers.base
        while true {
            if taken == batch.count, !fill() { return !sentence.isEmpty }
            var place = taken
            defer { taken = place }
            while place < batch.count {
                let number = numbers[place]
                place += 1
                if number < WORD_LINE {
                    sentence.append(number)
                    if sentence.count == limit { return true }
                } else if number == WORD_LINE, !sentence.isEmpty {
                    return true
                }
            }
        }
    }

    /// Looks the next words up; returns false when there are none.
    private func fill() -> Bool {
        guard let base = bytes.baseAddress else { return false }
        batch.fill(&text, table, end: base + bytes.count)
        taken = 0
        let (words, numbers) = (batch.words.base, batch.numbers.base)
        for place in 0..<batch.count where numbers[place] == WORD_NONE && words[place].isOther != 0 {
            let word = words[place].buffer
            if !WordBytes.areUTF8(word) { numbers[place] = find(illFormed: word) }
        }
        return batch.count > 0
    }

    /// The number of a word that the vocabulary has in a mended form.
    private func find(illFormed word: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var tokenizer = Tokenizer(bytes: word, range: 0..<word.count, lowercase: false)
        guard case .word(let mended) = tokenizer.next() else { return WORD_NONE }
        return table.find(mended) ?? WORD_NONE
    }
}
