import Foundation
import LinearAlgebra
import NearestNeighbors
import Synchronization
import TSNE
import Testing
import Training

struct BarnesHutTsneTests {
    /// The chain of Deeplearning4j's page.
    @Test func builderChain() throws {
        let tsne = BarnesHutTsne.Builder().setMaxIter(1000).stopLyingIteration(250).learningRate(500)
            .useAdaGrad(false).theta(0.5).setMomentum(0.5).normalize(true).usePca(false).build()
        #expect(tsne.configuration.maxIterations == 1000 && tsne.configuration.learningRate == 500)
        let map = try tsne.fit(clusters(100))
        #expect(map.coordinates.rows == 100 && map.coordinates.columns == 2 && map.iterations == 1000)
    }

    static let setters: [(String, @Sendable (BarnesHutTsne.Builder) -> BarnesHutTsne.Builder)] = [
        ("setMaxIter", { $0.setMaxIter(61) }),
        ("stopLyingIteration", { $0.stopLyingIteration(30) }),
        ("learningRate", { $0.learningRate(100) }),
        ("useAdaGrad", { $0.useAdaGrad(true) }),
        ("theta", { $0.theta(0.4) }),
        ("theta 0", { $0.theta(0) }),
        ("method interpolation", { $0.method(.interpolation) }),
        ("method exact", { $0.method(.exact) }),
        ("setMomentum", { $0.setMomentum(0.6) }),
        ("setFinalMomentum", { $0.setFinalMomentum(0.7) }),
        ("setSwitchMomentumIteration", { $0.setSwitchMomentumIteration(30) }),
        ("usePca", { $0.usePca(true) }),
        ("perplexity", { $0.perplexity(12) }),
        ("minGain", { $0.minGain(0.9) }),
        ("numDimension", { $0.numDimension(3) }),
        ("staticInitialLayout", { $0.staticInitialLayout(uniformMap(300, dimensions: 2, width: 1e-3)) }),
        ("seed", { $0.seed(2) }),
        ("similarityFunction", { $0.similarityFunction(.cosine) }),
        ("initialization", { $0.initialization(.random) }),
    ]

    @Test(arguments: setters.indices) func everySetterChangesTheMap(index: Int) throws {
        let data = clusters(300, columns: 60)
        let base = BarnesHutTsne.Builder().setMaxIter(60).stopLyingIteration(20).setSwitchMomentumIteration(20)
            .perplexity(20).method(.barnesHut)
        let before = try base.build().fit(data)
        let after = try Self.setters[index].1(base).build().fit(data)
        #expect(before.coordinates != after.coordinates, "\(Self.setters[index].0)")
    }

    /// Under the cosine distance normalising changes the map; under the Euclidean one it must not.
    @Test func normalizeSetter() throws {
        let data = clusters(300)
        let base = BarnesHutTsne.Builder().setMaxIter(60).stopLyingIteration(20).perplexity(20)
        let on = base.normalize(true).build()
        let off = base.normalize(false).build()
        #expect(try on.fit(data, metric: .cosine).coordinates != off.fit(data, metric: .cosine).coordinates)
        #expect(try on.fit(data).coordinates == off.fit(data).coordinates)
    }

    static let kinds: [(dimensions: Int, method: BarnesHutTsne.Configuration.Method)] = [
        (2, .interpolation), (2, .barnesHut), (3, .barnesHut),
    ]

    @Test(arguments: kinds, [1, 3])
    func sameBytesAtAnyNumberOfThreads(
        kind: (dimensions: Int, method: BarnesHutTsne.Configuration.Method), threads: Int
    ) throws {
        // More points than the largest pieces of work.
        let data = clusters(9000, columns: 5)
        func map(_ threads: Int) throws -> Embedding {
            try BarnesHutTsne(
                configuration: configuration(55) {
                    $0.dimensions = kind.dimensions
                    $0.method = kind.method
                    $0.perplexity = 5
                    $0.threads = threads
                }
            ).fit(data)
        }
        let one = try map(2)
        let other = try map(threads)
        #expect(one.coordinates == other.coordinates)
        #expect(one.klDivergence == other.klDivergence && one.neighborsKept == other.neighborsKept)
    }

    // openTSNE 1.0.4 on clusters(600):
    //   openTSNE.TSNE(perplexity=30, early_exaggeration=12, learning_rate=200, random_state=s, neighbors='exact',
    //                 negative_gradient_method='bh', theta=0.5).fit(x).kl_divergence
    //   for s = 1, 2, 3 (750 iterations in all): 0.5411, 0.5449, 0.5491
    @Test func divergenceIsThatOfOpenTSNE() throws {
        let map = try BarnesHutTsne(configuration: configuration(750) { $0.stopLyingIteration = 250 })
            .fit(clusters(600))
        #expect(map.klDivergence > 0.50 && map.klDivergence < 0.5491 * 1.02)
        #expect(try #require(map.neighborsKept) > 0.3)
    }

    /// A permutation of the points leaves the final divergence where it was, whatever the method, on a sheet: points
    /// whose divergence has one minimum. Where there are many, as with islands or pure noise, the noise of the start
    /// decides among them: five permutations of 700 points of noise differ by up to 0.7 %, with all pairs summed exactly.
    @Test(arguments: [BarnesHutTsne.Configuration.Method.exact, .barnesHut, .interpolation])
    func permutationKeepsTheDivergence(method: BarnesHutTsne.Configuration.Method) throws {
        let count = 700
        let places = Initialization.random(count: count, dimensions: 2, scale: 1, seed: 3)
        let axes = Initialization.random(count: 2, dimensions: 50, scale: 1, seed: 4)
        let noise = Initialization.random(count: count, dimensions: 50, scale: 0.02, seed: 5)
        func sheet(_ order: (Int) -> Int) -> Matrix {
            let rows = (0..<count).flatMap { row in
                let point = order(row)
                return (0..<50).map { column in
                    places[point, 0] * axes[0, column] + places[point, 1] * axes[1, column] + noise[point, column]
                }
            }
            return Matrix(rows: count, columns: 50, elements: rows)
        }
        let options = configuration(750) {
            $0.method = method
            $0.stopLyingIteration = 250
        }
        let one = try BarnesHutTsne(configuration: options).fit(sheet { $0 })
        let other = try BarnesHutTsne(configuration: options).fit(sheet { ($0 * 11) % count })
        #expect(abs(one.klDivergence / other.klDivergence - 1) < 0.003)
    }

    /// AdaGrad's automatic rate is good enough.
    @Test func adaGradIsWithinAQuarterOfTheDefault() throws {
        let data = clusters(600)
        let plain = try BarnesHutTsne().fit(data)
        let adaGrad = try BarnesHutTsne.Builder().useAdaGrad(true).build().fit(data)
        #expect(adaGrad.klDivergence < 1.25 * plain.klDivergence)
        let loud = try BarnesHutTsne.Builder().setMaxIter(5).useAdaGrad(true).learningRate(500).build().fit(data)
        #expect(loud.warnings.count == 1)
    }

    @Test(arguments: [0, 1, 2, 3]) func fewPointsHaveAFixedLayout(count: Int) throws {
        for dimensions in [2, 3] {
            let map = try BarnesHutTsne.Builder().numDimension(dimensions).build().fit(
                clusters(max(1, count)).prefix(rows: count))
            #expect(map.coordinates.rows == count && map.coordinates.columns == dimensions)
            #expect(Set((0..<count).map { Array(map.coordinates.row($0)) }).count == count)
            #expect(map.klDivergence.isNaN && map.neighborsKept == nil && map.warnings.count == 1)
        }
    }

    @Test(arguments: [4, 5, 11, 12, 40]) func perplexityIsLowered(count: Int) throws {
        let map = try BarnesHutTsne(configuration: configuration(100)).fit(clusters(count))
        #expect(map.perplexityUsed == Double(count - 1) / 3)
        #expect(map.warnings.count == 1 && map.warnings.first?.contains("perplexity") == true)
        #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
        #expect((map.neighborsKept == nil) == (count < 12))
        #expect(map.klDivergence >= 0)
    }

    static let hostile: [(String, @Sendable () -> Matrix)] = [
        ("all equal", { Matrix(rows: 300, columns: 4, elements: [Float](repeating: 0.5, count: 1200)) }),
        ("all zero", { Matrix(rows: 300, columns: 4) }),
        ("one column", { clusters(200, columns: 1) }),
        ("no column", { Matrix(rows: 50, columns: 0) }),
        (
            "half duplicates",
            {
                var data = clusters(300)
                for i in 0..<150 { for j in 0..<8 { data[i, j] = data[0, j] } }
                return data
            }
        ),
        (
            "huge",
            {
                var data = clusters(200)
                for i in data.elements.indices { data.elements[i] *= 1e37 }
                return data
            }
        ),
        (
            "tiny",
            {
                var data = clusters(200)
                for i in data.elements.indices { data.elements[i] *= 1e-37 }
                return data
            }
        ),
    ]

    @Test(arguments: hostile.indices, Metric.allCases) func hostileInputGivesAMap(index: Int, metric: Metric) throws {
        for initialization in BarnesHutTsne.Configuration.Initialization.allCases {
            let map = try BarnesHutTsne(configuration: configuration(120) { $0.initialization = initialization })
                .fit(Self.hostile[index].1(), metric: metric)
            #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
            #expect(map.klDivergence >= 0)
        }
    }

    @Test func namesThePlaceOfWhatIsNotFinite() {
        var data = clusters(50)
        data[31, 5] = .nan
        #expect(throws: TsneError.notFinite(row: 31, column: 5)) { try BarnesHutTsne().fit(data) }
    }

    /// A rate that is infinite as a Float leaves no numbers after the first step; a large one is obeyed, with a warning.
    @Test(arguments: [false, true]) func aRateBeyondAllBoundsIsNamed(adaGrad: Bool) throws {
        let builder = BarnesHutTsne.Builder().setMaxIter(20).useAdaGrad(adaGrad)
        #expect(throws: TsneError.notANumber(iteration: 0)) {
            try builder.learningRate(1e300).build().fit(clusters(100))
        }
        let map = try builder.learningRate(1e30).build().fit(clusters(100))
        #expect(map.coordinates.elements.allSatisfy { $0.isFinite })
        #expect(map.warnings.contains { $0.contains("learning rate") })
    }

    @Test func staticInitialLayoutMustFit() {
        let data = clusters(20)
        let shape = BarnesHutTsne.Builder().staticInitialLayout(Matrix(rows: 19, columns: 2)).build()
        #expect(throws: TsneError.invalidInitialLayout(expected: "20 x 2", found: "19 x 2")) { try shape.fit(data) }
        var layout = Matrix(rows: 20, columns: 2)
        layout[3, 1] = .infinity
        #expect(throws: TsneError.self) {
            try BarnesHutTsne.Builder().staticInitialLayout(layout).build().fit(data)
        }
        #expect(throws: Never.self) {
            try BarnesHutTsne.Builder().setMaxIter(50).staticInitialLayout(Matrix(rows: 20, columns: 2)).build().fit(
                data)
        }
    }

    @Test func optionsAreCheckedWhenTheWorkStarts() {
        let wrong: [BarnesHutTsne.Builder] = [
            .init().numDimension(4), .init().perplexity(0.5), .init().theta(-1), .init().setMaxIter(-1),
            .init().learningRate(0), .init().learningRate(.nan), .init().setMomentum(1), .init().threads(-1),
            .init().numDimension(3).method(.interpolation), .init().theta(0).method(.interpolation),
        ]
        for builder in wrong {
            let tsne = builder.build()
            #expect(throws: TsneError.self) { try tsne.fit(clusters(20)) }
        }
        #expect(throws: TsneError.invalidConfiguration(option: "theta", expected: "at least 0", found: "-1.0")) {
            try BarnesHutTsne.Builder().theta(-1).build().configuration.validate()
        }
    }

    @Test func configurationSurvivesJSON() throws {
        let value = configuration(77) { $0.learningRate = 12 }
        let copy = try JSONDecoder().decode(BarnesHutTsne.Configuration.self, from: JSONEncoder().encode(value))
        #expect(copy == value)
    }

    final class Watcher: TrainingListener {
        let seen = Mutex<[(String, TrainingProgress)]>([])
        let cancelAt: Int
        let cancellation = Cancellation()
        init(cancelAt: Int = .max) { self.cancelAt = cancelAt }
        let runs = Mutex<[TrainingRun]>([])
        func trainingStarted(_ run: TrainingRun) { runs.withLock { $0.append(run) } }
        func iterationDone(_ progress: TrainingProgress) {
            seen.withLock { $0.append(("iteration", progress)) }
            if progress.iteration >= cancelAt { cancellation.cancel() }
        }
        func trainingEnded(_ progress: TrainingProgress) { seen.withLock { $0.append(("end", progress)) } }
    }

    @Test func listenersSeeTheFirstAndTheLastIteration() throws {
        let watcher = Watcher()
        let tsne = BarnesHutTsne(configuration: configuration(120))
        tsne.setListeners(watcher)
        let map = try tsne.fit(clusters(100))
        let seen = watcher.seen.withLock { $0 }
        #expect(watcher.runs.withLock { $0.map(\.totalUnits) } == [120] && seen.last?.0 == "end")
        let iterations = seen.filter { $0.0 == "iteration" }.map(\.1)
        #expect(iterations.first?.iteration == 0 && iterations.last?.iteration == 120)
        #expect(zip(iterations, iterations.dropFirst()).allSatisfy { $1.iteration - $0.iteration <= 50 })
        #expect(iterations.allSatisfy { $0.score.map { $0 >= 0 } ?? false && $0.totalUnits == 120 })
        #expect(iterations.last?.score == map.klDivergence)
        // Watching changes nothing.
        #expect(try BarnesHutTsne(configuration: configuration(120)).fit(clusters(100)).coordinates == map.coordinates)
    }

    /// Wants the divergence of every iteration.
    final class Listener: TrainingListener {
        let seen = Mutex<[TrainingProgress]>([])
        func wantedDetail(iteration: Int, elapsedSeconds: Double) -> TrainingDetail { .score }
        func iterationDone(_ progress: TrainingProgress) { seen.withLock { $0.append(progress) } }
    }

    @Test func whoAsksHearsOfEveryIteration() throws {
        let listener = Listener()
        let map = try BarnesHutTsne(configuration: configuration(120), listeners: [listener]).fit(clusters(100))
        let seen = listener.seen.withLock { $0 }
        #expect(seen.map(\.iteration) == Array(0...120))
        #expect(seen.allSatisfy { $0.score.map { $0 >= 0 } ?? false })
        // The rate of each phase, and a map that becomes better.
        #expect(seen[29].learningRate == 200 && seen.last?.score == map.klDivergence)
        #expect(try #require(seen[120].score) < #require(seen[31].score))
    }

    @Test func cancellationReturnsTheMapSoFar() throws {
        let watcher = Watcher(cancelAt: 50)
        let tsne = BarnesHutTsne(configuration: configuration(500), listeners: [watcher])
        let map = try tsne.fit(clusters(100), cancellation: watcher.cancellation)
        #expect(map.cancelled && map.iterations > 0 && map.iterations <= 51 && map.klDivergence > 0)
        let before = Cancellation()
        before.cancel()
        let none = try BarnesHutTsne().fit(clusters(100), cancellation: before)
        #expect(none.cancelled && none.iterations == 0 && none.coordinates.rows == 100)
    }

    /// Quality is measured against the input vectors in the metric asked for.
    @Test func neighborsKeptAreThoseOfTheInput() throws {
        let data = clusters(400, columns: 60)
        let map = try BarnesHutTsne(
            configuration: configuration(300) {
                $0.usePca = true
                $0.pcaDimensions = 3
            }
        ).fit(data, metric: .cosine)
        let truth = try ExactNeighbors(metric: .cosine).graph(of: data, k: 10)
        let found = try ExactNeighbors().graph(of: map.coordinates, k: 10)
        var kept = 0
        for i in 0..<400 {
            kept += Set(truth.indices[truth.range(of: i)]).intersection(found.indices[found.range(of: i)]).count
        }
        #expect(abs(try #require(map.neighborsKept) - Double(kept) / 4000) < 1e-3)
    }
}
