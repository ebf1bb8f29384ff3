internal import LinearAlgebra
internal import Training

/// Tells the listeners of one `fit` how it goes.
///
/// They hear of every 50th iteration and at least once a second, with the divergence, and of each iteration of which
/// they want detail. A report describes the map before the step of its iteration, and that step. For one thread.
final class TsneReporter {
    /// Iterations after which there is a report in any case.
    private static let reportEvery = 50
    /// Seconds after which there is one in any case.
    private static let reportInterval = 0.9

    private let listeners: ListenerGroup
    private let configuration: BarnesHutTsne.Configuration
    private let points: Int
    private let labels: [String]
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var lastReport = -Double.infinity
    private var detailSeconds = 0.0
    private var last: TrainingProgress?
    /// The rate in force, for what is told next.
    var learningRate: Double

    /// What is to be told of an iteration.
    struct Report {
        var progress: TrainingProgress
        var withDivergence: Bool
        var observation: DescentObservation?
    }

    init(
        _ listeners: [any TrainingListener], configuration: BarnesHutTsne.Configuration, points: Int, labels: [String]
    ) {
        self.listeners = ListenerGroup(listeners, offering: [.score, .layers, .coordinates])
        self.configuration = configuration
        self.points = points
        self.labels = labels
        learningRate = Schedule(configuration, points: points).learningRate(0)
        begin = clock.now
    }

    private var elapsed: Double { (clock.now - begin) / .seconds(1) }

    /// Tells what will be done.
    func start() {
        guard !listeners.isEmpty else { return }
        listeners.start(
            TrainingRun(
                modelClass: "BarnesHutTsne", configuration: configuration, layers: layers,
                totalUnits: configuration.maxIterations,
                threads: configuration.resolvedThreads, backend: computeBackend, labels: labels,
                averagesScore: false))
    }

    private var layers: [TrainingLayer] {
        let dimensions = configuration.dimensions
        let every = DescentObservation.sampledEvery(points: points, dimensions: dimensions)
        let taken = every == 1 ? "All points." : "Every \(every)th point of the input, the same ones each time."
        return [
            TrainingLayer(
                name: "coordinates", kind: "map", shape: [points, dimensions],
                sampling:
                    "\(taken) The gradient is the one in force: without the factor 4 of the formula, and with the "
                    + "early exaggeration while that lasts. Updates are the steps before the map is centred again. "
                    + "After the last step there is no update."),
            TrainingLayer(
                name: "gains", kind: configuration.useAdaGrad ? "divisors of AdaGrad" : "gains of the learning rate",
                shape: [points, dimensions], inputs: ["coordinates"],
                sampling: configuration.useAdaGrad
                    ? "\(taken) Roots of the sums of squared gradients, by which the learning rate is divided."
                    : "\(taken) Factors of the learning rate, one a coordinate, as the step took them."),
        ]
    }

    /// What is to be told of an iteration whose step comes next; `nil`: nothing.
    func prepare(_ iteration: Int, _ descent: Descent) -> Report? {
        guard !listeners.isEmpty else { return nil }
        let elapsed = elapsed
        let wanted = listeners.wanted(iteration: iteration, elapsedSeconds: elapsed)
        let isDue = iteration % Self.reportEvery == 0 || elapsed - lastReport >= Self.reportInterval
        guard isDue || !wanted.isEmpty else { return nil }
        if isDue { lastReport = elapsed }
        var report = Report(
            progress: progress(iteration, elapsed: elapsed), withDivergence: isDue || wanted.contains(.score))
        timed {
            if wanted.contains(.coordinates) { report.progress.coordinates = coordinates(descent.coordinates) }
            if wanted.contains(.layers) { report.observation = DescentObservation(of: descent) }
        }
        return report
    }

    /// Tells of an iteration after its step.
    func tell(_ report: Report, divergence: Double?) {
        var progress = report.progress
        progress.score = divergence
        timed {
            guard let observation = report.observation else { return }
            progress.gradientNorm = observation.gradientNorm
            progress.layers = layerValues(
                observation, gradients: observation.gradients, updates: observation.updates)
        }
        tell(progress)
    }

    /// Tells of the map after the last step.
    /// - Returns: its divergence.
    func tellLast(_ iteration: Int, _ descent: Descent) -> Double {
        let wanted = listeners.everWanted
        var progress = progress(iteration, elapsed: elapsed)
        let divergence: Double
        if wanted.contains(.layers) {
            let found = descent.gradient()
            divergence = found.divergence
            let observation = DescentObservation(of: descent)
            progress.gradientNorm =
                found.gradient.elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            progress.layers = layerValues(observation, gradients: observation.sampled(found.gradient), updates: [])
        } else {
            divergence = descent.divergence()
        }
        progress.score = divergence
        if wanted.contains(.coordinates) { progress.coordinates = coordinates(descent.coordinates) }
        tell(progress)
        return divergence
    }

    /// Tells that the map is no longer made of numbers.
    func tellDiverged(_ iteration: Int) {
        var progress = progress(iteration, elapsed: elapsed)
        progress.score = .nan
        tell(progress)
    }

    private func tell(_ progress: TrainingProgress) {
        var progress = progress
        progress.detailSeconds = detailSeconds
        last = progress
        listeners.tell(progress)
    }

    private func layerValues(
        _ observation: DescentObservation, gradients: [Float], updates: [Float]
    ) -> [LayerValues] {
        [
            LayerValues(
                name: "coordinates", parameters: observation.positions, gradients: gradients, updates: updates),
            LayerValues(name: "gains", parameters: observation.gains(adaGrad: configuration.useAdaGrad)),
        ]
    }

    /// Does something for listeners and counts what it costs.
    private func timed(_ work: () -> Void) {
        let start = threadProcessorSeconds()
        work()
        detailSeconds += threadProcessorSeconds() - start
    }

    /// Tells that the work is over.
    /// - Parameters:
    ///   - iterations: iterations done; `nil`: as many as were told last.
    ///   - map: the result, when there is one.
    func end(iterations: Int? = nil, map: Matrix? = nil) {
        guard !listeners.isEmpty else { return }
        var progress = last ?? progress(iterations ?? 0, elapsed: 0)
        progress.elapsedSeconds = elapsed
        if let map { progress.coordinates = coordinates(map) }
        listeners.end(progress)
    }

    private func coordinates(_ map: Matrix) -> MapCoordinates {
        MapCoordinates(dimensions: map.columns, values: map.elements)
    }

    private func progress(_ iteration: Int, elapsed: Double) -> TrainingProgress {
        var progress = TrainingProgress(
            iteration: iteration, completedUnits: iteration, totalUnits: configuration.maxIterations, score: nil,
            learningRate: learningRate, elapsedSeconds: elapsed)
        progress.examples = points * iteration
        return progress
    }
}
