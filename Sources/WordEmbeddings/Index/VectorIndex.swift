import FileAccess
import LinearAlgebra

/// Where the words and vectors of a word2vec binary file lie, and the words in alphabetical order, so that neither has
/// to be read before it is asked for.
struct VectorIndex: Sendable {
    /// The file that is described.
    let file: MappedFile
    let header: VectorHeader
    /// Where the first record begins.
    let firstRecord: Int
    /// Words that come more than once.
    let duplicates: Int
    /// Byte at which each vector begins. Its word ends one byte, a blank, before.
    let starts: NumberList<UInt64>
    /// Numbers of the words by the order of their bytes, equal ones by number.
    let order: NumberList<UInt32>
    /// How often each word occurred, when that is known.
    let counts: NumberList<UInt64>?
    /// The checks of the file it was read from; `nil` when it was made.
    let blocks: IndexBlocks?
    /// Whether it was read from its file rather than made.
    var isSaved: Bool { blocks != nil }

    /// The path of the index that belongs to a vector file.
    static func path(of file: String) -> String { file + ".index" }

    /// Where the word of that number lies.
    func word(_ number: Int) -> Range<Int> {
        var start = number == 0 ? firstRecord : Int(starts[number - 1]) + 4 * header.dimensions
        let end = Int(starts[number]) - 1
        file.withBytes { bytes in
            while start < end, bytes[start] == 0x0A { start += 1 }
        }
        guard start < end else {
            // Blocks of places are checked one by one, and two of a forged index may not fit together.
            blocks?.damage.note(
                .malformed(
                    file: Self.path(of: file.path), place: "word \(number + 1)", expected: "a word before its vector",
                    found: "none"))
            return firstRecord..<firstRecord
        }
        return start..<end
    }
}

/// Whole numbers in an array or a mapped file (little-endian).
enum NumberList<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>: Sendable {
    case memory([Number])
    /// `count` numbers from byte `offset` on, which lie within the file.
    case mapped(MappedFile, offset: Int, count: Int, checks: Checks? = nil)

    /// The checks of an index whose blocks are checked when they are used.
    struct Checks: Sendable {
        let blocks: IndexBlocks
        /// What is given for a number in a damaged block: one that leads nowhere else.
        let instead: Number
    }

    var count: Int {
        switch self {
        case .memory(let numbers): numbers.count
        case .mapped(_, _, let count, _): count
        }
    }

    subscript(position: Int) -> Number {
        switch self {
        case .memory(let numbers):
            return numbers[position]
        case .mapped(let file, let offset, let count, let checks):
            precondition(position >= 0 && position < count, "number outside the list")
            let size = MemoryLayout<Number>.size
            let place = offset + position * size
            if let checks, !checks.blocks.areSound(place..<place + size) { return checks.instead }
            return file.withBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self)) }
        }
    }

    /// Whether the numbers of a range are those that were written.
    func areSound(_ range: Range<Int>) -> Bool {
        guard case .mapped(_, let offset, _, let checks?) = self else { return true }
        let size = MemoryLayout<Number>.size
        return checks.blocks.areSound(offset + range.lowerBound * size..<offset + range.upperBound * size)
    }

    #if _endian(little)
        /// Gives the numbers where they lie, checked by `areSound` or not; valid only inside the closure.
        func withPointer<Result>(_ body: (UnsafePointer<Number>) -> Result) -> Result {
            switch self {
            case .memory(let numbers):
                return numbers.withUnsafeBufferPointer { numbers in
                    precondition(numbers.baseAddress != nil, "no numbers")
                    return body(numbers.baseAddress.unsafelyUnwrapped)
                }
            case .mapped(let file, let offset, _, _):
                precondition(offset % MemoryLayout<Number>.alignment == 0, "numbers at even places")
                return file.withBytes { bytes in
                    precondition(bytes.baseAddress != nil, "no numbers")
                    return body((bytes.baseAddress.unsafelyUnwrapped + offset).assumingMemoryBound(to: Number.self))
                }
            }
        }
    #endif

    /// Gives the bytes of all numbers, little-endian.
    func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .memory(let numbers):
            #if _endian(little)
                try numbers.withUnsafeBytes { try body($0) }
            #else
                try numbers.map(\.littleEndian).withUnsafeBytes { try body($0) }
            #endif
        case .mapped(let file, let offset, let count, _):
            let size = count * MemoryLayout<Number>.size
            try file.withBytes { (bytes) throws in
                try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]))
            }
        }
    }
}
