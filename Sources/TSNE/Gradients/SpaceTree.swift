internal import CVectorKernels
package import LinearAlgebra

/// A linear quadtree (2-D) or octree (3-D) over the points of a map, and the repulsion summed with it.
///
/// Points are kept in Morton order. The memory is used again from one iteration to the next.
package final class SpaceTree {
    package let count: Int
    package let dimensions: Int
    private let freedom: Float
    private let threads: Int
    private let morton: MortonOrder
    private let points: [AlignedBuffer<Float>]
    /// Made when first needed: all pairs need none.
    private var cells: CellArrays?

    /// - Parameter freedom: degrees of freedom of Student's t-distribution.
    package init(count: Int, dimensions: Int, freedom: Double = 1, threads: Int) {
        self.freedom = Float(freedom)
        self.count = count
        self.dimensions = dimensions
        self.threads = threads
        morton = MortonOrder(count: count)
        points = (0..<3).map { _ in AlignedBuffer(count: count + 16) }
    }

    /// What `build` made of the points.
    package struct Shape: Sendable {
        var tiles: [Tile]
        var root: Int?
    }

    /// Sorts the points along the curve.
    /// - Returns: the number of each.
    func sort(_ positions: AlignedBuffer<Float>, low: SIMD3<Float>, extent: Float) -> AlignedBuffer<UInt32> {
        morton.sort(
            positions, dimensions: dimensions, low: low, extent: extent, threads: count < 8192 ? 1 : threads)
        return morton.order
    }

    /// Sorts the points and builds the cells.
    ///
    /// - Parameters:
    ///   - positions: 2 floats a point in 2-D, 4 in 3-D; all finite.
    ///   - theta: accuracy; 0: no cells, all pairs are summed.
    package func build(_ positions: AlignedBuffer<Float>, theta: Double, low: SIMD3<Float>, extent: Float) -> Shape {
        let light = count < 8192 ? 1 : threads
        let cells = theta > 0 && count > 1
        if cells {
            _ = sort(positions, low: low, extent: extent)
        } else {
            for i in 0..<count { morton.order.base[i] = UInt32(truncatingIfNeeded: i) }
        }
        let (morton, points, dimensions) = (morton, points, dimensions)
        let stride = dimensions == 2 ? 2 : 4
        parallelFor(count, threads: light, grain: 4096) { range in
            for i in range {
                let from = Int(morton.order.base[i]) * stride
                for d in 0..<dimensions { points[d].base[i] = positions.base[from + d] }
            }
        }
        guard cells else {
            let size = Int(TSNE_TILE_POINTS)
            return Shape(
                tiles: Swift.stride(from: 0, to: count, by: size).map { Tile(first: $0, count: min(size, count - $0)) },
                root: nil)
        }
        return buildCells(scaledExtent: extent / Float(theta), threads: light)
    }

    private func buildCells(scaledExtent: Float, threads: Int) -> Shape {
        // The top of the tree takes at most 8 children for each of 32 large cells on each level.
        let cells =
            self.cells ?? CellArrays(count: 2 * count + 8 * 33 * (MortonOrder.depth(dimensions: dimensions) + 1))
        self.cells = cells
        let (morton, points, dimensions) = (morton, points, dimensions)
        @Sendable func builder(free: Int) -> TreeBuilder {
            TreeBuilder(
                keys: morton.keys.base, points: points.map { UnsafePointer($0.base) }, cells: cells,
                dimensions: dimensions, scaledExtent: scaledExtent, free: free)
        }
        // The large cells one after the other, then the subtrees below them side by side, each in a place of its own.
        let root = 2 * count
        var top = builder(free: root + 1)
        let small = max(2048, count / 32)
        var jobs: [TreeBuilder.Job] = []
        var large: [Int] = []
        var open = [TreeBuilder.Job(node: root, first: 0, count: count)]
        while let job = open.popLast() {
            let level = top.level(first: job.first, count: job.count)
            if job.count <= small || level == top.depth {
                jobs.append(job)
            } else {
                large.append(job.node)
                open += top.divide(node: job.node, first: job.first, count: job.count, level: level).reversed().map {
                    TreeBuilder.Job(
                        node: $0, first: Int(cells.first.base[$0]), count: Int(cells.count.base[$0]))
                }
            }
        }
        let tasks = jobs
        let tiles = parallelMap(tasks.count, threads: threads, grain: 1) { range in
            let job = tasks[range.lowerBound]
            var part = builder(free: 2 * job.first)
            part.build(job)
            return part.tiles
        }
        for node in large.reversed() { top.setCentre(node: node) }
        return Shape(tiles: tiles.flatMap { $0 }, root: root)
    }

    /// Writes the repulsion on each point (not yet divided by Z) to its place in `forces`; returns Z.
    package func repulsion(_ shape: Shape, into forces: AlignedBuffer<Float>) -> Double {
        let tiles = shape.tiles
        let root = shape.root
        let parts = AlignedBuffer<Double>(count: tiles.count)
        let threads = count < 512 ? 1 : threads
        let (morton, points, count, dimensions, cells, freedom) = (morton, points, count, dimensions, cells, freedom)
        parallelFor(tiles.count, threads: threads, grain: 4) { range in
            var tree = TsneTree(
                points: (
                    UnsafePointer(points[0].base), UnsafePointer(points[1].base), UnsafePointer(points[2].base)
                ),
                order: UnsafePointer(morton.order.base), count: count, dimensions: dimensions, freedom: freedom,
                hasCells: root != nil, nodes: cells?.nodes ?? TsneNodes(),
                root: UInt32(truncatingIfNeeded: root ?? 0))
            for tile in range {
                parts.base[tile] = kernels.tsne_repulsion(&tree, tiles[tile].first, tiles[tile].count, forces.base)
            }
        }
        var total = 0.0
        for tile in 0..<tiles.count { total += parts.base[tile] }
        return total
    }
}
