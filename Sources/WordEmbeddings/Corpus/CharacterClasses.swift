/// What a byte of UTF-8 text means for cutting it into words.
enum ByteClass {
    static let word: UInt8 = 0
    static let space: UInt8 = 1
    static let newline: UInt8 = 2
    /// First byte of a sequence that may be a Unicode white space.
    static let maybeSpace: UInt8 = 3
    /// Any other byte of 0x80 and above.
    static let nonASCII: UInt8 = 4
    static let null: UInt8 = 5

    /// The class of each byte value.
    static let table: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
        switch byte {
        case 0: null
        case 0x0A: newline
        case 0x09...0x0D, 0x20: space
        case 0xC2, 0xE1, 0xE2, 0xE3: maybeSpace
        case 0x80...: nonASCII
        default: word
        }
    }
}

/// Length of the Unicode white space (property White_Space, beyond ASCII) that begins at `position`, or 0.
@inline(__always)
func lengthOfWideSpace(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int, end: Int) -> Int {
    let first = bytes[position]
    if first == 0xC2 {
        guard position + 1 < end else { return 0 }
        let second = bytes[position + 1]
        return second == 0x85 || second == 0xA0 ? 2 : 0  // next line, no-break space
    }
    guard position + 2 < end else { return 0 }
    let second = bytes[position + 1]
    let third = bytes[position + 2]
    switch (first, second) {
    case (0xE1, 0x9A): return third == 0x80 ? 3 : 0  // ogham space
    case (0xE2, 0x80):  // en quad … hair space, line and paragraph separator, narrow no-break space
        return (0x80...0x8A).contains(third) || third == 0xA8 || third == 0xA9 || third == 0xAF ? 3 : 0
    case (0xE2, 0x81): return third == 0x9F ? 3 : 0  // medium mathematical space
    case (0xE3, 0x80): return third == 0x80 ? 3 : 0  // ideographic space
    default: return 0
    }
}

/// Lower-case forms by the Unicode default mapping, without context or language.
enum LowerCase {
    /// UTF-8 of the lower-case form of each scalar beyond ASCII that changes.
    static let forms: [UInt32: [UInt8]] = {
        var forms: [UInt32: [UInt8]] = [:]
        for value in UInt32(0x80)...0x1_FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenLowercased else { continue }
            forms[value] = Array(scalar.properties.lowercaseMapping.utf8)
        }
        return forms
    }()
}
