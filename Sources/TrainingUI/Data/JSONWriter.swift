/// Writes JSON by hand: the long answers are mostly numbers, which this does several times as fast as `Encodable`.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Punctuation and names that need no escapes.
    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// JSON that is ready.
    mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

    mutating func integer(_ value: some BinaryInteger) { bytes.append(contentsOf: value.description.utf8) }

    mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// A number in the fewest digits that give the same number again; "NaN", "Infinity" or "-Infinity" as a string.
    mutating func number(_ value: Double) {
        if let whole = Int(exactly: value), whole.magnitude <= 1 << 53 {
            integer(whole)
        } else if value.isFinite {
            bytes.append(contentsOf: value.description.utf8)
        } else {
            raw(value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        }
    }

    /// A number, or `null`.
    mutating func number(_ value: Double?) {
        if let value { number(value) } else { null() }
    }

    /// A whole number, or `null`.
    mutating func integer(_ value: (some BinaryInteger)?) {
        if let value { integer(value) } else { null() }
    }

    /// Text, or `null`.
    mutating func string(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    mutating func null() { raw("null") }

    /// Text in quotes. What ends a script or a line somewhere is escaped, too.
    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": raw("\\\"")
            case "\\": raw("\\\\")
            case "\n": raw("\\n")
            case "\u{0}"..<" ", "<", ">", "&", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                raw("\\u")
                bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
                bytes.append(contentsOf: digits.utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Items with commas between them, in brackets.
    mutating func array<Items: Sequence>(_ items: Items, _ write: (inout JSONWriter, Items.Element) throws -> Void)
        rethrows
    {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for item in items {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            try write(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
