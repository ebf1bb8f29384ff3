internal import CVectorKernels
internal import LinearAlgebra

/// Affinities of a large map in the order of its points, in 4 bytes an entry in place of 8: memory bounds the attraction.
///
/// An entry is the root of its value in units of 1 / 65,535 of the largest root, rounded, and its point's distance from the
/// start of a window of 65,536 points around the row's own one. Along the map's curve few points lie outside; those have
/// 8 bytes. Roots hold small values closer than the values themselves would: the usual one, 1 / 90 of the largest, to some
/// 10⁻⁴. The rounding of a value does not depend on the order.
final class PackedAffinities {
    /// Maps with fewer points stay in the cache, and keep their values as they are.
    static let leastPoints = 16_384
    /// Rows of a piece; the descent's pieces divide it.
    static let pieceRows = 512
    /// Rows ahead that are asked for when the entries are laid out: they lie all over memory.
    private static let rowsAhead = 3

    let count: Int
    private let whole: SparseAffinities
    private let threads: Int
    private let unit: Float
    private let starts: AlignedBuffer<UInt64>
    private let nearCounts: AlignedBuffer<UInt32>
    private let offsets: AlignedBuffer<UInt16>
    private let roots: AlignedBuffer<UInt16>
    /// Of all entries, in the order of the input.
    private let wholeRoots: AlignedBuffer<UInt16>
    /// New number of each point of the input.
    private let numbers: AlignedBuffer<UInt32>
    private let far: [Far]
    private var isArranged = false

    /// The entries of a piece's rows that lie outside of their windows. Each is used by one thread at a time.
    private final class Far: @unchecked Sendable {
        /// Of each row and the one behind the last.
        var starts: [UInt64] = []
        var columns: [UInt32] = []
        var values: [Float] = []
    }

    /// - Parameters:
    ///   - whole: the affinities, in the order of the input.
    ///   - threads: threads to use.
    init(_ whole: SparseAffinities, threads: Int) {
        self.whole = whole
        self.threads = threads
        count = whole.count
        let entries = whole.values.count
        let parts = parallelMap(entries, threads: threads, grain: 1 << 16) { range in
            var largest: Float = 0
            for i in range { largest = max(largest, whole.values.base[i]) }
            return largest
        }
        let largest = parts.max() ?? 0
        unit = largest > 0 ? largest.squareRoot() / 65_535 : 1
        let inverse = 1 / unit
        let wholeRoots = AlignedBuffer<UInt16>(count: entries)
        parallelFor(entries, threads: threads, grain: 1 << 16) { range in
            for i in range {
                wholeRoots.base[i] = UInt16(min(whole.values.base[i].squareRoot() * inverse + 0.5, 65_535))
            }
        }
        self.wholeRoots = wholeRoots
        starts = AlignedBuffer(count: count)
        nearCounts = AlignedBuffer(count: count)
        // The kernels read whole vectors.
        offsets = AlignedBuffer(count: entries + 16)
        roots = AlignedBuffer(count: entries + 16)
        numbers = AlignedBuffer(count: count)
        far = (0..<(count + Self.pieceRows - 1) / Self.pieceRows).map { _ in Far() }
    }

    /// Lays the entries out anew: new point i is point `original[i]` of the input.
    func arrange(_ original: AlignedBuffer<UInt32>) {
        isArranged = true
        var next: UInt64 = 0
        for i in 0..<count {
            let old = Int(original.base[i])
            starts.base[i] = next
            next += whole.starts.base[old + 1] - whole.starts.base[old]
            numbers.base[old] = UInt32(truncatingIfNeeded: i)
        }
        nonisolated(unsafe) let packed = self
        parallelFor(count, threads: threads, grain: Self.pieceRows) { range in
            packed.arrange(range, original, packed.far[range.lowerBound / Self.pieceRows])
        }
    }

    /// Lays them out in the order of the input, unless they are already laid out.
    func arrangeAtFirst() {
        if isArranged { return }
        let order = AlignedBuffer<UInt32>(count: count)
        for i in 0..<count { order.base[i] = UInt32(truncatingIfNeeded: i) }
        arrange(order)
    }

    private func arrange(_ rows: Range<Int>, _ original: AlignedBuffer<UInt32>, _ far: Far) {
        far.columns.removeAll(keepingCapacity: true)
        far.values.removeAll(keepingCapacity: true)
        far.starts.removeAll(keepingCapacity: true)
        let (columns, wholeRoots, numbers) = (whole.columns.base, wholeRoots.base, numbers.base)
        let (offsets, roots) = (offsets.base, roots.base)
        for row in rows {
            if row + Self.rowsAhead < rows.upperBound {
                let ahead = Int(original.base[row + Self.rowsAhead])
                let start = Int(whole.starts.base[ahead])
                let entries = Int(whole.starts.base[ahead + 1]) - start
                prefetch_memory(columns + start, 4 * entries)
                prefetch_memory(wholeRoots + start, 2 * entries)
            }
            let old = Int(original.base[row])
            let window = tsne_window(row, count)
            let from = Int(starts.base[row])
            var near = from
            far.starts.append(UInt64(far.columns.count))
            for entry in Int(whole.starts.base[old])..<Int(whole.starts.base[old + 1]) {
                let column = Int(numbers[Int(columns[entry])])
                let offset = column &- window
                // Written over when it is none of the window.
                offsets[near] = UInt16(truncatingIfNeeded: offset)
                roots[near] = wholeRoots[entry]
                if UInt(bitPattern: offset) < UInt(TSNE_WINDOW) {
                    near &+= 1
                } else {
                    let root = Float(wholeRoots[entry])
                    far.columns.append(UInt32(truncatingIfNeeded: column))
                    far.values.append(root * root)
                }
            }
            nearCounts.base[row] = UInt32(truncatingIfNeeded: near - from)
        }
        far.starts.append(UInt64(far.columns.count))
    }

    /// The attraction of some rows of one piece, see `tsne_attraction`.
    /// - Parameters:
    ///   - rows: rows of one piece.
    ///   - forces: takes their forces, from the first one on.
    /// - Returns: Σ p·ln(1 + d²) of the rows, when it is wanted.
    func attraction(
        _ positions: AlignedBuffer<Float>, dimensions: Int, freedom: Float, rows: Range<Int>,
        forces: UnsafeMutablePointer<Float>, withScore: Bool
    ) -> Double {
        let far = far[rows.lowerBound / Self.pieceRows]
        return far.starts.withUnsafeBufferPointer { farStarts in
            far.columns.withUnsafeBufferPointer { farColumns in
                far.values.withUnsafeBufferPointer { farValues in
                    var packed = TsnePackedRows()
                    packed.first = rows.lowerBound
                    packed.count = rows.count
                    packed.points = count
                    packed.starts = UnsafePointer(starts.base)
                    packed.nearCounts = UnsafePointer(nearCounts.base)
                    packed.offsets = UnsafePointer(offsets.base)
                    packed.roots = UnsafePointer(roots.base)
                    packed.unit = unit
                    packed.farStarts = farStarts.baseAddress.map { $0 + rows.lowerBound % Self.pieceRows }
                    packed.farColumns = farColumns.baseAddress
                    packed.farValues = farValues.baseAddress
                    return kernels.tsne_packed_attraction(
                        positions.base, dimensions, freedom, &packed, forces, withScore)
                }
            }
        }
    }
}
