/// What a scalar means for finding words in running text, after the word boundaries of Unicode (UAX #29).
enum WordClass: UInt8 {
    /// Punctuation, symbols, white space: between words.
    case other
    case letter
    case number
    /// Han, hiragana, katakana.
    case cjk
    /// Joins letters and numbers: the underscore and its like.
    case connector
    /// Marks and format characters, which belong to what stands before.
    case extend
    /// Inside a word between letters: the middle dot and its like.
    case midLetter
    /// Inside a number between digits: the comma and its like.
    case midNumber
    /// Both: the full stop, the apostrophe.
    case midBoth

    /// The class of a scalar.
    @inline(__always)
    init(_ value: UInt32) {
        self =
            value < 0x1_0000
            ? Self.basicPlane.withUnsafeBufferPointer { $0[Int(value)] } : WordClass(computing: value)
    }

    /// The classes of the basic plane.
    private static let basicPlane: [WordClass] = (0...0xFFFF).map { WordClass(computing: $0) }

    private init(computing value: UInt32) {
        guard let scalar = Unicode.Scalar(value) else {
            self = .other
            return
        }
        switch value {
        case 0xB7, 0x387, 0x55F, 0x5F4, 0x2027: self = .midLetter
        case 0x2C, 0x3B, 0x37E, 0x589, 0x60C, 0x60D, 0x66C, 0x7F8, 0x2044, 0xFE10, 0xFE14, 0xFE50, 0xFE54, 0xFF0C,
            0xFF1B:
            self = .midNumber
        case 0x27, 0x2E, 0x2018, 0x2019, 0x2024, 0xFE52, 0xFF07, 0xFF0E: self = .midBoth
        // The zero width space ends words.
        case 0x200B: self = .other
        case 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303C, 0x3041...0x3096, 0x309B...0x309F,
            0x30A0...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
            0xFF66...0xFF9F, 0x1_AFF0...0x1_B16F, 0x2_0000...0x3_FFFD:
            self = .cjk
        default: self = WordClass(scalar.properties)
        }
    }

    private init(_ properties: Unicode.Scalar.Properties) {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: self = .extend
        case .decimalNumber: self = .number
        case .connectorPunctuation: self = .connector
        default: self = properties.isAlphabetic ? .letter : .other
        }
    }
}
