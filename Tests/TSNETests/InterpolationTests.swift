import CVectorKernels
import Foundation
import LinearAlgebra
import Testing

@testable import TSNE

struct InterpolationTests {
    /// Positions in a box, the repulsion of all pairs in double precision, and Z.
    struct Sample {
        let positions: AlignedBuffer<Float>
        var box = Box(low: SIMD3(repeating: .infinity))
        var forces: [Double] = []
        var z = 0.0
        let count: Int

        init(_ count: Int, width: Float, height: Float) {
            self.count = count
            var generator = Philox(seed: 5)
            positions = AlignedBuffer(count: 2 * count)
            for i in 0..<count {
                // Denser in the middle.
                let (x, y) = (generator.nextUniform() - 0.5, generator.nextUniform() - 0.5)
                positions.base[2 * i] = x * width * abs(generator.nextUniform() + 0.05)
                positions.base[2 * i + 1] = y * height
            }
            var high = SIMD3<Float>(repeating: -.infinity)
            for i in 0..<count {
                let point = SIMD3(positions.base[2 * i], positions.base[2 * i + 1], 0)
                box.low = pointwiseMin(box.low, point)
                high = pointwiseMax(high, point)
                var force = SIMD2<Double>()
                for j in 0..<count where j != i {
                    let delta = SIMD2(
                        Double(point.x) - Double(positions.base[2 * j]),
                        Double(point.y) - Double(positions.base[2 * j + 1]))
                    let q = 1 / (1 + (delta * delta).sum())
                    z += q
                    force += q * q * delta
                }
                forces += [force.x, force.y]
            }
            box.size = high - box.low
        }

        /// The error of forces in the mean square, relative to the true ones.
        func error(_ found: UnsafeMutablePointer<Float>) -> Double {
            var difference = 0.0
            var total = 0.0
            for i in 0..<2 * count {
                difference += (Double(found[i]) - forces[i]) * (Double(found[i]) - forces[i])
                total += forces[i] * forces[i]
            }
            return (difference / total).squareRoot()
        }
    }

    /// The bound of the grid's error: 4 % for nodes 0.5 apart (θ = 0.5, as the tree), 0.2 % for 0.25; with near fields
    /// 1.5 % and 0.5 % (θ = 0.5 and 0.25). Z within 1e-3 and 1e-4. Every level's kernels, square and oblong maps,
    /// transforms of all radices.
    @Test(
        arguments: TsneKernelTests.levels.indices,
        [(60, 60), (75, 20), (10, 70), (4, 3)] as [(Float, Float)])
    func gridIsCloseToAllPairs(level: Int, size: (width: Float, height: Float)) throws {
        let sample = Sample(1500, width: size.width, height: size.height)
        let layouts: [(spacing: Float, reach: Float, bound: Double, zBound: Double)] = [
            (0.5, 0, 0.04, 1e-3), (0.25, 0, 0.002, 1e-4), (1, 2.5, 0.015, 1e-3), (0.7, 2.5, 0.005, 1e-4),
        ]
        let grid = InterpolationGrid(
            count: 1500, theta: 0.5, freedom: 1, threads: 2, kernels: TsneKernelTests.levels[level])
        for (spacing, reach, bound, zBound) in layouts where reach == 0 || sample.box.extent > 40 {
            let layout = try #require(grid.layout(sample.box, spacing: spacing, reach: reach))
            let found = AlignedBuffer<Float>(count: 3000)
            let z = grid.convolve(sample.positions, box: sample.box, layout: layout, forces: found)
            grid.gather(sample.positions.base, count: 1500, into: found.base)
            #expect(sample.error(found.base) < bound)
            #expect(abs(z / sample.z - 1) < zBound)
        }
    }

    /// Small maps are as exact as Floats are, at any scale; the forces' sum is then their Laplacian's.
    @Test(arguments: [1e-25, 1e-12, 1e-4, 0.3] as [Float]) func smallMapsAreExact(scale: Float) throws {
        let sample = Sample(500, width: scale, height: scale)
        let grid = InterpolationGrid(count: 500, theta: 0.5, freedom: 1, threads: 1)
        let layout = try #require(grid.layout(sample.positions, box: sample.box)).layout
        let found = AlignedBuffer<Float>(count: 1000)
        let z = grid.convolve(sample.positions, box: sample.box, layout: layout, forces: found)
        grid.gather(sample.positions.base, count: 500, into: found.base)
        #expect(sample.error(found.base) < 2e-4)
        #expect(abs(z / sample.z - 1) < 1e-5)
    }

    /// A grid that is used again, with another layout or the old one, forgets what was on it.
    @Test func gridForgets() throws {
        let large = Sample(400, width: 40, height: 50)
        let small = Sample(400, width: 30, height: 20)
        let used = InterpolationGrid(count: 400, theta: 0.5, freedom: 1, threads: 2)
        func forces(_ grid: InterpolationGrid, _ sample: Sample, _ reach: Float) throws -> [Float] {
            let layout = try #require(grid.layout(sample.box, spacing: reach > 0 ? 1 : 0.5, reach: reach))
            let found = AlignedBuffer<Float>(count: 800)
            _ = grid.convolve(sample.positions, box: sample.box, layout: layout, forces: found)
            grid.gather(sample.positions.base, count: 400, into: found.base)
            return (0..<800).map { found.base[$0] }
        }
        let uses: [(Sample, Float)] = [
            (large, 0), (small, 0), (small, 2.5), (small, 0), (large, 2.5), (large, 0),
        ]
        for (sample, reach) in uses {
            let fresh = InterpolationGrid(count: 400, theta: 0.5, freedom: 1, threads: 1)
            #expect(try forces(used, sample, reach) == forces(fresh, sample, reach))
        }
    }

    @Test func transformLengthsAreCloseTogether() {
        let lengths = FourierTables.lengths
        #expect(lengths.first == 64 && (lengths.last ?? 0) > 7900)
        for (a, b) in zip(lengths, lengths.dropFirst()) {
            #expect(b % 2 == 0 && Double(b) < 1.13 * Double(a))
            #expect(FourierTables.radices(of: b)?.reduce(1, *) == b)
        }
        #expect(FourierTables.radices(of: 14) == nil)
    }

    /// `auto` sums few points by pairs, many on the grid, what is too wide for it by the tree; 0 is always exact.
    @Test func automaticMethod() {
        func uses(
            _ count: Int, width: Float, dimensions: Int = 2, theta: Double = 0.5,
            method: BarnesHutTsne.Configuration.Method = .auto
        ) -> Repulsion.Uses {
            let map = uniformMap(count, dimensions: dimensions, width: width)
            let stride = dimensions == 2 ? 2 : 4
            let positions = AlignedBuffer<Float>(count: count * stride)
            for i in 0..<count { for d in 0..<dimensions { positions.base[i * stride + d] = map[i, d] } }
            let repulsion = Repulsion(
                count: count, dimensions: dimensions, method: method, theta: theta, threads: 2)
            var box = Box(low: SIMD3(repeating: -width / 2), size: SIMD3(repeating: width))
            if dimensions == 2 { (box.low.z, box.size.z) = (0, 0) }
            #expect(repulsion.prepare(positions, box: box) > 0)
            return repulsion.uses
        }
        #expect(uses(300, width: 30) == .init(exact: 1))
        #expect(uses(9000, width: 80) == .init(grid: 1))
        #expect(uses(9000, width: 80, theta: 0) == .init(exact: 1))
        #expect(uses(30_000, width: 80, theta: 0.1) == .init(tree: 1))
        #expect(uses(9000, width: 80, method: .barnesHut) == .init(tree: 1))
        #expect(uses(300, width: 30, method: .interpolation) == .init(grid: 1))
        #expect(uses(600, width: 80) == .init(exact: 1))
        #expect(uses(600, width: 80, dimensions: 3) == .init(exact: 1))
        #expect(uses(2000, width: 80, dimensions: 3) == .init(tree: 1))
        #expect(uses(9000, width: 80, dimensions: 3) == .init(tree: 1))
        #expect(uses(9000, width: 2e4) == .init(tree: 1))
        #expect(uses(9000, width: 1e6, method: .interpolation) == .init(tree: 1))
    }
}
