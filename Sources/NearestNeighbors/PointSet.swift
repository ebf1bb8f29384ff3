internal import CVectorKernels
internal import LinearAlgebra

/// Points laid out for the kernels: see `NeighborPoints`.
final class PointSet: Sendable {
    let count: Int
    let columns: Int
    /// Floats from row to row of `exact`.
    let stride: Int
    /// The point's number for the outside.
    let numbers: [UInt32]
    let panels: AlignedBuffer<Float>
    let exact: AlignedBuffer<Float>
    private let offsets: AlignedBuffer<Float>
    private let errors: AlignedBuffer<Float>
    private let order: AlignedBuffer<UInt32>

    /// - Parameters:
    ///   - data: one point a row.
    ///   - rows: the rows taken, in the order of the set.
    ///   - space: how they are prepared.
    ///   - panel: points in a panel of the kernels.
    ///   - threads: threads to use.
    init(_ data: Matrix, rows: [UInt32], space: PointSpace, panel: Int, threads: Int) {
        let columns = data.columns
        let stride = (columns + 15) / 16 * 16
        let filled = (rows.count + panel - 1) / panel * panel
        count = rows.count
        self.columns = columns
        self.stride = stride
        numbers = rows
        let (panels, exact) = (
            AlignedBuffer<Float>(count: filled * columns), AlignedBuffer<Float>(count: rows.count * stride)
        )
        let (offsets, errors) = (AlignedBuffer<Float>(count: filled), AlignedBuffer<Float>(count: filled))
        let order = AlignedBuffer<UInt32>(count: filled)
        // Bound on the rounding of a product summed in order, of the offsets, of the centring and of the exact distance.
        let unit = Float.ulpOfOne / 2 * Float(2 * columns + 32)
        parallelFor(filled, threads: threads, grain: 8 * panel) { range in
            for i in range {
                guard i < rows.count else {
                    offsets.base[i] = -.infinity
                    continue
                }
                order.base[i] = rows[i]
                let own = exact.base + i * stride
                space.writeExact(data.row(Int(rows[i])), to: own)
                let place = panels.base + i / panel * panel * columns + i % panel
                var size: Float = 0
                for d in 0..<columns {
                    let value = space.factor(own[d], column: d)
                    place[d * panel] = value
                    size += space.metric == .manhattan ? abs(value) : value * value
                }
                errors.base[i] = unit * size
                if space.metric == .euclidean { offsets.base[i] = -size / 2 }
            }
        }
        (self.panels, self.exact, self.offsets, self.errors, self.order) = (panels, exact, offsets, errors, order)
    }

    /// The set for the kernels; it lives as long as `self`.
    var points: NeighborPoints {
        NeighborPoints(
            panels: panels.base, offsets: offsets.base, errors: errors.base, exact: exact.base, numbers: order.base,
            stride: stride, count: count)
    }
}
