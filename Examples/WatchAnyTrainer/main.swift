// Watches a trainer that knows nothing of this package's own: a logistic regression, written here. What it took to make
// it watchable stands between the two marks; everything else is the trainer.
//
//     swift run -c release WatchAnyTrainer
//
// Prints the address to open; W2V_UI_PORT chooses another port than 9000. The pages stay until Enter is pressed.
import EmbeddingVisualization
import Foundation

/// Learns to tell points of two kinds apart, by stochastic gradient descent in minibatches.
struct LogisticRegression {
    var weights: [Float]
    var learningRate: Float = 0.05
    var listeners: [any TrainingListener] = []

    mutating func fit(_ points: Matrix, _ labels: [Float], steps: Int, batch: Int = 64) {
        var random = Philox(seed: 7)
        let begin = ContinuousClock.now
        var (loss, batches) = (0.0, 0)
        // ---- From here on: what listeners are told.
        let run = TrainingRun(
            modelClass: "LogisticRegression", configuration: ["learningRate": learningRate, "batch": Float(batch)],
            layers: [TrainingLayer(name: "weights", kind: "linear", shape: [weights.count])], totalUnits: steps)
        for listener in listeners { listener.trainingStarted(run) }
        func progress(_ step: Int, _ layers: [LayerValues]) -> TrainingProgress {
            var progress = TrainingProgress(
                iteration: step, completedUnits: step, totalUnits: steps,
                score: batches > 0 ? loss / Double(batches) : nil, learningRate: Double(learningRate),
                elapsedSeconds: (ContinuousClock.now - begin) / .seconds(1))
            progress.examples = step * batch
            progress.layers = layers
            (loss, batches) = (0, 0)
            return progress
        }
        var values: [LayerValues] = []
        defer { for listener in listeners { listener.trainingEnded(progress(steps, values)) } }
        // ---- Up to here, and the three lines below.
        for step in 0..<steps {
            let rows = (0..<batch).map { _ in Int.random(in: 0..<points.rows, using: &random) }
            var gradient = [Float](repeating: 0, count: weights.count)
            var outputs: [Float] = []
            for row in rows {
                let x = points.row(row)
                let output = 1 / (1 + exp(-zip(x, weights).reduce(0) { $0 + $1.0 * $1.1 }))
                for (column, value) in zip(gradient.indices, x) {
                    gradient[column] += (output - labels[row]) * value / Float(batch)
                }
                loss -= Double(log(max(1e-7, labels[row] == 1 ? output : 1 - output))) / Double(batch)
                outputs.append(output)
            }
            batches += 1
            let update = gradient.map { -learningRate * $0 }
            // ---- Each step: show the values, and tell whoever wants to know.
            values = [
                LayerValues(
                    name: "weights", parameters: weights, gradients: gradient, updates: update, activations: outputs)
            ]
            for listener in listeners { listener.iterationDone(progress(step, values)) }
            // ----
            for (column, change) in update.enumerated() { weights[column] += change }
        }
    }
}

// Two clouds in twenty dimensions.
var random = Philox(seed: 1)
let labels = (0..<4_000).map { Float($0 % 2) }
let elements = labels.flatMap { label in (0..<20).map { _ in random.nextUniform() + 0.2 * label - 0.6 } }
let points = Matrix(rows: labels.count, columns: 20, elements: elements)

let ui = UIServer.getInstance()
let storage = InMemoryStatsStorage()
ui.attach(storage)
try ui.startAndWait()
print("open \(ui.address)/train")

var regression = LogisticRegression(weights: Array(repeating: 0, count: 20))
regression.listeners = [StatsListener(storage, frequency: 100)]
regression.fit(points, labels, steps: 20_000)

let right = (0..<points.rows).count { row in
    (zip(points.row(row), regression.weights).reduce(0) { $0 + $1.0 * $1.1 } > 0) == (labels[row] == 1)
}
print("\(right) of \(points.rows) points are told apart")
for session in try storage.listSessionIDs() {
    print("\(session): \(try storage.numberOfUpdates(session: session)) updates")
}
print("press Enter to end")
_ = readLine()
ui.stop()
