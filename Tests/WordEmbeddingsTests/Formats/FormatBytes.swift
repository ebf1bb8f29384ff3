import FileAccess
import Foundation
import LinearAlgebra
import WordEmbeddings

/// Bytes from hexadecimal digits.
func bytes(hex: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = hex[...]
    while let byte = UInt8(rest.prefix(2), radix: 16), rest.count >= 2 {
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}

/// Little-endian bytes of floats.
func bytes(floats: [Float]) -> [UInt8] {
    floats.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
}

/// A `.npy` file as NumPy writes it.
func npy(_ descr: String, _ shape: String, order: String = "False", version: UInt8 = 1, _ data: [UInt8]) -> [UInt8] {
    let header = Array("{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n".utf8)
    let length = UInt32(header.count)
    let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + header + data
}

extension VectorFile {
    /// The words' vectors.
    var words: WordVectors? {
        if case .words(let vectors) = content { vectors } else { nil }
    }

    /// The matrix.
    var matrix: Matrix? {
        if case .matrix(let matrix) = content { matrix } else { nil }
    }
}

/// Word vectors of the given rows.
func vectors(_ rows: [(String, [Float])], counts: [Int]? = nil) -> WordVectors {
    WordVectors(
        vocabulary: Vocabulary(words: rows.map(\.0), counts: counts),
        vectors: Matrix(rows: rows.count, columns: rows.first?.1.count ?? 0, elements: rows.flatMap(\.1)))
}
