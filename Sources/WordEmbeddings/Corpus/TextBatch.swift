import CVectorKernels
import LinearAlgebra

/// Words of a text that are cut, then looked up, at once.
///
/// Unsafe code has its place here: the text is read in place; the caller keeps it alive and unchanged.
struct TextBatch {
    /// The words, and line feeds.
    let words = AlignedBuffer<TextWord>(count: 256)
    /// What the table has for them.
    let numbers = AlignedBuffer<UInt32>(count: 256)
    /// How many there are.
    private(set) var count = 0

    /// Takes the next words of a text; there are none at its end alone.
    /// - Parameter end: end of the memory that the text lies in.
    mutating func fill(_ text: inout TextSplit, _ table: WordTable, end: UnsafePointer<UInt8>) {
        var table = table
        count = kernels.text.split(&text, words.base, words.count)
        kernels.text.find(&table, words.base, count, end, numbers.base)
    }
}
