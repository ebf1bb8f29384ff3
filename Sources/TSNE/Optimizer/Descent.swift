internal import CVectorKernels
package import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The state of the gradient descent, and one step of it.
///
/// The points are numbered anew now and then in the order of the tree, so that neighbours on the map are neighbours in
/// memory. Work is cut in fixed pieces whose sums are added in order: the same bytes at any number of threads.
package final class Descent {
    package let count: Int
    package let dimensions: Int
    private let threads: Int
    let stride: Int
    private let adaGrad: Bool
    private let repulsion: Repulsion
    private let attraction: Attraction
    /// Memory for the next renumbering.
    private var spare: (original: AlignedBuffer<UInt32>, floats: AlignedBuffer<Float>)
    /// Number in the input of each point.
    private(set) var original: AlignedBuffer<UInt32>
    /// 2 floats a point in 2-D, 4 in 3-D, as all arrays of the state.
    private(set) var positions: AlignedBuffer<Float>
    private(set) var velocity: AlignedBuffer<Float>
    /// Gains, or AdaGrad's sums of squares.
    private(set) var memory: AlignedBuffer<Float>
    private var box = Box()
    /// Mean of the positions: the next step takes it away.
    private var mean = SIMD4<Float>()
    /// Points in a piece of the passes over all rows.
    private static let rowGrain = 128
    private static let lightGrain = 4096
    /// No point moves further in one step.
    static let maxStepNorm: Float = 5

    package init(
        _ affinities: SparseAffinities, layout: Matrix, method: BarnesHutTsne.Configuration.Method = .barnesHut,
        theta: Double, freedom: Double = 1, adaGrad: Bool, threads: Int
    ) {
        count = layout.rows
        dimensions = layout.columns
        stride = dimensions == 2 ? 2 : 4
        self.threads = threads
        attraction = Attraction(
            affinities, dimensions: layout.columns, freedom: Float(freedom), isExact: theta == 0 || method == .exact,
            threads: threads)
        self.adaGrad = adaGrad
        repulsion = Repulsion(
            count: count, dimensions: dimensions, method: method, theta: theta, freedom: freedom, threads: threads)
        original = AlignedBuffer(count: count)
        positions = AlignedBuffer(count: count * stride)
        velocity = AlignedBuffer(count: count * stride)
        memory = AlignedBuffer(count: count * stride)
        spare = (AlignedBuffer(count: count), AlignedBuffer(count: count * stride))
        for i in 0..<count {
            original.base[i] = UInt32(truncatingIfNeeded: i)
            for d in 0..<dimensions { positions.base[i * stride + d] = layout[i, d] }
        }
        if !adaGrad { for i in 0..<count * stride { memory.base[i] = 1 } }
        centre()
    }

    /// How often each way of summing the repulsion was taken.
    var uses: Repulsion.Uses { repulsion.uses }

    /// Threads for passes with little work.
    private var light: Int { count < 8192 ? 1 : threads }
    private var heavy: Int { count < 512 ? 1 : threads }

    /// Moves the mean to 0 and measures the extent.
    private func centre() {
        guard measure() else { return }
        for i in 0..<count { for d in 0..<dimensions { positions.base[i * stride + d] -= mean[d] } }
        _ = measure()
    }

    /// Measures the box around the points and their mean.
    /// - Returns: whether all positions are finite.
    private func measure() -> Bool {
        let (positions, stride, dimensions) = (positions, stride, dimensions)
        return take(
            parallelMap(count, threads: light, grain: Self.rowGrain) { range in
                kernels.tsne_move(
                    positions.base + range.lowerBound * stride, nil, nil, dimensions, range.count, nil)
            })
    }

    /// Takes the extents of all pieces; enlarges a map that has become very small.
    /// - Returns: whether all positions are finite.
    private func take(_ extents: [TsneExtent]) -> Bool {
        var sum = SIMD4<Double>()
        var low = SIMD4<Float>(repeating: .infinity)
        var high = -low
        for extent in extents {
            func vector(_ v: (Float, Float, Float, Float)) -> SIMD4<Float> { SIMD4(v.0, v.1, v.2, v.3) }
            sum += SIMD4<Double>(vector(extent.sum))
            low = pointwiseMin(low, vector(extent.low))
            high = pointwiseMax(high, vector(extent.high))
        }
        mean = SIMD4<Float>(sum / Double(max(1, count)))
        box = Box(low: SIMD3(low.x, low.y, low.z))
        for d in 0..<dimensions { box.size[d] = max(0, high[d] - low[d]) }
        guard mean.x.isFinite, mean.y.isFinite, mean.z.isFinite, box.extent.isFinite else { return false }
        enlarge()
        return true
    }

    /// Maps smaller than this are enlarged.
    static let leastExtent: Float = 0x1p-40

    /// Early exaggeration can shrink a small map without end (to 1e-36 and less), until its coordinates are no longer
    /// normal floats. Below an extent of 1e-12 the forces are linear in the coordinates and the gains depend on signs
    /// alone, so a map times a power of two goes the same way; it only has a shorter way back. AdaGrad's steps do not
    /// shrink with the map.
    private func enlarge() {
        guard !adaGrad, box.extent > 0, box.extent < Self.leastExtent else { return }
        let factor = Float(sign: .plus, exponent: Int(Self.leastExtent.exponent - box.extent.exponent), significand: 1)
        for i in 0..<count * stride {
            positions.base[i] *= factor
            velocity.base[i] *= factor
        }
        mean *= factor
        box.low *= factor
        box.size *= factor
    }

    /// Numbers the points in tree order. Call it before a step or a gradient.
    package func renumber() {
        let order = repulsion.order(positions, box: box)
        for i in 0..<count { spare.original.base[i] = original.base[Int(order.base[i])] }
        swap(&spare.original, &original)
        attraction.renumber(order, original: original)
        let stride = stride
        for path in [\Descent.positions, \Descent.velocity, \Descent.memory] {
            let old = self[keyPath: path]
            let new = spare.floats
            parallelFor(count, threads: light, grain: Self.lightGrain) { range in
                for i in range {
                    for d in 0..<stride { new.base[i * stride + d] = old.base[Int(order.base[i]) * stride + d] }
                }
            }
            self[keyPath: path] = new
            spare.floats = old
        }
    }

    /// Kullback-Leibler divergence without exaggeration, from Σ p·ln(1 + d²) and Z, both at the same positions.
    private func divergence(score: Double, z: Double) -> Double {
        max(0, attraction.negativeEntropy + score + log(z))
    }

    /// One step.
    /// - Parameters:
    ///   - withDivergence: whether the divergence before the step is wanted.
    ///   - observation: takes the gradient in force.
    /// - Returns: the divergence (`nil` when not wanted), and whether all positions are finite numbers.
    package func step(
        _ options: StepOptions, withDivergence: Bool, observation: DescentObservation? = nil
    ) -> (divergence: Double?, finite: Bool) {
        let z = repulsion.prepare(positions, box: box)
        var step = TsneStep()
        step.exaggeration = Float(options.exaggeration)
        step.inverseTotal = Float(1 / z)
        step.learningRate = Float(options.learningRate)
        step.momentum = Float(options.momentum)
        step.minGain = Float(options.minGain)
        step.maxStepNorm = Self.maxStepNorm
        step.adaGrad = options.adaGrad
        let constants = step
        let (positions, velocity, memory) = (positions, velocity, memory)
        nonisolated(unsafe) let repulsion = repulsion
        let (stride, dimensions) = (stride, dimensions)
        let attract = attraction.rows(at: positions)
        let gradient = observation?.gradient
        let next = spare.floats
        let mean = [mean.x, mean.y, mean.z, mean.w]
        let pieces = parallelMap(count, threads: heavy, grain: Self.rowGrain) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.rowGrain * 4) { attraction in
                guard let attraction = attraction.baseAddress else { return (score: 0.0, extent: TsneExtent()) }
                let score = attract(range, attraction, withDivergence)
                let from = range.lowerBound * stride
                let repelled = repulsion.gather(positions, range)
                if let gradient {
                    for i in 0..<range.count * stride {
                        gradient.base[from + i] =
                            constants.exaggeration * attraction[i]
                            - constants.inverseTotal * repelled[i]
                    }
                }
                withUnsafePointer(to: constants) { constants in
                    kernels.tsne_step(
                        constants, dimensions, range.count, attraction, repelled, velocity.base + from,
                        memory.base + from)
                }
                let extent = kernels.tsne_move(
                    positions.base + from, velocity.base + from, mean, dimensions, range.count, next.base + from)
                return (score, extent)
            }
        }
        swap(&self.positions, &spare.floats)
        let finite = take(pieces.map(\.extent))
        return (withDivergence ? divergence(score: pieces.reduce(0) { $0 + $1.score }, z: z) : nil, finite)
    }

    /// The divergence at the present positions.
    package func divergence() -> Double {
        divergence(
            score: attraction(into: AlignedBuffer<Float>(count: count * stride)),
            z: repulsion.prepare(positions, box: box))
    }

    private func attraction(into forces: AlignedBuffer<Float>) -> Double {
        let attract = attraction.rows(at: positions)
        let stride = stride
        return parallelMap(count, threads: heavy, grain: Self.rowGrain) { range in
            attract(range, forces.base + range.lowerBound * stride, true)
        }.reduce(0, +)
    }

    /// A quarter of the gradient of the divergence (van der Maaten 2014, eq. 5 without its factor 4), in the order of
    /// the input, with the attraction times `exaggeration`; and the divergence.
    package func gradient(exaggeration: Double = 1) -> (gradient: Matrix, divergence: Double) {
        let z = repulsion.prepare(positions, box: box)
        let repelled = repulsion.gather(positions, 0..<count)
        let forces = AlignedBuffer<Float>(count: count * stride)
        let score = attraction(into: forces)
        var result = Matrix(rows: count, columns: dimensions)
        for i in 0..<count {
            for d in 0..<dimensions {
                let place = i * stride + d
                result[Int(original.base[i]), d] = Float(
                    exaggeration * Double(forces.base[place]) - Double(repelled[place]) / z)
            }
        }
        return (result, divergence(score: score, z: z))
    }

    /// All that a later descent needs to go on, besides the affinities.
    struct State: Sendable, Equatable {
        /// Number in the input of each point.
        var original: [UInt32]
        /// Laid out as in the descent, in its order.
        var positions: [Float]
        var velocity: [Float]
        var memory: [Float]
    }

    /// The state, or in a descent just made the one to go on from.
    var state: State {
        get {
            func list<T>(_ buffer: AlignedBuffer<T>) -> [T] { (0..<buffer.count).map { buffer.base[$0] } }
            return State(
                original: list(original), positions: list(positions), velocity: list(velocity), memory: list(memory))
        }
        set {
            for i in 0..<count { original.base[i] = newValue.original[i] }
            for i in 0..<count * stride {
                positions.base[i] = newValue.positions[i]
                velocity.base[i] = newValue.velocity[i]
                memory.base[i] = newValue.memory[i]
            }
            attraction.renumber(original, original: original)
            _ = measure()
        }
    }

    /// Forgets AdaGrad's sums, so that a new phase starts with full steps.
    package func forget() {
        for i in 0..<count * stride { memory.base[i] = 0 }
    }

    /// The map in the order of the input, its mean at 0.
    package var coordinates: Matrix {
        var elements = [Float](repeating: 0, count: count * dimensions)
        for i in 0..<count {
            let row = Int(original.base[i]) * dimensions
            for d in 0..<dimensions { elements[row + d] = positions.base[i * stride + d] - mean[d] }
        }
        return Matrix(rows: count, columns: dimensions, elements: elements)
    }
}

/// The options of one step of the descent.
package struct StepOptions: Sendable {
    package var exaggeration: Double
    package var learningRate: Double
    package var momentum: Double
    package var minGain: Double
    package var adaGrad: Bool
}
