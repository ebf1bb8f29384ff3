/// What the readers and writers must know of the bytes of a word.
enum WordBytes {
    /// The longest word that the formats hold, in bytes.
    static let longest = 1 << 20

    /// Whether the byte is one that separates columns.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    /// Whether the byte is ASCII white space.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// Where the first byte that is no well-formed UTF-8 lies (Unicode 16, table 3-7), or `nil` when all is well.
    static func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var position = 0
        while position < bytes.count {
            let lead = bytes[position]
            if lead < 0x80 {
                position += 1
                continue
            }
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: length = 4
            default: return position
            }
            guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return position }
            for index in position + 2..<position + length where bytes[index] & 0xC0 != 0x80 { return position }
            position += length
        }
        return nil
    }

    /// Whether the bytes are well-formed UTF-8.
    static func areUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        firstInvalidUTF8(UnsafeRawBufferPointer(bytes)) == nil
    }

    /// The first byte that is not zero-free UTF-8: its place and what is wrong with it.
    static func fault(_ word: UnsafeRawBufferPointer) -> (position: Int, found: String)? {
        for position in 0..<word.count where word[position] == 0 || word[position] >= 0x80 {
            if let invalid = firstInvalidUTF8(word) { return (invalid, "the byte \(hex(word[invalid]))") }
            return word.firstIndex(of: 0).map { ($0, "a NUL byte") }
        }
        return nil
    }

    /// Below, at or above 0 as the first bytes stand before, with or behind the second ones in the order of words.
    static func compare(_ one: Slice<UnsafeRawBufferPointer>, _ other: Slice<UnsafeRawBufferPointer>) -> Int {
        let (first, second) = (UnsafeRawBufferPointer(rebasing: one), UnsafeRawBufferPointer(rebasing: other))
        for place in 0..<min(first.count, second.count) where first[place] != second[place] {
            return first[place] < second[place] ? -1 : 1
        }
        return first.count - second.count
    }

    /// The beginning of some bytes as text for a message, in quotation marks.
    static func excerpt(_ bytes: UnsafeRawBufferPointer) -> String {
        let most = 40
        var text = String(decoding: bytes.prefix(most + 4), as: UTF8.self)
        if bytes.count > most + 4 || text.unicodeScalars.count > most {
            text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))) + "…"
        }
        return "\"\(text)\""
    }

    /// A byte as 0x….
    static func hex(_ byte: UInt8) -> String {
        "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
