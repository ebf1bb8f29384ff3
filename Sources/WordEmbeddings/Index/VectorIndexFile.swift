import FileAccess
import LinearAlgebra

/// The file beside `vectors.bin` that keeps its index: `vectors.bin.index`.
///
/// 64 bytes of header, all numbers little-endian: the characters `W2VINDX` and a line feed; version 1 and flags (1:
/// counts follow), 32 bits each; number of words, dimensions, size of the vector file, XXH64 of its samples, XXH64 of
/// what follows the header, number of words that come again, 64 bits
/// each. Then for each word the byte at which its vector begins (64 bits), the numbers of
/// the words by the order of their bytes (32 bits), zeros up to a multiple of 8, and the counts (64 bits).
enum VectorIndexFile {
    private static let magic = Array("W2VINDX\n".utf8)
    private static let headerSize = 64

    /// Writes an index beside its vector file.
    /// - Returns: the path.
    /// - Throws: `FileError` when it cannot be written; an old file is then as it was.
    static func write(_ index: VectorIndex) throws -> String {
        let path = VectorIndex.path(of: index.file.path)
        let padding = [UInt8](repeating: 0, count: 4 * (index.order.count % 2))
        var checksum = XXH64()
        try index.starts.withBytes { checksum.update($0) }
        try index.order.withBytes { checksum.update($0) }
        padding.withUnsafeBytes { checksum.update($0) }
        try index.counts?.withBytes { checksum.update($0) }
        var header = magic
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
        }
        append(UInt32(1))
        append(UInt32(index.counts == nil ? 0 : 1))
        append(UInt64(index.header.rows))
        append(UInt64(index.header.dimensions))
        append(UInt64(index.file.count))
        append(samples(of: index.file))
        append(checksum.value)
        append(UInt64(index.duplicates))
        var file = try AtomicFileWriter(path: path)
        try file.write(header)
        try index.starts.withBytes { try file.write($0) }
        try index.order.withBytes { try file.write($0) }
        try file.write(padding)
        if let counts = index.counts { try counts.withBytes { try file.write($0) } }
        try file.commit()
        return path
    }

    /// The saved index of a vector file, when there is one and it fits; what hinders it becomes a note.
    static func read(
        of file: MappedFile, header: VectorHeader, firstRecord: Int, notes: inout [String]
    ) -> VectorIndex? {
        let path = VectorIndex.path(of: file.path)
        guard fileExists(path) else { return nil }
        do {
            return try index(MappedFile(path: path), of: file, header: header, firstRecord: firstRecord)
        } catch {
            notes.append("the index is made anew: \(error)")
            return nil
        }
    }

    private static func index(
        _ saved: MappedFile, of file: MappedFile, header: VectorHeader, firstRecord: Int
    ) throws -> VectorIndex {
        func refuse(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: saved.path, place: place, expected: expected, found: found)
        }
        func number(_ offset: Int) -> UInt64 {
            saved.withBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
        }
        guard saved.count >= headerSize, saved.withBytes({ $0.starts(with: magic) }) else {
            throw refuse("byte 0", "an index of a vector file", "another file")
        }
        let (version, flags) = (number(8) & 0xFFFF_FFFF, number(8) >> 32)
        guard version == 1, flags <= 1 else { throw refuse("byte 8", "version 1", "version \(version)") }
        guard number(16) == header.rows, number(24) == header.dimensions, number(32) == file.count,
            number(40) == samples(of: file)
        else { throw refuse("byte 16", "the index of \(file.path)", "that of another file or of an older one") }
        guard saved.changed >= file.changed else {
            throw refuse("its time", "an index written after \(file.path)", "an older one")
        }
        let rows = header.rows
        let orderSize = (4 * rows + 7) / 8 * 8
        let size = headerSize + 8 * rows + orderSize + (flags == 1 ? 8 * rows : 0)
        guard saved.count == size else {
            throw refuse("byte \(saved.count)", "\(size) bytes", "\(saved.count)")
        }
        let checksum = saved.withBytes { XXH64.hash(UnsafeRawBufferPointer(rebasing: $0[headerSize...])) }
        guard checksum == number(48) else { throw refuse("byte 48", "the checksum of the file", "another one") }
        let orderStart = headerSize + 8 * rows
        let index = VectorIndex(
            file: file, header: header, firstRecord: firstRecord, duplicates: Int(clamping: number(56)),
            starts: .mapped(saved, offset: headerSize, count: rows),
            order: .mapped(saved, offset: orderStart, count: rows),
            counts: flags == 1 ? .mapped(saved, offset: orderStart + orderSize, count: rows) : nil, isSaved: true)
        guard hasValidPlaces(saved, index) else {
            throw refuse("byte \(headerSize)", "places of vectors inside \(file.path)", "others")
        }
        return index
    }

    /// Whether all vectors lie in the file, one behind another, and all numbers are those of words: a file that was
    /// forged together with its checksum must not lead anywhere else.
    private static func hasValidPlaces(_ saved: MappedFile, _ index: VectorIndex) -> Bool {
        let rows = index.header.rows
        let width = 4 * index.header.dimensions
        let last = index.file.count - width
        let found = parallelMap(rows, threads: availableProcessors, grain: 1 << 16) { range in
            saved.withBytes { bytes in
                guard let base = bytes.baseAddress else { return false }
                let starts = base + headerSize
                let order = starts + 8 * rows
                func start(_ row: Int) -> UInt64 {
                    UInt64(littleEndian: starts.loadUnaligned(fromByteOffset: 8 * row, as: UInt64.self))
                }
                // A word of one byte and a blank stand before each vector.
                var least = UInt64(index.firstRecord + 2)
                if range.lowerBound > 0 {
                    let before = start(range.lowerBound - 1)
                    guard before <= last else { return false }
                    least = before + UInt64(width + 2)
                }
                var isValid = true
                for row in range {
                    let place = start(row)
                    isValid = isValid && place >= least && place <= last
                    least = place &+ UInt64(width + 2)
                    let number = UInt32(littleEndian: order.loadUnaligned(fromByteOffset: 4 * row, as: UInt32.self))
                    isValid = isValid && number < rows
                }
                return isValid
            }
        }
        return found.allSatisfy { $0 }
    }

    /// A checksum of pieces of a file: its beginning, its end and 62 places between, 4 KiB each.
    private static func samples(of file: MappedFile) -> UInt64 {
        let (piece, pieces) = (4096, 64)
        return file.withBytes { bytes in
            guard bytes.count > piece * pieces else { return XXH64.hash(bytes) }
            var hash = XXH64()
            for number in 0..<pieces {
                let start = (bytes.count - piece) / (pieces - 1) * number
                let from = number == pieces - 1 ? bytes.count - piece : start
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[from..<from + piece]))
            }
            return hash.value
        }
    }
}
