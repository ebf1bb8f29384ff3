import FileAccess
import LinearAlgebra

/// The file beside `vectors.bin` that keeps its index: `vectors.bin.index`.
///
/// 64 bytes of header, all numbers little-endian: the characters `W2VINDX` and a line feed; version 2 and flags (1:
/// counts follow), 32 bits each; number of words, dimensions, size of the vector file, XXH64 of its samples, number of
/// words that come again, XXH64 of the 56 bytes before and of the checksums that follow, 64 bits each. Then XXH64 of each
/// 32 KiB of what follows. Then for each word the byte at which its vector begins (64 bits), the numbers of the words by
/// the order of their bytes (32 bits), zeros up to a multiple of 8, and the counts (64 bits).
///
/// The header and the checksums are checked whenever it is read, each block when something in it is asked for the first
/// time.
enum VectorIndexFile {
    private static let magic = Array("W2VINDX\n".utf8)
    private static let version: UInt32 = 2

    /// Writes an index beside its vector file.
    /// - Returns: the path.
    /// - Throws: `FileError` when it cannot be written; an old file is then as it was.
    static func write(_ index: VectorIndex) throws -> String {
        let path = VectorIndex.path(of: index.file.path)
        try index.blocks?.checkAll()
        let padding = [UInt8](repeating: 0, count: 4 * (index.order.count % 2))
        func content(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
            try index.starts.withBytes(body)
            try index.order.withBytes(body)
            try padding.withUnsafeBytes { try body($0) }
            try index.counts?.withBytes(body)
        }
        var blocks = BlockChecksums(size: VectorIndexLayout.blockSize)
        try content { blocks.update($0) }
        var header = magic
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
        }
        append(version)
        append(UInt32(index.counts == nil ? 0 : 1))
        append(UInt64(index.header.rows))
        append(UInt64(index.header.dimensions))
        append(UInt64(index.file.count))
        append(samples(of: index.file))
        append(UInt64(index.duplicates))
        var table: [UInt8] = []
        for value in blocks.finish() { withUnsafeBytes(of: value.littleEndian) { table.append(contentsOf: $0) } }
        append((header + table).withUnsafeBytes { XXH64.hash($0) })
        var file = try AtomicFileWriter(path: path)
        try file.write(header)
        try file.write(table)
        try content { try file.write($0) }
        try file.commit()
        return path
    }

    /// The saved index of a vector file, when there is one and it fits; what hinders it becomes a note.
    /// - Parameter isChecked: whether all of it is checked now, and not each block when it is needed.
    static func read(
        of file: MappedFile, header: VectorHeader, firstRecord: Int, isChecked: Bool, notes: inout [String]
    ) -> VectorIndex? {
        let path = VectorIndex.path(of: file.path)
        guard fileExists(path) else { return nil }
        do {
            return try index(
                MappedFile(path: path), of: file, header: header, firstRecord: firstRecord, isChecked: isChecked)
        } catch {
            notes.append("the index is made anew: \(error)")
            return nil
        }
    }

    private static func index(
        _ saved: MappedFile, of file: MappedFile, header: VectorHeader, firstRecord: Int, isChecked: Bool
    ) throws -> VectorIndex {
        func refuse(_ place: String, _ expected: String, _ found: String) -> WordEmbeddingError {
            .malformed(file: saved.path, place: place, expected: expected, found: found)
        }
        func number(_ offset: Int) -> UInt64 {
            saved.withBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
        }
        guard saved.count >= VectorIndexLayout.headerSize, saved.withBytes({ $0.starts(with: magic) }) else {
            throw refuse("byte 0", "an index of a vector file", "another file")
        }
        let (version, flags) = (number(8) & 0xFFFF_FFFF, number(8) >> 32)
        guard version == Self.version, flags <= 1 else {
            throw refuse("byte 8", "version \(Self.version)", "version \(version)")
        }
        guard number(16) == header.rows, number(24) == header.dimensions, number(32) == file.count,
            number(40) == samples(of: file)
        else { throw refuse("byte 16", "the index of \(file.path)", "that of another file or of an older one") }
        guard saved.changed >= file.changed else {
            throw refuse("its time", "an index written after \(file.path)", "an older one")
        }
        let layout = VectorIndexLayout(rows: header.rows, hasCounts: flags == 1)
        guard saved.count == layout.size else {
            throw refuse("byte \(saved.count)", "\(layout.size) bytes", "\(saved.count)")
        }
        let checksum = saved.withBytes { bytes in
            var hash = XXH64()
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<56]))
            hash.update(UnsafeRawBufferPointer(rebasing: bytes[VectorIndexLayout.headerSize..<layout.starts]))
            return hash.value
        }
        guard checksum == number(56) else { throw refuse("byte 56", "the checksum of the header", "another one") }
        // A word of one byte and a blank stand before each vector.
        let (least, width) = (firstRecord + 2, 4 * header.dimensions)
        guard file.count >= least + width else {
            throw refuse("byte 16", "the index of a file of \(least + width) bytes or more", "\(file.count)")
        }
        let limits = IndexBlocks.Limits(
            path: file.path, places: UInt64(least)...UInt64(file.count - width), width: UInt64(width))
        let blocks = IndexBlocks(file: saved, layout: layout, limits: limits)
        if isChecked { try blocks.checkAll() }
        saved.expect(.scattered)
        return VectorIndex(
            file: file, header: header, firstRecord: firstRecord, duplicates: Int(clamping: number(48)),
            starts: .mapped(
                saved, offset: layout.starts, count: layout.rows, checks: .init(blocks: blocks, instead: UInt64(least))),
            order: .mapped(
                saved, offset: layout.order, count: layout.rows, checks: .init(blocks: blocks, instead: 0)),
            counts: flags == 1
                ? .mapped(saved, offset: layout.counts, count: layout.rows, checks: .init(blocks: blocks, instead: 0))
                : nil,
            blocks: blocks)
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

/// Where the parts of an index file lie.
struct VectorIndexLayout {
    static let headerSize = 64
    static let blockSize = 1 << 15
    let rows: Int
    /// Bytes of the places, of the order with its zeros, and of the counts.
    private let sizes: [Int]
    /// Number of blocks.
    let blocks: Int
    /// Where the places, the order and the counts begin.
    let starts: Int
    let order: Int
    let counts: Int
    /// Size of the whole file.
    let size: Int

    init(rows: Int, hasCounts: Bool) {
        self.rows = rows
        sizes = [8 * rows, (4 * rows + 7) / 8 * 8, hasCounts ? 8 * rows : 0]
        let content = sizes.reduce(0, +)
        blocks = (content + Self.blockSize - 1) / Self.blockSize
        starts = Self.headerSize + 8 * blocks
        order = starts + sizes[0]
        counts = order + sizes[1]
        size = starts + content
    }

    /// The bytes of a block in the file.
    func block(_ number: Int) -> Range<Int> {
        let start = starts + number * Self.blockSize
        return start..<min(size, start + Self.blockSize)
    }

    /// The block in which a byte of the file lies that is not one of the header.
    @inline(__always)
    func block(at place: Int) -> Int { (place - starts) / Self.blockSize }
}

/// Checksums of bytes by pieces of one size.
private struct BlockChecksums {
    private let size: Int
    private var values: [UInt64] = []
    private var hash = XXH64()
    private var filled = 0

    init(size: Int) { self.size = size }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(size - filled)
            hash.update(UnsafeRawBufferPointer(rebasing: piece))
            filled += piece.count
            rest = rest.dropFirst(piece.count)
            if filled == size { close() }
        }
    }

    /// The checksums of all pieces, the last one of which may be shorter.
    mutating func finish() -> [UInt64] {
        if filled > 0 { close() }
        return values
    }

    private mutating func close() {
        values.append(hash.value)
        (hash, filled) = (XXH64(), 0)
    }
}
