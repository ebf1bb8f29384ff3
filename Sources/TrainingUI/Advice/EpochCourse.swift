internal import Foundation
internal import TrainingStats

/// The score epoch by epoch: what the same words cost each time they are read. What comes back in each epoch is the text's
/// order and not the training.
struct EpochCourse {
    /// Iteration at which the second epoch begins.
    private(set) var second = 0
    /// Root mean square of what comes back at the same place of each epoch from the second on, as a share of the score.
    private(set) var swing = 0.0
    /// What chance alone gives `swing`, as a share of the score.
    private(set) var noise = 0.0

    /// Nothing with fewer than 3 whole epochs, or with fewer than 4 samples in one.
    init?(_ evidence: Evidence, _ score: Line) {
        guard let count = evidence.option("epochs"), count >= 3, count < 1e6,
            let total = evidence.input.info?.model?.totalUnits, total > 0
        else { return nil }
        let done = Dictionary(
            evidence.line("completedUnits").samples.map { ($0.iteration, $0.mean) }, uniquingKeysWith: { $1 })
        /// Samples of an epoch with their place in it, 0..<1.
        var samples: [Int: [(place: Double, sample: Line.Sample)]] = [:]
        for sample in score.samples {
            guard let units = done[sample.iteration] else { continue }
            let position = min(max(0, units / Double(total) * count), count.nextDown)
            samples[Int(position), default: []].append((position - position.rounded(.down), sample))
        }
        let whole = evidence.isOver ? Int(count) : Int(evidence.fraction * count)
        let parts = (0..<min(whole, 1_024)).compactMap { samples[$0] }
        guard parts.count >= 3, let fewest = parts.map(\.count).min(), fewest >= 4 else { return nil }
        second = parts[1][0].sample.iteration
        measure(parts.map { $0.map { ($0.place, $0.sample.mean) } }, places: min(10, fewest))
    }

    private mutating func measure(_ parts: [[(place: Double, value: Double)]], places: Int) {
        let epochs = parts.map { part in part.reduce(0) { $0 + $1.value } / Double(part.count) }
        var rests = [[Double]](repeating: [], count: places)
        for epoch in 1..<parts.count {
            let (before, after) = (max(1, epoch - 1), min(parts.count - 1, epoch + 1))
            let fall = after > before ? (epochs[after] - epochs[before]) / Double(after - before) : 0
            for (place, value) in parts[epoch] {
                let rest = value - epochs[epoch] - fall * (place - 0.5)
                rests[min(places - 1, Int(place * Double(places)))].append(rest)
            }
        }
        rests.removeAll(where: \.isEmpty)
        let means = rests.map { $0.reduce(0, +) / Double($0.count) }
        let total = Double(rests.reduce(0) { $0 + $1.count })
        let free = total - Double(rests.count)
        let level = abs(medianOf(epochs))
        guard level > 0, level.isFinite, free > 0 else { return }
        let chance = zip(rests, means).reduce(0) { sum, place in
            place.0.reduce(sum) { $0 + ($1 - place.1) * ($1 - place.1) }
        }
        swing = (means.reduce(0) { $0 + $1 * $1 } / Double(means.count)).squareRoot() / level
        noise = (chance / free * Double(rests.count) / total).squareRoot() / level
    }
}
