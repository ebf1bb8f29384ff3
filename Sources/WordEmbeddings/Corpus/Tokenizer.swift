import CVectorKernels
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
    static let longestWord = Int(TEXT_LONGEST_WORD)

    /// Room for words that are cut at once.
    private static let room = 256

    private let bytes: UnsafeBufferPointer<UInt8>
    private let lowercase: Bool
    private let kind: TokenizerKind
    private var text: TextSplit
    /// Words and line feeds that are cut already, of which `taken` were given.
    private let cut = AlignedBuffer<TextWord>(count: Tokenizer.room)
    private var count = 0
    private var taken = 0
    /// What is left of a piece of text between white space.
    private var pieces: WordPieces?
    /// Ill-formed sequences replaced so far.
    private(set) var invalidSequences = 0
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
        self.lowercase = lowercase
        text = TextSplit(bytes, range)
    }

    /// Words left out because of their length, once all of the text is read.
    var overlongWords: Int { Int(text.overlong) }

    /// Where the first NUL byte is, once all of the text is read; it separates words like a space.
    var firstNull: Int? {
        guard let base = bytes.baseAddress, let null = text.firstNull else { return nil }
        return null - base
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
        if taken == count {
            count = kernels.text.split(&text, cut.base, cut.count)
            taken = 0
            if count == 0 { return .endOfText }
        }
        let word = cut.base[taken]
        taken += 1
        if word.length == 0 { return .endOfLine }
        let raw = word.buffer
        if !lowercase && (word.isOther == 0 || WordBytes.areUTF8(raw)) { return .word(raw) }
        return .word(changedWord(raw))
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

extension TextSplit {
    /// A part of a text, from its beginning on.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.init()
        next = bytes.baseAddress.map { $0 + range.lowerBound }
        end = bytes.baseAddress.map { $0 + range.upperBound }
    }
}

extension TextWord {
    /// The bytes in the text.
    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: Int(length)) }
}
