internal import CVectorKernels
internal import LinearAlgebra

/// The points of a 2-D map in square cells, and the forces between points of neighbouring cells that a coarse grid
/// leaves out.
final class NearField {
    private let count: Int
    private let threads: Int
    private let kernels: VectorKernels
    private let x: AlignedBuffer<Float>
    private let y: AlignedBuffer<Float>
    private let order: AlignedBuffer<UInt32>
    private let cells: AlignedBuffer<UInt32>
    private var starts = AlignedBuffer<UInt32>(count: 1)
    /// Points that `pairs` counts at least and at most twice as many.
    private static let sample = 4096

    init(count: Int, threads: Int, kernels: VectorKernels) {
        self.count = count
        self.threads = threads
        self.kernels = kernels
        x = AlignedBuffer(count: count + 16)
        y = AlignedBuffer(count: count + 16)
        order = AlignedBuffer(count: count)
        cells = AlignedBuffer(count: count)
    }

    /// How the cells lie.
    private struct Cells: Sendable {
        let low: SIMD2<Float>
        let inverse: Float
        let columns: Int
        let rows: Int

        init(_ box: Box, width: Float) {
            low = SIMD2(box.low.x, box.low.y)
            inverse = 1 / width
            columns = Int(box.size.x * inverse) + 1
            rows = Int(box.size.y * inverse) + 1
        }

        func cell(_ position: UnsafePointer<Float>) -> Int {
            let column = min(columns - 1, Int((position[0] - low.x) * inverse))
            return min(rows - 1, Int((position[1] - low.y) * inverse)) * columns + column
        }
    }

    /// About how many points lie in the nine cells around a point, in the mean; from a sample of them.
    func pairs(_ positions: AlignedBuffer<Float>, box: Box, width: Float) -> Double {
        let shape = Cells(box, width: width)
        let every = max(1, count / Self.sample)
        var numbers = [UInt32](repeating: 0, count: shape.columns * shape.rows)
        var sum = 0.0
        var sampled = 0
        for i in stride(from: 0, to: count, by: every) {
            let cell = shape.cell(positions.base + 2 * i)
            // Each point meets those of its cell that came before: half of the pairs.
            sum += Double(2 * numbers[cell])
            numbers[cell] += 1
            sampled += 1
        }
        return 9 * (1 + sum * Double(every) / Double(max(1, sampled)))
    }

    /// What it costs in nanoseconds of one processor, see `Repulsion`.
    func cost(pairs: Double) -> Double { Double(count) * (16 + 0.36 * pairs) }

    /// Writes the forces to each point's place.
    /// - Parameter width: the cells' width: what is farther apart has no force here.
    /// - Returns: the pairs' part of Z, each point with itself included.
    func forces(
        _ positions: AlignedBuffer<Float>, box: Box, width: Float, into forces: AlignedBuffer<Float>
    ) -> Double {
        let shape = Cells(box, width: width)
        sort(positions, shape)
        let parts = AlignedBuffer<Double>(count: shape.rows)
        let (x, y, order, starts, kernels) = (x, y, order, starts, kernels)
        parallelFor(shape.rows, threads: count < 2048 ? 1 : threads, grain: 1) { range in
            var cells = TsneCells(
                x: UnsafePointer(x.base), y: UnsafePointer(y.base), order: UnsafePointer(order.base),
                starts: UnsafePointer(starts.base), columns: shape.columns, rows: shape.rows, square: width * width)
            for row in range { parts.base[row] = kernels.tsne_grid_near(&cells, row, forces.base) }
        }
        var total = 0.0
        for row in 0..<shape.rows { total += parts.base[row] }
        return total
    }

    /// A stable counting sort: what comes out does not depend on the pieces.
    private func sort(_ positions: AlignedBuffer<Float>, _ shape: Cells) {
        let number = shape.columns * shape.rows
        if starts.count != number + 1 { starts = AlignedBuffer(count: number + 1) }
        let pieces = max(1, min(threads, count / 8192))
        let grain = (count + pieces - 1) / pieces
        let counts = AlignedBuffer<UInt32>(count: pieces * number)
        let (cells, x, y, order, starts, count) = (cells, x, y, order, starts, count)
        parallelFor(count, threads: threads, grain: grain) { range in
            let own = counts.base + range.lowerBound / grain * number
            for i in range {
                let cell = shape.cell(positions.base + 2 * i)
                cells.base[i] = UInt32(truncatingIfNeeded: cell)
                own[cell] += 1
            }
        }
        var total: UInt32 = 0
        for cell in 0..<number {
            starts.base[cell] = total
            for piece in 0..<pieces {
                let amount = counts.base[piece * number + cell]
                counts.base[piece * number + cell] = total
                total += amount
            }
        }
        starts.base[number] = total
        parallelFor(count, threads: threads, grain: grain) { range in
            let own = counts.base + range.lowerBound / grain * number
            for i in range {
                let cell = Int(cells.base[i])
                let place = Int(own[cell])
                own[cell] += 1
                x.base[place] = positions.base[2 * i]
                y.base[place] = positions.base[2 * i + 1]
                order.base[place] = UInt32(truncatingIfNeeded: i)
            }
        }
    }
}
