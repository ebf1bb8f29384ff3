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
    /// Whether it was read from its file rather than made.
    let isSaved: Bool

    /// The path of the index that belongs to a vector file.
    static func path(of file: String) -> String { file + ".index" }

    /// Where the word of that number lies.
    func word(_ number: Int) -> Range<Int> {
        var start = number == 0 ? firstRecord : Int(starts[number - 1]) + 4 * header.dimensions
        let end = Int(starts[number]) - 1
        file.withBytes { bytes in
            while start < end, bytes[start] == 0x0A { start += 1 }
        }
        return start..<end
    }
}

/// Whole numbers in an array or a mapped file (little-endian).
enum NumberList<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>: Sendable {
    case memory([Number])
    /// `count` numbers from byte `offset` on, which lie within the file.
    case mapped(MappedFile, offset: Int, count: Int)

    var count: Int {
        switch self {
        case .memory(let numbers): numbers.count
        case .mapped(_, _, let count): count
        }
    }

    subscript(position: Int) -> Number {
        switch self {
        case .memory(let numbers):
            return numbers[position]
        case .mapped(let file, let offset, let count):
            precondition(position >= 0 && position < count, "number outside the list")
            let place = offset + position * MemoryLayout<Number>.size
            return file.withBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self)) }
        }
    }

    #if _endian(little)
        /// Gives the numbers where they lie; valid only inside the closure.
        func withPointer<Result>(_ body: (UnsafePointer<Number>) -> Result) -> Result {
            switch self {
            case .memory(let numbers):
                return numbers.withUnsafeBufferPointer { numbers in
                    precondition(numbers.baseAddress != nil, "no numbers")
                    return body(numbers.baseAddress.unsafelyUnwrapped)
                }
            case .mapped(let file, let offset, _):
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
        case .mapped(let file, let offset, let count):
            let size = count * MemoryLayout<Number>.size
            try file.withBytes { (bytes) throws in
                try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size]))
            }
        }
    }
}
