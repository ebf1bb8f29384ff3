internal import CVectorKernels
internal import LinearAlgebra

/// The attraction between the points of a map, over the affinities in the order of the points.
final class Attraction {
    /// In the order of the points, or of the input when they are packed.
    private var affinities: SparseAffinities
    /// The same in fewer bytes, for large maps whose repulsion is no exact sum either.
    private let packed: PackedAffinities?
    /// What was renumbered last, whose memory the next renumbering takes.
    private var spare: SparseAffinities?
    /// Whether the affinities are this object's own, not the caller's.
    private var ownsAffinities = false
    private let dimensions: Int
    private let freedom: Float
    private let threads: Int

    /// - Parameters:
    ///   - affinities: in the order of the input, as the points are at first.
    ///   - isExact: whether the affinities keep all their digits even on a large map.
    init(_ affinities: SparseAffinities, dimensions: Int, freedom: Float, isExact: Bool, threads: Int) {
        self.affinities = affinities
        self.dimensions = dimensions
        self.freedom = freedom
        self.threads = threads
        packed =
            affinities.count >= PackedAffinities.leastPoints && !isExact
            ? PackedAffinities(affinities, threads: threads) : nil
    }

    /// Σ p·ln p over all entries.
    var negativeEntropy: Double { affinities.negativeEntropy }

    /// Follows the points to a new order.
    /// - Parameters:
    ///   - order: the place until now of each point.
    ///   - original: the number in the input of each point.
    func renumber(_ order: AlignedBuffer<UInt32>, original: AlignedBuffer<UInt32>) {
        if let packed { return packed.arrange(original) }
        let old = affinities
        affinities = old.renumbered(order, into: spare, threads: threads)
        spare = ownsAffinities ? old : nil
        ownsAffinities = true
    }

    /// Writes the attraction of a run of rows, at most `PackedAffinities.pieceRows` of one piece, to the memory given, laid
    /// out as the positions; returns Σ p·ln(1 + d²) when it is wanted.
    typealias Rows = @Sendable (Range<Int>, UnsafeMutablePointer<Float>, Bool) -> Double

    /// The attraction at the positions.
    func rows(at positions: AlignedBuffer<Float>) -> Rows {
        let (affinities, dimensions, freedom) = (affinities, dimensions, freedom)
        guard let packed else {
            return { rows, forces, withScore in
                kernels.tsne_attraction(
                    positions.base, dimensions, freedom, affinities.starts.base, affinities.columns.base,
                    affinities.values.base, rows.lowerBound, rows.count, forces, withScore)
            }
        }
        packed.arrangeAtFirst()
        // Only read meanwhile.
        nonisolated(unsafe) let entries = packed
        return { rows, forces, withScore in
            entries.attraction(
                positions, dimensions: dimensions, freedom: freedom, rows: rows, forces: forces, withScore: withScore)
        }
    }
}
