internal import CVectorKernels
internal import LinearAlgebra

/// A run of points in tree order that one call of the repulsion kernel takes.
struct Tile: Sendable {
    var first: Int
    var count: Int
}

/// The fields of a tree's cells, as `TsneNodes`.
struct CellArrays: Sendable {
    let centre: [AlignedBuffer<Float>]
    let limit: AlignedBuffer<Float>
    let child: AlignedBuffer<UInt32>
    let children: AlignedBuffer<UInt32>
    let first: AlignedBuffer<UInt32>
    let count: AlignedBuffer<UInt32>

    init(count cells: Int) {
        // The kernel reads four cells at a time.
        func array<T>() -> AlignedBuffer<T> { AlignedBuffer(count: cells + 4) }
        centre = [array(), array(), array()]
        (limit, child, children, first, count) = (array(), array(), array(), array(), array())
    }

    var nodes: TsneNodes {
        TsneNodes(
            centre: (centre[0].base, centre[1].base, centre[2].base), limit: limit.base, child: child.base,
            children: children.base, first: first.base, count: count.base)
    }
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
    let cells: CellArrays
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
        keys: UnsafePointer<UInt64>, points: [UnsafePointer<Float>], cells: CellArrays, dimensions: Int,
        scaledExtent: Float, free: Int
    ) {
        self.keys = keys
        self.points = points
        self.cells = cells
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
        for child in divide(node: node, first: first, count: count, level: level) {
            build(
                node: child, first: Int(cells.first.base[child]), count: Int(cells.count.base[child]), parent: node,
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

    /// Allots a node's children, links them and gives each its points.
    /// - Returns: the children.
    mutating func divide(node: Int, first: Int, count: Int, level: Int) -> Range<Int> {
        let shift = UInt64((depth - 1 - level) * dimensions)
        let end = first + count
        let child = free
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
            setPoints(node: free, first: from, count: low - from)
            free += 1
            from = low
        }
        setPoints(node: node, first: first, count: count)
        let width = scaledExtent / Float(1 << level)
        cells.limit.base[node] = width * width
        cells.child.base[node] = UInt32(truncatingIfNeeded: child)
        cells.children.base[node] = UInt32(truncatingIfNeeded: free - child)
        return child..<free
    }

    private func setPoints(node: Int, first: Int, count: Int) {
        cells.first.base[node] = UInt32(truncatingIfNeeded: first)
        cells.count.base[node] = UInt32(truncatingIfNeeded: count)
    }

    /// The mean of a node's children, which are done.
    func setCentre(node: Int) {
        let first = Int(cells.child.base[node])
        let children = first..<first + Int(cells.children.base[node])
        for d in 0..<dimensions {
            let centre = cells.centre[d].base
            var sum = 0.0
            for child in children { sum += Double(centre[child]) * Double(cells.count.base[child]) }
            centre[node] = Float(sum / Double(cells.count.base[node]))
        }
    }

    private func setLeaf(node: Int, first: Int, count: Int, level: Int) {
        var identical = count > 1
        for d in 0..<dimensions {
            let own = points[d] + first
            let one = own[0]
            var sum = 0.0
            for i in 0..<count {
                sum += Double(own[i])
                identical = identical && own[i] == one
            }
            // The mean of identical points is that point: the sum of fewer than 2^29 equal floats is exact in a double.
            cells.centre[d].base[node] = Float(sum / Double(count))
        }
        let width = scaledExtent / Float(1 << level)
        cells.limit.base[node] = identical ? -1 : width * width
        cells.child.base[node] = 0
        cells.children.base[node] = 0
        setPoints(node: node, first: first, count: count)
    }
}
