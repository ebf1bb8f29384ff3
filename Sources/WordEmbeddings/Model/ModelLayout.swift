import FileAccess
import LinearAlgebra

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the header of a model file says. It is JSON, so that anyone can read it.
struct ModelHeader: Codable {
    /// Number of words, and bytes of all of them.
    var words: Int
    var wordBytes: Int
    var dimensions: Int
    var hasCounts: Bool
    /// The sum of the counts; files without it have to be summed up.
    var occurrences: Double?
    /// Rows of the output table; 0 without one.
    var outputRows: Int
    var cpuLevel: CPULevel
    var configuration: StoredConfiguration?
    var wordsTrained: Int?
    /// How far the training is, in checkpoints.
    var checkpoint: CheckpointState?
    /// XXH64 of each section in the order of `ModelLayout.Section`, hexadecimal.
    var checksums: [String] = []
}

/// Where the parts of a model file lie: after the header, each at a multiple of 64 bytes.
struct ModelLayout {
    enum Section: Int, CaseIterable {
        /// The words' bytes, one after another.
        case words
        /// Where each word ends, 64 bits.
        case ends
        /// Numbers of the words by the order of their bytes, equal ones by number, 32 bits.
        case order
        /// How often each word occurred, 64 bits; may be missing.
        case counts
        /// The vectors, 32-bit floats.
        case inputs
        /// The output table, 32-bit floats; may be missing.
        case outputs

        /// What is needed to ask the vectors.
        static let allButOutputs: [Section] = [.words, .ends, .order, .counts, .inputs]
    }

    static let magic = Array("W2VMODL\n".utf8)
    /// Magic, version, length of the JSON and its checksum.
    static let fixedSize = 24
    static let longestHeader = 1 << 16
    private let ranges: [Range<Int>]

    /// Size of the whole file.
    var size: Int { ranges.last?.upperBound ?? 0 }

    subscript(section: Section) -> Range<Int> { ranges[section.rawValue] }

    /// - Returns: `nil` when the sizes are no sizes or exceed any file.
    init?(_ header: ModelHeader, jsonSize: Int) {
        guard (1..<Int(UInt32.max)).contains(header.words), header.wordBytes >= 0, header.wordBytes <= 1 << 48,
            (1...VectorHeader.mostDimensions).contains(header.dimensions),
            (0..<Int(UInt32.max)).contains(header.outputRows)
        else { return nil }
        let width = 4 * header.dimensions
        let (inputs, tooLong) = header.words.multipliedReportingOverflow(by: width)
        let (outputs, tooLongAsWell) = header.outputRows.multipliedReportingOverflow(by: width)
        guard !tooLong, !tooLongAsWell, inputs <= 1 << 60, outputs <= 1 << 60 else { return nil }
        let sizes = [
            header.wordBytes, 8 * header.words, 4 * header.words, header.hasCounts ? 8 * header.words : 0, inputs,
            outputs,
        ]
        var ranges: [Range<Int>] = []
        var end = Self.fixedSize + jsonSize
        for size in sizes {
            let start = (end + 63) / 64 * 64
            end = start + size
            ranges.append(start..<end)
        }
        self.ranges = ranges
    }
}

/// The header of a model file and where its parts lie, read and checked.
struct ModelPlan {
    let file: MappedFile
    let header: ModelHeader
    let layout: ModelLayout

    /// Reads the header.
    /// - Throws: `WordEmbeddingError.malformed` when it is damaged or promises more or less than the file holds.
    init(_ file: MappedFile) throws {
        func refuse(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: file.path, place: place, expected: expected, found: found)
        }
        let fixed = ModelLayout.fixedSize
        guard file.count >= fixed else { throw refuse("byte \(file.count)", "\(fixed) bytes", "the end of the file") }
        let (version, length, checksum) = file.withBytes { bytes in
            (
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
                Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            )
        }
        guard version == 1 else { throw refuse("byte 8", "version 1 of a model file", "version \(version)") }
        guard length <= ModelLayout.longestHeader, fixed + length <= file.count else {
            throw refuse("byte 12", "a header within the file", "one of \(length) bytes")
        }
        let json = file.withBytes { Array($0[fixed..<fixed + length]) }
        guard json.withUnsafeBytes({ XXH64.hash($0) }) == checksum else {
            throw refuse("byte 16", "the checksum of the header", "another one: the file is damaged")
        }
        guard let header = try? JSONDecoder().decode(ModelHeader.self, from: Data(json)),
            header.checksums.count == ModelLayout.Section.allCases.count,
            let layout = ModelLayout(header, jsonSize: length)
        else { throw refuse("byte \(fixed)", "the header of a model file", "another one") }
        guard layout.size == file.count else {
            throw refuse("byte \(file.count)", "\(layout.size) bytes, as the header says", "\(file.count)")
        }
        (self.file, self.header, self.layout) = (file, header, layout)
    }

    /// Refuses words that do not lie in their section, one behind another, and an order that names others: what was
    /// forged with its checksums must not lead anywhere else.
    func checkWords() throws {
        let (words, size) = (header.words, UInt64(header.wordBytes))
        let (ends, order) = (layout[.ends].lowerBound, layout[.order].lowerBound)
        let areValid = parallelMap(words, threads: availableProcessors, grain: 1 << 16) { range in
            file.withBytes { bytes in
                guard let base = bytes.baseAddress else { return false }
                return NumberChecks.ascend(base + ends, range, first: 0, gap: 0, limit: size)
                    && NumberChecks.lie(base + order, range, below: words)
            }
        }
        guard areValid.allSatisfy({ $0 }) else {
            throw WordEmbeddingError.malformed(
                file: file.path, place: "byte \(ends)", expected: "ends of words in their order", found: "others")
        }
    }

    /// The error of a word that ends before it begins or behind all words.
    func wordFault(_ number: Int) -> WordEmbeddingError {
        .malformed(
            file: file.path, place: "byte \(layout[.ends].lowerBound + 8 * number)",
            expected: "the end of word \(number + 1), behind its beginning", found: "another number")
    }

    /// Refuses sections whose checksums are not those of the header.
    func check(_ sections: [ModelLayout.Section]) throws {
        for section in sections {
            let range = layout[section]
            let hash = file.withBytes { XXH64.hash(UnsafeRawBufferPointer(rebasing: $0[range])) }
            guard hex(hash) == header.checksums[section.rawValue] else {
                throw WordEmbeddingError.malformed(
                    file: file.path, place: "byte \(range.lowerBound)",
                    expected: "the checksum of the section \"\(section)\"", found: "another one: the file is damaged")
            }
        }
    }
}

/// A checksum as 16 hexadecimal digits.
func hex(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
