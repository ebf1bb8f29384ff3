import LinearAlgebra

/// Cuts UTF-8 text into words at Unicode white space, and if wanted at punctuation; a line feed ends a sentence.
///
/// It reads bytes in place: the caller keeps them alive and unchanged. A word comes as a pointer into the text or,
/// when it had to be changed (invalid UTF-8 became U+FFFD, capitals became small), into the tokenizer's own buffer,
/// valid until the next call.
struct Tokenizer {
    enum Token {
        case word(UnsafeBufferPointer<UInt8>)
        case endOfLine
        case endOfText
    }

    /// Longest word in bytes; longer ones are left out and counted.
    static let longestWord = 65_535

    private let bytes: UnsafeBufferPointer<UInt8>
    private let end: Int
    private let lowercase: Bool
    private let kind: TokenizerKind
    /// What is left of a piece of text between white space.
    private var pieces: WordPieces?
    private let classes = ByteClass.table
    /// The next byte to look at.
    private(set) var position: Int
    /// Ill-formed sequences replaced so far.
    private(set) var invalidSequences = 0
    /// Words left out so far because of their length.
    private(set) var overlongWords = 0
    /// Where the first NUL byte was seen; it separates words like a space.
    private(set) var firstNull: Int?
    /// A changed word: no byte becomes more than three.
    private lazy var changed = AlignedBuffer<UInt8>(count: 3 * Self.longestWord)

    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - range: the part to cut, which begins and ends at a boundary of words.
    init(
        bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>, lowercase: Bool, kind: TokenizerKind = .whitespace
    ) {
        self.bytes = bytes
        self.kind = kind
        position = range.lowerBound
        end = range.upperBound
        self.lowercase = lowercase
    }

    /// The next word, end of line or end of text.
    @inline(__always)
    mutating func next() -> Token {
        kind == .whitespace ? nextPiece() : nextWord()
    }

    /// The next word inside pieces of text.
    private mutating func nextWord() -> Token {
        while true {
            if let word = pieces?.next() { return .word(word) }
            pieces = nil
            switch nextPiece() {
            case .word(let piece): pieces = WordPieces(piece)
            case let end: return end
            }
        }
    }

    /// The next piece between white space, end of line or end of text.
    private mutating func nextPiece() -> Token {
        while position < end {
            let kind = kind(at: position)
            if kind == ByteClass.word || kind == ByteClass.nonASCII {
                if let word = word() { return .word(word) }
                continue
            }
            switch kind {
            case ByteClass.newline:
                position += 1
                return .endOfLine
            case ByteClass.maybeSpace:
                let length = lengthOfWideSpace(bytes, at: position, end: end)
                if length > 0 {
                    position += length
                } else if let word = word() {
                    return .word(word)
                }
            case ByteClass.null:
                if firstNull == nil { firstNull = position }
                position += 1
            default:
                position += 1
            }
        }
        return .endOfText
    }

    @inline(__always)
    private func kind(at position: Int) -> UInt8 {
        classes.withUnsafeBufferPointer { $0[Int(bytes[position])] }
    }

    /// The word that begins here, or `nil` when it was too long.
    @inline(__always)
    private mutating func word() -> UnsafeBufferPointer<UInt8>? {
        let start = position
        var ascii = true
        var scan = start
        scanning: while scan < end {
            switch kind(at: scan) {
            case ByteClass.word: scan += 1
            case ByteClass.nonASCII:
                ascii = false
                scan += 1
            case ByteClass.maybeSpace:
                if lengthOfWideSpace(bytes, at: scan, end: end) > 0 { break scanning }
                ascii = false
                scan += 1
            default: break scanning
            }
        }
        position = scan
        if scan - start > Self.longestWord {
            overlongWords += 1
            return nil
        }
        let raw = UnsafeBufferPointer(rebasing: bytes[start..<scan])
        if ascii && !lowercase { return raw }
        if !ascii && !lowercase && isValidUTF8(raw) { return raw }
        return changedWord(raw)
    }

    /// The word with invalid UTF-8 replaced and, when wanted, in lower case.
    private mutating func changedWord(_ raw: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let target = changed.base
        var count = 0
        func put(_ byte: UInt8) {
            target[count] = byte
            count += 1
        }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = raw.makeIterator()
        parsing: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                if lowercase {
                    let value = Unicode.UTF8.decode(encoded).value
                    if value < 0x80 {
                        put(value &- 0x41 < 26 ? UInt8(value) | 0x20 : UInt8(value))
                        continue
                    }
                    if let form = LowerCase.forms[value] {
                        form.forEach(put)
                        continue
                    }
                }
                encoded.forEach(put)
            case .error:
                invalidSequences += 1
                put(0xEF)
                put(0xBF)
                put(0xBD)
            case .emptyInput: break parsing
            }
        }
        return UnsafeBufferPointer(start: target, count: count)
    }
}

/// Whether the bytes are well-formed UTF-8 (The Unicode Standard, table 3-7).
func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var position = 0
    while position < bytes.count {
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            continue
        }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { second = 0xA0...0xBF }
            if first == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { second = 0x90...0xBF }
            if first == 0xF4 { second = 0x80...0x8F }
        default: return false
        }
        guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return false }
        for offset in 2..<max(2, length) where bytes[position + offset] & 0xC0 != 0x80 { return false }
        position += length
    }
    return true
}
