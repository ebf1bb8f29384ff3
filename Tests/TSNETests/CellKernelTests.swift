import CVectorKernels
import LinearAlgebra
import Testing

/// Each level's walk over the cells against a plain one.
struct CellKernelTests {
    /// A root over 2 to 8 children, each over as many leaves of 5 points. About a third of the cells is taken as one.
    @Test(arguments: [2, 3], [2, 3, 4, 5, 8]) func repulsionOfCells(dimensions: Int, children: Int) {
        var generator = Philox(seed: UInt64(dimensions * 10 + children))
        let points = 5 * children * children
        let cells = 1 + children + children * children
        func floats(_ count: Int) -> AlignedBuffer<Float> { AlignedBuffer(count: count) }
        func numbers(_ count: Int) -> AlignedBuffer<UInt32> { AlignedBuffer(count: count) }
        // The kernels read some numbers behind the end.
        let at = (0..<3).map { _ in floats(points + 16) }
        let order = numbers(points)
        for i in 0..<points {
            for d in 0..<dimensions { at[d].base[i] = generator.nextUniform() * 6 }
            order.base[i] = UInt32(points - 1 - i)
        }
        let centre = (0..<3).map { _ in floats(cells + 4) }
        let limit = floats(cells + 4)
        let (child, number, first, count) = (
            numbers(cells + 4), numbers(cells + 4), numbers(cells + 4), numbers(cells + 4)
        )
        for node in 0..<cells {
            let leaf = node > children
            let size = node == 0 ? points : leaf ? 5 : 5 * children
            let from = node == 0 ? 0 : leaf ? 5 * (node - 1 - children) : 5 * children * (node - 1)
            (first.base[node], count.base[node]) = (UInt32(from), UInt32(size))
            child.base[node] = UInt32(leaf ? 0 : node == 0 ? 1 : 1 + children * node)
            number.base[node] = UInt32(leaf ? 0 : children)
            // Centres lie far outside of the points, so that it shows whether a cell or its points were taken.
            for d in 0..<dimensions { centre[d].base[node] = 9 + generator.nextUniform() }
            limit.base[node] = generator.next32() % 3 == 0 ? 0 : .infinity
        }
        limit.base[0] = .infinity

        var sources: [(place: [Double], mass: Double)] = []
        func collect(_ node: Int) {
            let from = Int(first.base[node])
            if from > 0, limit.base[node] == 0 {
                sources.append((centre.map { Double($0.base[node]) }, Double(count.base[node])))
            } else if number.base[node] > 0 {
                let from = Int(child.base[node])
                for next in from..<from + children { collect(next) }
            } else {
                for i in from..<from + Int(count.base[node]) { sources.append((at.map { Double($0.base[i]) }, 1)) }
            }
        }
        collect(0)
        #expect(sources.contains { $0.mass > 1 })
        #expect(sources.filter { $0.mass == 1 }.count > 5)

        let stride = dimensions == 2 ? 2 : 4
        for kernels in TsneKernelTests.levels {
            let forces = floats(points * stride)
            var tree = TsneTree()
            tree.points = (UnsafePointer(at[0].base), UnsafePointer(at[1].base), UnsafePointer(at[2].base))
            tree.order = UnsafePointer(order.base)
            (tree.count, tree.dimensions, tree.freedom, tree.hasCells) = (points, dimensions, 1, true)
            tree.nodes = TsneNodes(
                centre: (centre[0].base, centre[1].base, centre[2].base), limit: limit.base, child: child.base,
                children: number.base, first: first.base, count: count.base)
            // The tile is the first leaf.
            let z = kernels.tsne_repulsion(&tree, 0, 5, forces.base)
            var total = 0.0
            for i in 0..<5 {
                var expected = [Double](repeating: 0, count: dimensions)
                for source in sources {
                    let delta = (0..<dimensions).map { Double(at[$0].base[i]) - source.place[$0] }
                    let square = delta.reduce(0) { $0 + $1 * $1 }
                    guard square > 0 else { continue }
                    let w = 1 / (1 + square)
                    total += source.mass * w
                    for d in 0..<dimensions { expected[d] += source.mass * w * w * delta[d] }
                }
                for d in 0..<dimensions {
                    #expect(
                        abs(Double(forces.base[(points - 1 - i) * stride + d]) - expected[d]) < 1e-5 * Double(points))
                }
            }
            #expect(abs(z - total) < 1e-5 * (1 + total))
        }
    }
}
