import FileAccess
import LinearAlgebra
import TestSupport
import Testing
import WordEmbeddings

struct NumpyTests {
    let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    static let padding = String(repeating: "20", count: 58)
    // np.save("f4.npy", np.array([[1, 2.5], [-3, 1e-40], [0, 5]], '<f4'))  # NumPy 2
    static let golden = bytes(
        hex: "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20"
            + "277368617065273a2028332c2032292c207d" + padding
            + "0a0000803f00002040000040c0c2160100000000000000a040")
    // np.save("F.npy", np.asfortranarray(np.array([[1, 2.5], [-3, 4], [0, 5]], '>f8')))
    static let goldenFortran = bytes(
        hex: "934e554d5059010076007b276465736372273a20273e6638272c2027666f727472616e5f6f72646572273a20547275652c20"
            + "277368617065273a2028332c2032292c207d" + padding + "20"
            + "0a3ff0000000000000c0080000000000000000000000000000400400000000000040100000000000004014000000000000")

    @Test("files made by NumPy are read", arguments: [false, true])
    func golden(isPacked: Bool) throws {
        for (bytes, expected) in [
            (Self.golden, [1, 2.5, -3, Float(bitPattern: 0x116C2), 0, 5] as [Float]),
            (Self.goldenFortran, [1, 2.5, -3, 4, 0, 5]),
        ] {
            let path = try files.write("f", isPacked ? Gzip.compress(bytes) : bytes)
            let read = try VectorFile.read(path: path)
            let matrix = try #require(read.matrix)
            #expect(read.kind == .numpy)
            #expect(read.totalRows == 3)
            #expect(read.notes.isEmpty)
            #expect((matrix.rows, matrix.columns) == (3, 2))
            #expect(matrix.elements == expected)
            let part = try #require(try VectorFile.read(path: path, limit: 2).matrix)
            #expect(part.elements == Array(expected[..<4]))
        }
    }

    static func encode<Value: FixedWidthInteger>(_ values: [Value], big: Bool) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) } }
    }

    static func data(_ type: String, _ values: [Int]) -> [UInt8] {
        let big = type.hasPrefix(">")
        switch type.dropFirst() {
        case "f4": return encode(values.map { Float($0).bitPattern }, big: big)
        case "f8": return encode(values.map { Double($0).bitPattern }, big: big)
        case "u1": return encode(values.map { UInt8(truncatingIfNeeded: $0) }, big: big)
        case "i1": return encode(values.map { Int8(truncatingIfNeeded: $0) }, big: big)
        case "u2", "i2": return encode(values.map { Int16(truncatingIfNeeded: $0) }, big: big)
        case "u4", "i4": return encode(values.map { Int32(truncatingIfNeeded: $0) }, big: big)
        default: return encode(values, big: big)
        }
    }

    static let types = [
        "<f4", ">f4", "=f4", "<f8", ">f8", "|u1", "<u1", "|i1", "<u2", ">i2", "<i4", ">u4", "<i8", ">i8", "<u8",
    ]

    @Test("element types, versions and orders", arguments: types, [1, 2, 3] as [UInt8])
    func elementTypes(type: String, version: UInt8) throws {
        // Rows [1, 2, 3], [4, 5, 100].
        let c = npy("'\(type)'", "(2, 3)", version: version, Self.data(type, [1, 2, 3, 4, 5, 100]))
        let f = npy("'\(type)'", "(2, 3)", order: "True", version: version, Self.data(type, [1, 4, 2, 5, 3, 100]))
        for file in [c, f] {
            for bytes in [file, Gzip.compress(file)] {
                let path = try files.write("f", bytes)
                #expect(try VectorFile.read(path: path).matrix?.elements == [1, 2, 3, 4, 5, 100])
                #expect(try VectorFile.read(path: path, limit: 1).matrix?.elements == [1, 2, 3])
            }
        }
    }

    @Test("signs and the largest bytes")
    func signs() throws {
        let path = try files.write("f", npy("'|u1'", "(1, 2)", [255, 128]))
        #expect(try VectorFile.read(path: path).matrix?.elements == [255, 128])
        let negative = try files.write("g", npy("'<i2'", "(1, 2)", [0xFF, 0xFF, 0, 0x80]))
        #expect(try VectorFile.read(path: negative).matrix?.elements == [-1, -32768])
    }

    @Test("bytes behind the array are noted")
    func trailing() throws {
        let read = try VectorFile.read(path: try files.write("f", npy("'|u1'", "(1, 2)", [1, 2, 3, 4])))
        #expect(read.matrix?.elements == [1, 2])
        #expect(read.notes == ["2 bytes behind the array are ignored"])
    }

    static let bad: [(name: String, bytes: [UInt8], found: String)] = [
        ("objects", npy("'|O'", "(2, 3)", [1]), "'|O'"),
        ("records", npy("[('a', '<f4')]", "(2, 3)", [1]), "'[…]'"),
        ("text", npy("'<U5'", "(2, 3)", [1]), "'<U5'"),
        ("half floats", npy("'<f2'", "(2, 3)", [1]), "'<f2'"),
        ("no byte order", npy("'f4'", "(2, 3)", [1]), "'f4'"),
        ("a number", npy("'|u1'", "()", [1]), "()"),
        ("1 dimension", npy("'|u1'", "(6,)", [1, 2, 3, 4, 5, 6]), "(6,)"),
        ("3 dimensions", npy("'|u1'", "(1, 2, 3)", [1, 2, 3, 4, 5, 6]), "(1, 2, 3)"),
        ("no rows", npy("'|u1'", "(0, 3)", []), "(0, 3)"),
        ("no columns", npy("'|u1'", "(3, 0)", []), "(3, 0)"),
        ("truncated", npy("'<f4'", "(2, 3)", [UInt8](repeating: 0, count: 23)), "23 bytes"),
        ("giant", npy("'<f4'", "(1000000000, 1000000000)", [0, 0]), "2 bytes"),
        ("overflow", npy("'<f4'", "(4611686018427387904, 4, 4)", [0, 0]), "2 bytes"),
        ("no integer", npy("'<f4'", "(99999999999999999999, 4)", [0, 0]), "99999999999999999999"),
        ("negative", npy("'<f4'", "(-2, 3)", [0, 0]), "-2, 3"),
        ("code", npy("__import__('os').system('x')", "(2, 3)", [0]), "__import__"),
        ("escape", npy("'\\x3cf4'", "(2, 3)", [0]), "'\\x3cf4'"),
        ("a key twice", npy("'|u1', 'descr': '|u1'", "(1, 1)", [0]), "'|u1'"),
        ("another key", npy("'|u1', 'evil': 1", "(1, 1)", [0]), "1"),
        ("order", npy("'|u1'", "(1, 1)", order: "Maybe", [0]), "Maybe"),
        ("nested", npy("'|u1'", "((1, 1), 1)", [0]), "(1, 1)"),
        ("version", [0x93] + Array("NUMPY".utf8) + [9, 0, 1, 0, 0x7B, 0x7D, 0x0A], "version 9"),
        ("long header", [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 127, 0x7B], "2147483647"),
        ("no header", [0x93] + Array("NUMPY".utf8) + [1, 0, 100, 0, 0x7B, 0x7D, 0x0A], "the end of the file"),
        ("magic alone", [0x93] + Array("NUMPY".utf8), "the end of the file"),
        ("NaN", npy("'<f4'", "(2, 2)", bytes(floats: [1, 2, 3, .nan])), "nan"),
        ("infinite", npy("'<f4'", "(2, 2)", bytes(floats: [1, -.infinity, 3, 4])), "-inf"),
        ("too large", npy("'<f8'", "(1, 1)", encode([1e300.bitPattern], big: false)), "inf"),
    ]

    @Test("what is wrong is refused with its place", arguments: bad, [false, true])
    func refused(file: (name: String, bytes: [UInt8], found: String), isPacked: Bool) throws {
        let path = try files.write("f", isPacked ? Gzip.compress(file.bytes) : file.bytes)
        let error = #expect(throws: WordEmbeddingError.self) { try VectorFile.read(path: path) }
        guard case .malformed(let named, _, _, let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == path)
        #expect(
            found.contains(file.found) || isPacked && found.contains("packed") || isPacked && found.contains("end of"))
    }

    @Test("NaN and infinite numbers are named by row and column")
    func places() throws {
        let c = try files.write("c", npy("'<f4'", "(2, 2)", bytes(floats: [1, 2, .nan, 4])))
        let f = try files.write("f", npy("'<f4'", "(2, 2)", order: "True", bytes(floats: [1, .nan, 2, 4])))
        for path in [c, f] {
            let expected = WordEmbeddingError.malformed(
                file: path, place: "row 2, column 1", expected: "a finite 32-bit number", found: "nan")
            #expect(throws: expected) { try VectorFile.read(path: path) }
        }
    }
}
