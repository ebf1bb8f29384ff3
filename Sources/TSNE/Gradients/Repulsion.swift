internal import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The repulsion between the points of a map, by the method in force: all pairs, the tree, or the grid.
///
/// One after the other: `prepare` at the positions, then `gather` for each run of points.
package final class Repulsion {
    package let count: Int
    package let dimensions: Int
    private let method: BarnesHutTsne.Configuration.Method
    private let theta: Double
    private let threads: Int
    private let forces: AlignedBuffer<Float>
    private let tree: SpaceTree
    private let grid: InterpolationGrid?
    /// Whether the forces are still to be gathered from the grid.
    private var onGrid = false
    /// How often each method was used.
    private(set) var uses = Uses()

    /// Steps by method.
    package struct Uses: Equatable, Sendable {
        package var exact = 0
        package var tree = 0
        package var grid = 0
    }

    /// Nodes nearer than this would cost more than the tree.
    static let leastGridTheta = 0.2

    package init(
        count: Int, dimensions: Int, method: BarnesHutTsne.Configuration.Method, theta: Double, freedom: Double = 1,
        threads: Int
    ) {
        self.count = count
        self.dimensions = dimensions
        self.method = method
        self.theta = theta
        self.threads = threads
        forces = AlignedBuffer(count: count * (dimensions == 2 ? 2 : 4))
        tree = SpaceTree(count: count, dimensions: dimensions, freedom: freedom, threads: threads)
        let wanted = method == .interpolation || method == .auto && theta >= Self.leastGridTheta
        grid =
            dimensions == 2 && wanted && theta > 0
            ? InterpolationGrid(count: count, theta: theta, freedom: freedom, threads: threads) : nil
    }

    /// The points' order along the tree's curve.
    func order(_ positions: AlignedBuffer<Float>, box: Box) -> AlignedBuffer<UInt32> {
        tree.sort(positions, low: box.low, extent: box.extent)
    }

    /// Sums at the positions.
    /// - Returns: Z, the sum over all pairs of 1 / (1 + distance²).
    func prepare(_ positions: AlignedBuffer<Float>, box: Box) -> Double {
        onGrid = false
        if let grid, let (layout, cost) = grid.layout(positions, box: box),
            method == .interpolation || cost < min(exactCost, treeCost)
        {
            let z = grid.convolve(positions, box: box, layout: layout, forces: forces)
            // On a sparser map the points' shares of themselves, which are known in the mean only, would matter.
            if z > Double(count) {
                onGrid = true
                uses.grid += 1
                return z
            }
        }
        let all = theta == 0 || method == .exact || method == .auto && exactCost < treeCost
        if all { uses.exact += 1 } else { uses.tree += 1 }
        let shape = tree.build(positions, theta: all ? 0 : theta, low: box.low, extent: box.extent)
        return max(tree.repulsion(shape, into: forces), Double.leastNormalMagnitude)
    }

    /// The repulsion on a run of points, not yet divided by Z, laid out as the positions.
    func gather(_ positions: AlignedBuffer<Float>, _ range: Range<Int>) -> UnsafeMutablePointer<Float> {
        let first = range.lowerBound * (dimensions == 2 ? 2 : 4)
        let own = forces.base + first
        if onGrid { grid?.gather(positions.base + first, count: range.count, into: own) }
        return own
    }

    // Costs of a step in nanoseconds of one processor, fitted to a Zen 4 with AVX-512 and 500 to 70,000 points.
    // Constants, so that the choice does not depend on the machine or its load.
    private var exactCost: Double { (dimensions == 2 ? 0.18 : 0.225) * Double(count) * Double(count) }
    private var treeCost: Double {
        let points = Double(count)
        let cost = points * max(112, 20 * log2(points) - 110) * pow(0.5 / max(0.05, theta), 1.5)
        return dimensions == 2 ? cost : 1.5 * cost
    }
}

/// The box around a map.
package struct Box: Sendable {
    package var low = SIMD3<Float>()
    package var size = SIMD3<Float>()
    /// The largest of the sizes.
    package var extent: Float { size.max() }
}
