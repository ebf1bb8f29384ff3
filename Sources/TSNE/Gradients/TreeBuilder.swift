internal import CVectorKernels
internal import LinearAlgebra

/// A run of points in tree order that one call of the repulsion kernel takes.
struct Tile: Sendable {
    var first: Int
    var count: Int
}

/// Builds the cells over points in Morton order, from the top down; part of a tree at a time.
///
/// A node is the smallest cell that holds its points, so that chains of cells with one child are skipped and a tree
/// over m points has fewer than 2m nodes. Brothers lie side by side.
struct TreeBuilder {
    /// Points that a cell holds at most before it is divided.
    static let leafPoints = 8

    /// A subtree still to be built.
    struct Job: Sendable {
        var node: Int
        var first: Int
        var count: Int
    }

    let keys: UnsafePointer<UInt64>
    let points: [UnsafePointer<Float>]
    let nodes: UnsafeMutablePointer<TsneNode>
    let dimensions: Int
    let depth: Int
    /// Width of the whole, over θ.
    let scaledExtent: Float
    /// Where the next nodes go.
    var free: Int
    /// Tiles of the points so far.
    var tiles: [Tile] = []
    private var lastTileParent = -1

    init(
        keys: UnsafePointer<UInt64>, points: [UnsafePointer<Float>], nodes: UnsafeMutablePointer<TsneNode>,
        dimensions: Int, scaledExtent: Float, free: Int
    ) {
        self.keys = keys
        self.points = points
        self.nodes = nodes
        self.dimensions = dimensions
        self.depth = MortonOrder.depth(dimensions: dimensions)
        self.scaledExtent = scaledExtent
        self.free = free
    }

    /// Builds the subtree of a job, and its tiles.
    mutating func build(_ job: Job) {
        build(node: job.node, first: job.first, count: job.count, parent: -1, inTile: false)
    }

    private mutating func build(node: Int, first: Int, count: Int, parent: Int, inTile: Bool) {
        var inTile = inTile
        if !inTile, count <= Int(TSNE_TILE_POINTS) {
            addTile(first: first, count: count, parent: parent)
            inTile = true
        }
        let level = level(first: first, count: count)
        if count <= Self.leafPoints || level == depth {
            setLeaf(node: node, first: first, count: count, level: level)
            if !inTile {
                for from in stride(from: first, to: first + count, by: Int(TSNE_TILE_POINTS)) {
                    addTile(first: from, count: min(Int(TSNE_TILE_POINTS), first + count - from), parent: -1)
                }
            }
            return
        }
        let children = divide(node: node, first: first, count: count, level: level)
        for child in children {
            build(
                node: child.node, first: child.first, count: child.count, parent: node,
                inTile: inTile)
        }
        setCentre(node: node)
    }

    /// Makes small brothers one tile as long as it is not too large.
    private mutating func addTile(first: Int, count: Int, parent: Int) {
        if let last = tiles.last, parent >= 0, lastTileParent == parent, last.first + last.count == first,
            last.count + count <= Int(TSNE_TILE_POINTS)
        {
            tiles[tiles.count - 1].count += count
        } else {
            tiles.append(Tile(first: first, count: count))
        }
        lastTileParent = parent
    }

    /// Level of the smallest cell that holds the points; 0 is the whole.
    func level(first: Int, count: Int) -> Int {
        let differing = keys[first] ^ keys[first + count - 1]
        if differing == 0 { return depth }
        let highest = 63 - differing.leadingZeroBitCount
        return depth - 1 - highest / dimensions
    }

    /// Allots a node's children and links them.
    mutating func divide(node: Int, first: Int, count: Int, level: Int) -> [Job] {
        let shift = UInt64((depth - 1 - level) * dimensions)
        let end = first + count
        var children: [Job] = []
        children.reserveCapacity(8)
        var from = first
        while from < end {
            let cell = keys[from] >> shift
            // First key of another cell.
            var low = from + 1
            var high = end
            while low < high {
                let middle = (low + high) / 2
                if keys[middle] >> shift == cell { low = middle + 1 } else { high = middle }
            }
            children.append(Job(node: free + children.count, first: from, count: low - from))
            from = low
        }
        let width = scaledExtent / Float(1 << level)
        nodes[node] = TsneNode(
            centre: (0, 0, 0), limit: width * width, child: UInt32(truncatingIfNeeded: free),
            children: UInt32(truncatingIfNeeded: children.count),
            first: UInt32(truncatingIfNeeded: first), count: UInt32(truncatingIfNeeded: count))
        free += children.count
        return children
    }

    /// The mean of a node's children, which are done.
    func setCentre(node: Int) {
        var sums = SIMD3<Double>()
        let first = Int(nodes[node].child)
        for child in first..<first + Int(nodes[node].children) {
            let part = nodes[child]
            let centre = SIMD3(Double(part.centre.0), Double(part.centre.1), Double(part.centre.2))
            sums += centre * Double(part.count)
        }
        sums /= Double(nodes[node].count)
        nodes[node].centre = (Float(sums.x), Float(sums.y), Float(sums.z))
    }

    private func setLeaf(node: Int, first: Int, count: Int, level: Int) {
        var sums = SIMD3<Double>()
        var identical = count > 1
        for i in first..<first + count {
            for d in 0..<dimensions {
                sums[d] += Double(points[d][i])
                if points[d][i] != points[d][first] { identical = false }
            }
        }
        sums /= Double(count)
        let width = scaledExtent / Float(1 << level)
        // The mean of identical points is that point: the sum of fewer than 2^29 equal floats is exact in a double.
        nodes[node] = TsneNode(
            centre: (Float(sums.x), Float(sums.y), Float(sums.z)), limit: identical ? -1 : width * width,
            child: 0, children: 0, first: UInt32(truncatingIfNeeded: first),
            count: UInt32(truncatingIfNeeded: count))
    }
}
