internal import CVectorKernels
internal import LinearAlgebra
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The repulsion by interpolation on a grid, in 2-D (Linderman et al. 2019).
///
/// Unit charges are spread on the nodes, convolved by Fourier transforms with the kernels of both forces, and the forces
/// gathered from the nodes. Z comes from the same spectrum: Σ |charges|²·kernel. The points are cut in fixed pieces
/// that have charges of their own, summed in order: the same bytes at any number of threads.
final class InterpolationGrid {
    /// Where the nodes lie.
    struct Layout: Equatable {
        var spacing: Float
        /// Within it pairs of points are summed too, and the grid is softened; 0: nowhere.
        var reach: Float
        var columns: Int
        var rows: Int
        /// Lengths of the transforms.
        var across: Int
        var down: Int
    }

    /// Nodes across a small map: fewer would not be faster.
    private static let leastNodes: Float = 40
    /// Nodes around the points' box: one before, two after, one for rounding on each side.
    private static let margin = 6
    /// Nodes between the forces' reach and the period's end, where the factors of the kernels' spectra make waves.
    private static let gap = 20
    /// Pieces of the points, each with charges of its own.
    private static let largestPieces = 8

    private let count: Int
    private let threads: Int
    private let kernels: VectorKernels
    private let freedom: Float
    /// Largest distance of the nodes without a near field.
    private let largestSpacing: Float
    /// Distance of the nodes with one, and its reach; 0: none.
    private let coarse: (spacing: Float, reach: Float)
    private let near: NearField
    private let pieces: Int
    private let scratch = Scratch()
    private var layout: Layout?
    private var memory: Memory?
    private var tables: (across: FourierTables, down: FourierTables)?
    private var grid = TsneGrid()
    /// What a point has to itself in Z on the grid; with the near field's share close to 1.
    private var own = 1.0
    private var ownNear: Double {
        let square = Double(grid.reach * grid.reach)
        return pow(square / (1 + square), 4)
    }

    /// Rows that a piece's charges lie in.
    private struct Rows: Sendable {
        var first: Int
        var end: Int
    }

    /// What the grid's pointers show at.
    private struct Memory: Sendable {
        var charges: [AlignedBuffer<Float>]
        var spectrum: [AlignedBuffer<Float>]
        var kernels: [AlignedBuffer<Float>]
        var fields: [AlignedBuffer<Float>]
        var forces: AlignedBuffer<Float>
        var acrossFactors: AlignedBuffer<Float>
        var downFactors: AlignedBuffer<Float>
    }

    /// Where nodes are sparse the forces between near points are summed one by one, and the rest on a coarser grid.
    ///
    /// - Parameters:
    ///   - theta: the accuracy. Without a near field the nodes are that far apart, at most 0.7 (and less on small maps):
    ///     at 0.5 the forces' error is that of the tree at the same θ, below it smaller than the tree's.
    ///   - freedom: degrees of freedom of Student's t-distribution.
    ///   - kernels: of the level in force, or in tests of another.
    init(
        count: Int, theta: Double, freedom: Double, threads: Int,
        kernels: VectorKernels = LinearAlgebra.kernels
    ) {
        self.count = count
        self.threads = threads
        self.kernels = kernels
        self.freedom = Float(freedom)
        largestSpacing = Float(min(theta, 0.7) * min(1, freedom.squareRoot()))
        coarse = freedom != 1 || theta < 0.25 ? (0, 0) : theta < 0.4 ? (0.7, 2.5) : (1, 2.5)
        near = NearField(count: count, threads: threads, kernels: kernels)
        pieces = max(1, min(Self.largestPieces, count / 4096))
    }

    /// The cheapest layout for a map; `nil` when it would have too many nodes.
    /// - Returns: the layout, and what a step with it costs in nanoseconds of one processor, see `Repulsion`.
    func layout(_ positions: AlignedBuffer<Float>, box: Box) -> (layout: Layout, cost: Double)? {
        var best: (layout: Layout, cost: Double)?
        if let fine = layout(box, spacing: largestSpacing, reach: 0) { best = (fine, cost(fine)) }
        if coarse.reach > 0, box.extent > coarse.spacing * Self.leastNodes,
            let layout = layout(box, spacing: coarse.spacing, reach: coarse.reach),
            cost(layout) < best?.cost ?? .infinity
        {
            let pairs = near.pairs(positions, box: box, width: coarse.reach)
            let cost = cost(layout) + near.cost(pairs: pairs)
            if cost < best?.cost ?? .infinity { best = (layout, cost) }
        }
        return best
    }

    private func cost(_ layout: Layout) -> Double {
        3.1 * Double(layout.across * layout.down) + 10 * Double(count) + 20_000
    }

    /// The nodes for a map of a size; `nil` when they would be too many.
    func layout(_ box: Box, spacing largest: Float, reach: Float) -> Layout? {
        let extent = box.extent
        var spacing = largest
        if extent < largest * Self.leastNodes {
            guard extent > 1e-30 else { return nil }
            // Steps of a quarter of an octave, so that the kernels serve for a while.
            spacing = min(spacing, exp2((log2(extent / Self.leastNodes) * 4).rounded(.down) / 4))
        }
        guard extent / spacing < 8192 else { return nil }
        let columns = Int(box.size.x / spacing) + Self.margin
        let rows = Int(box.size.y / spacing) + Self.margin
        guard let across = FourierTables.lengths.first(where: { $0 >= 2 * (columns + Self.gap) }),
            let down = FourierTables.lengths.first(where: { $0 >= 2 * (rows + Self.gap) })
        else { return nil }
        return Layout(spacing: spacing, reach: reach, columns: columns, rows: rows, across: across, down: down)
    }

    /// Convolves the points' charges; then `gather` gives the forces.
    /// - Parameters:
    ///   - positions: 2 floats a point, inside of the box.
    ///   - forces: takes the near field, if there is one.
    /// - Returns: Z, no point counted with itself.
    func convolve(
        _ positions: AlignedBuffer<Float>, box: Box, layout: Layout, forces: AlignedBuffer<Float>
    ) -> Double {
        prepare(layout, low: box.low)
        guard let memory else { return 0 }
        nonisolated(unsafe) let grid = grid
        let (count, threads, kernels) = (count, threads, kernels)
        let light = count < 4096 ? 1 : threads
        let grain = (count + pieces - 1) / pieces
        let stride = grid.stride
        let rows = parallelMap(count, threads: light, grain: grain) { range in
            var charges = TsneCharges()
            charges.values = memory.charges[range.lowerBound / grain].base
            withUnsafePointer(to: grid) {
                kernels.tsne_grid_spread($0, positions.base + 2 * range.lowerBound, range.count, &charges)
            }
            return Rows(first: charges.firstRow, end: charges.endRow)
        }
        nonisolated(unsafe) let charges = zip(memory.charges, rows).map {
            TsneCharges(values: $0.base, firstRow: $1.first, endRow: $1.end)
        }
        let transforms = grid.across.length * grid.down.length < 1 << 15 ? 1 : threads
        let lanes = kernels.lanes
        over(blocks: (grid.width + 2 * lanes - 1) / (2 * lanes), threads: transforms) { grid, block, scratch in
            kernels.tsne_grid_down(grid, charges, charges.count, stride, block * 2 * lanes, scratch)
        }
        let parts = AlignedBuffer<Double>(count: grid.groups)
        over(blocks: grid.groups, threads: transforms) { grid, group, scratch in
            parts.base[group] = kernels.tsne_grid_across(grid, group, scratch)
        }
        over(blocks: (grid.width + lanes - 1) / lanes, threads: transforms) { grid, block, scratch in
            kernels.tsne_grid_up(grid, block * lanes, scratch)
        }
        var total = 0.0
        for group in 0..<grid.groups { total += parts.base[group] }
        total -= own * Double(count)
        if layout.reach > 0 {
            total += near.forces(positions, box: box, width: layout.reach, into: forces) - ownNear * Double(count)
        }
        return total
    }

    /// Writes the repulsion on a run of points, not yet divided by Z; `forces` holds their near field.
    func gather(_ positions: UnsafePointer<Float>, count: Int, into forces: UnsafeMutablePointer<Float>) {
        withUnsafePointer(to: grid) { kernels.tsne_grid_gather($0, positions, count, grid.reach > 0, forces) }
    }

    /// Calls the body for each block with scratch memory of its own.
    private func over(
        blocks: Int, threads: Int, _ body: @Sendable (UnsafePointer<TsneGrid>, Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        nonisolated(unsafe) let grid = grid
        let size = 6 * kernels.lanes * max(grid.across.length, grid.down.length)
        let scratch = scratch
        parallelFor(blocks, threads: threads, grain: 1) { range in
            let own = scratch.take(size)
            withUnsafePointer(to: grid) { grid in
                for block in range { body(grid, block, own.base) }
            }
            scratch.give(own)
        }
    }

    /// Makes the grid ready for a layout; the kernels' spectra are kept as long as they serve.
    private func prepare(_ layout: Layout, low: SIMD3<Float>) {
        let old = self.layout
        self.layout = layout
        if old?.across != layout.across || old?.down != layout.down { allot(layout) }
        grid.width = layout.columns
        grid.height = layout.rows
        grid.inverseSpacing = 1 / layout.spacing
        grid.low = (low.x - 2 * layout.spacing, low.y - 2 * layout.spacing)
        grid.reach = layout.reach
        grid.freedom = freedom
        if old?.across != layout.across || old?.down != layout.down || old?.spacing != layout.spacing
            || old?.reach != layout.reach
        {
            sampleKernels()
        }
    }

    private func allot(_ layout: Layout) {
        let across = FourierTables(length: layout.across)
        let down = FourierTables(length: layout.down)
        tables = (across, down)
        let lanes = kernels.lanes
        func padded(_ n: Int) -> Int { (n + 31) / 32 * 32 }
        grid = TsneGrid()
        grid.across = across.plan
        grid.down = down.plan
        grid.stride = padded(layout.across / 2 - Self.gap)
        grid.spectrumStride = padded(layout.across)
        grid.groups = (layout.down / 2 + lanes) / lanes
        let nodes = (layout.down / 2 - Self.gap) * grid.stride
        func buffers(_ number: Int, _ size: Int) -> [AlignedBuffer<Float>] {
            (0..<number).map { _ in AlignedBuffer(count: size) }
        }
        let memory = Memory(
            charges: buffers(pieces, nodes), spectrum: buffers(2, grid.groups * grid.spectrumStride * lanes),
            kernels: buffers(3, grid.groups * layout.across * lanes),
            fields: buffers(4, grid.groups * grid.stride * lanes), forces: AlignedBuffer(count: 2 * nodes),
            acrossFactors: AlignedBuffer(count: layout.across), downFactors: AlignedBuffer(count: grid.groups * lanes))
        for k in 0..<layout.across { memory.acrossFactors.base[k] = Float(Spline.factor(k, of: layout.across)) }
        for k in 0...layout.down / 2 { memory.downFactors.base[k] = Float(Spline.factor(k, of: layout.down)) }
        self.memory = memory
        grid.acrossFactors = UnsafePointer(memory.acrossFactors.base)
        grid.downFactors = UnsafePointer(memory.downFactors.base)
        grid.spectrumRe = memory.spectrum[0].base
        grid.spectrumIm = memory.spectrum[1].base
        grid.kernels = (memory.kernels[0].base, memory.kernels[1].base, memory.kernels[2].base)
        grid.fields = (memory.fields[0].base, memory.fields[1].base, memory.fields[2].base, memory.fields[3].base)
        grid.forces = memory.forces.base
    }

    /// Samples the three kernels, transforms them, and finds what a point has to itself in Z.
    private func sampleKernels() {
        nonisolated(unsafe) let grid = grid
        let kernels = kernels
        let (rows, stride, lanes) = (grid.down.length, grid.spectrumStride, kernels.lanes)
        let samples = AlignedBuffer<Float>(count: rows * stride)
        for kernel in [TsneKernelZ, TsneKernelX, TsneKernelY] {
            parallelFor(rows, threads: threads, grain: 16) { range in
                withUnsafePointer(to: grid) { grid in
                    for row in range { kernels.tsne_grid_sample(grid, row, kernel, samples.base + row * stride) }
                }
            }
            over(blocks: stride / (2 * lanes), threads: threads) { grid, block, scratch in
                var charges = TsneCharges(values: samples.base, firstRow: 0, endRow: rows)
                kernels.tsne_grid_down(grid, &charges, 1, stride, block * 2 * lanes, scratch)
            }
            over(blocks: grid.groups, threads: threads) { grid, group, scratch in
                kernels.tsne_grid_kernel(grid, group, kernel, scratch)
            }
        }
        // The mean over all places of a point between the nodes.
        let columns = grid.across.length
        let acrossShares = (0..<columns).map { Spline.share($0, of: columns) }
        self.own = parallelMap(grid.groups, threads: threads, grain: 1) { range in
            var sum = 0.0
            for lane in 0..<lanes {
                let row = range.lowerBound * lanes + lane
                guard row <= rows / 2 else { break }
                let share = Spline.share(row, of: rows) * (row == 0 || 2 * row == rows ? 1 : 2)
                let kernel = grid.kernels.0.unsafelyUnwrapped + range.lowerBound * columns * lanes + lane
                for column in 0..<columns { sum += Double(kernel[column * lanes]) * share * acrossShares[column] }
            }
            return sum
        }.reduce(0, +)
    }
}

/// Scratch memory that is used again.
private final class Scratch: Sendable {
    private let free = Mutex<[AlignedBuffer<Float>]>([])

    func take(_ size: Int) -> AlignedBuffer<Float> {
        if let found = free.withLock({ $0.popLast() }), found.count >= size { return found }
        return AlignedBuffer(count: size)
    }

    func give(_ buffer: AlignedBuffer<Float>) { free.withLock { $0.append(buffer) } }
}

/// The cubic B-spline β in the frequencies of a transform.
private enum Spline {
    /// Σ over all aliases of the squared spectrum of β: the transform of its autocorrelation at the nodes.
    static func share(_ k: Int, of length: Int) -> Double {
        let w = 2 * Double.pi * Double(k) / Double(length)
        return (2416 + 2 * (1191 * cos(w) + 120 * cos(2 * w) + cos(3 * w))) / 5040
    }

    /// What makes the error of spreading, convolving and gathering least in the mean over all places: the squared
    /// spectrum of β over the square of `share`; and the inverse transform's 1 / length.
    static func factor(_ k: Int, of length: Int) -> Double {
        let w = Double.pi * Double(min(k, length - k)) / Double(length)
        let spectrum = w == 0 ? 1 : pow(sin(w) / w, 8)
        return spectrum / (share(k, of: length) * share(k, of: length)) / Double(length)
    }
}
