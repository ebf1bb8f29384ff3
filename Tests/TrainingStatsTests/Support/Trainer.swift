import Training

@testable import TrainingStats

/// A trainer whose clock and values are the test's own.
struct Trainer {
    var listener: StatsListener
    /// Seconds of an iteration.
    var pace = 0.1
    /// Whether it asks what is wanted, as a trainer does whose detail costs time.
    var asks = true
    /// Work of one iteration.
    var unitsPerIteration = 100

    static let run = TrainingRun(
        modelClass: "Trainer", configuration: ["rate": 0.5],
        layers: [TrainingLayer(name: "input", kind: "table", shape: [10, 2])], totalUnits: 100_000, unit: "words",
        threads: 2, backend: "none", labels: ["a", "b"])

    static let layer = LayerValues(
        name: "input", parameters: [-1, 0, 1, 2], gradients: [1, 1, 1, 1], updates: [0.5, -0.5, 0.5, -0.5],
        activations: [3, 4])

    func progress(_ iteration: Int, _ wanted: TrainingDetail = [.score, .layers, .coordinates, .neighbors])
        -> TrainingProgress
    {
        var progress = TrainingProgress(
            iteration: iteration, completedUnits: iteration * unitsPerIteration, totalUnits: 100_000,
            score: 1 / Double(iteration + 1), learningRate: 0.5, elapsedSeconds: Double(iteration) * pace)
        progress.examples = iteration * unitsPerIteration
        progress.epoch = 1
        progress.unitsByThread = [iteration * unitsPerIteration / 2, iteration * unitsPerIteration / 2]
        if wanted.contains(.layers) { progress.layers = [Self.layer] }
        if wanted.contains(.coordinates) {
            progress.coordinates = MapCoordinates(dimensions: 2, values: [0, 0, 1, Float(iteration)])
        }
        if wanted.contains(.neighbors) { progress.neighbors = [ProbeNeighbors(word: "a", neighbors: [])] }
        return progress
    }

    /// A whole training.
    func train(_ iterations: Int, _ tell: (TrainingProgress) -> TrainingProgress = { $0 }) {
        listener.trainingStarted(Self.run)
        for iteration in 0..<iterations {
            let elapsed = Double(iteration) * pace
            let wanted = asks ? listener.wantedDetail(iteration: iteration, elapsedSeconds: elapsed) : []
            listener.iterationDone(tell(progress(iteration, asks ? wanted : [.layers, .coordinates, .neighbors])))
        }
        listener.trainingEnded(tell(progress(iterations)))
    }
}

extension CollectionStatsStorageRouter {
    /// The reports, in order.
    var reports: [StatsReport] {
        records.compactMap { if case .update(let report) = $0.content { report } else { nil } }
    }

    var infos: [StaticInfo] {
        records.compactMap { if case .staticInfo(let info) = $0.content { info } else { nil } }
    }
}
