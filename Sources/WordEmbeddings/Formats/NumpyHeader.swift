/// The header of a `.npy` file: the element type, the order and the shape of an array.
///
/// The format is NumPy's NEP 1: 6 bytes of magic, two of version, the header's length (2 bytes in version 1, else 4),
/// and a Python dictionary literal with the keys `descr`, `fortran_order` and `shape`.
struct NumpyHeader: Equatable {
    let type: ElementType
    let isFortranOrder: Bool
    let shape: [Int]

    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// The longest header that is read.
    static let longest = 1 << 16

    /// Number of elements; `nil` when that exceeds an integer.
    var count: Int? {
        var product = 1
        for size in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            product = next
        }
        return product
    }

    /// The header of an array of 32-bit floats, rows first, as NumPy writes it: the numbers begin at a multiple of 64.
    static func bytes(rows: Int, columns: Int) -> [UInt8] {
        var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        let length = (10 + text.utf8.count + 1 + 63) / 64 * 64 - 10
        text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
        return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// Reads the header and moves `source` behind it.
    /// - Throws: `WordEmbeddingError.malformed`.
    init(reading source: ByteSource) throws {
        func malformed(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: source.path, place: place, expected: expected, found: found)
        }
        try source.fill(12)
        let start = try source.withWindow { Array($0.prefix(12)) }
        guard start.count == 12 else {
            throw malformed("byte \(start.count)", "a .npy header", "the end of the file")
        }
        guard (1...3).contains(start[6]) else {
            throw malformed("byte 6", ".npy version 1, 2 or 3", "version \(start[6])")
        }
        let lengthSize = start[6] == 1 ? 2 : 4
        let length = start[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.longest else {
            throw malformed("byte 8", "a .npy header of at most \(Self.longest) bytes", "one of \(length)")
        }
        let end = 8 + lengthSize + length
        try source.fill(end)
        guard source.count >= end else {
            throw malformed("byte \(source.count)", "a .npy header of \(length) bytes", "the end of the file")
        }
        let text = try source.withWindow { Array($0[8 + lengthSize..<end]) }
        var parser = PythonLiteral(text: text)
        guard let header = parser.header() else {
            throw malformed(
                "byte \(8 + lengthSize + parser.position)",
                "a .npy header such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
                text.withUnsafeBytes { WordBytes.excerpt(UnsafeRawBufferPointer(rebasing: $0[parser.position...])) })
        }
        guard let type = ElementType(header.type) else {
            throw malformed(
                "byte \(8 + lengthSize)", "numbers: float32, float64, uint8 or another whole number",
                "the element type '\(header.type)'")
        }
        self.type = type
        isFortranOrder = header.isFortranOrder
        shape = header.shape
        source.skip(end)
    }
}

/// Reads the one kind of Python literal that a `.npy` header is; anything else is refused, nothing is evaluated.
private struct PythonLiteral {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) {
        self.text = text
    }

    mutating func header() -> (type: String, isFortranOrder: Bool, shape: [Int])? {
        var type: String?
        var isFortranOrder: Bool?
        var shape: [Int]?
        guard take("{") else { return nil }
        while !take("}") {
            guard let key = string(), take(":") else { return nil }
            switch key {
            case "descr" where type == nil:
                // A list describes records: reported as such by the caller, who knows no such type.
                if next == UInt8(ascii: "[") { return ("[…]", false, []) }
                type = string()
                if type == nil { return nil }
            case "fortran_order" where isFortranOrder == nil:
                if take("True") {
                    isFortranOrder = true
                } else if take("False") {
                    isFortranOrder = false
                } else {
                    return nil
                }
            case "shape" where shape == nil:
                shape = tuple()
                if shape == nil { return nil }
            default: return nil
            }
            if !take(","), next != UInt8(ascii: "}") { return nil }
        }
        skipSpace()
        guard position == text.count, let type, let isFortranOrder, let shape else { return nil }
        return (type, isFortranOrder, shape)
    }

    private var next: UInt8? {
        mutating get {
            skipSpace()
            return position < text.count ? text[position] : nil
        }
    }

    private mutating func skipSpace() {
        while position < text.count, WordBytes.isSpace(text[position]) { position += 1 }
    }

    private mutating func take(_ token: StaticString) -> Bool {
        skipSpace()
        return token.withUTF8Buffer { token in
            guard text[position...].starts(with: token) else { return false }
            position += token.count
            return true
        }
    }

    /// A string of printable ASCII without escapes.
    private mutating func string() -> String? {
        guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        let start = position + 1
        guard let end = text[start...].firstIndex(of: quote), end - start <= 64,
            text[start..<end].allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        position = end + 1
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// A tuple of whole numbers.
    private mutating func tuple() -> [Int]? {
        guard take("(") else { return nil }
        var numbers: [Int] = []
        while !take(")") {
            skipSpace()
            let start = position
            while position < text.count, text[position] &- 48 < 10 { position += 1 }
            guard numbers.count < 32, let number = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
                position = start
                return nil
            }
            // Python 2 wrote long integers so.
            _ = take("L")
            numbers.append(number)
            if !take(","), next != UInt8(ascii: ")") { return nil }
        }
        return numbers
    }
}
