import FileAccess
import LinearAlgebra
import Synchronization

/// The blocks of a saved index, each of which is checked when something in it is asked for the first time.
///
/// Raw memory has its place here: one atomic byte a block, made and given back with this object, so `@unchecked
/// Sendable` is sound. Threads that ask for a block at once may check it twice and find the same.
final class IndexBlocks: @unchecked Sendable {
    let file: MappedFile
    let damage = FileDamage()
    private let layout: VectorIndexLayout
    private let limits: Limits
    private let states: UnsafeMutablePointer<Atomic<UInt8>>

    /// Where vectors may begin.
    struct Limits {
        /// Path of the vector file, for messages.
        let path: String
        /// The first and the last byte at which a vector may begin.
        let places: ClosedRange<UInt64>
        /// Bytes of a vector.
        let width: UInt64
    }

    private static let (sound, damaged): (UInt8, UInt8) = (1, 2)

    init(file: MappedFile, layout: VectorIndexLayout, limits: Limits) {
        (self.file, self.layout, self.limits) = (file, layout, limits)
        states = .allocate(capacity: layout.blocks)
        for block in 0..<layout.blocks { (states + block).initialize(to: Atomic(0)) }
    }

    deinit {
        states.deinitialize(count: layout.blocks)
        states.deallocate()
    }

    /// Whether bytes of the file, which are not those of its header, are as they were written. If not, it is noted.
    @inline(__always)
    func areSound(_ bytes: Range<Int>) -> Bool {
        guard !bytes.isEmpty else { return true }
        let (first, last) = (layout.block(at: bytes.lowerBound), layout.block(at: bytes.upperBound - 1))
        var result = true
        for block in first...last where states[block].load(ordering: .relaxed) != Self.sound {
            if !check(block) { result = false }
        }
        return result
    }

    /// Checks all blocks, on all threads.
    /// - Throws: `WordEmbeddingError.malformed` when one is damaged.
    func checkAll() throws {
        parallelFor(layout.blocks, threads: availableProcessors, grain: 16) { blocks in
            for block in blocks { _ = check(block) }
        }
        try damage.check()
    }

    @inline(never)
    private func check(_ block: Int) -> Bool {
        switch states[block].load(ordering: .relaxed) {
        case Self.sound: return true
        case Self.damaged: return false
        default: break
        }
        let fault = file.withBytes { self.fault($0, block) }
        if let fault {
            damage.note(
                .malformed(
                    file: file.path, place: fault.place, expected: fault.expected,
                    found: "others; w2v index makes the index anew"))
        }
        states[block].store(fault == nil ? Self.sound : Self.damaged, ordering: .relaxed)
        return fault == nil
    }

    /// What is wrong with a block. All vectors must lie in the file, one behind another, and all numbers be those of
    /// words: a file that was forged together with its checksums must not lead anywhere else.
    private func fault(_ bytes: UnsafeRawBufferPointer, _ number: Int) -> (place: String, expected: String)? {
        guard let base = bytes.baseAddress else { return nil }
        let block = layout.block(number)
        let checksum = bytes.loadUnaligned(
            fromByteOffset: VectorIndexLayout.headerSize + 8 * number, as: UInt64.self)
        guard XXH64.hash(UnsafeRawBufferPointer(rebasing: bytes[block])) == UInt64(littleEndian: checksum) else {
            return ("byte \(block.lowerBound)", "\(block.count) bytes with the checksum of the header")
        }
        // Within the block: the one before it may be damaged. A word of one byte and a blank stand before each vector.
        let starts = block.clamped(to: layout.starts..<layout.order)
        guard
            NumberChecks.ascend(
                base + starts.lowerBound, 0..<starts.count / 8, first: limits.places.lowerBound, gap: limits.width + 2,
                limit: limits.places.upperBound)
        else { return ("byte \(starts.lowerBound)", "places of vectors inside \(limits.path)") }
        let order = block.clamped(to: layout.order..<layout.order + 4 * layout.rows)
        guard NumberChecks.lie(base + order.lowerBound, 0..<order.count / 4, below: layout.rows) else {
            return ("byte \(order.lowerBound)", "numbers of words")
        }
        return nil
    }
}
