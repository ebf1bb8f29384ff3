internal import Foundation
internal import TrainingStats

/// One scalar of a run over time, and the few robust measures that rules are made of. Points without a finite value are
/// left out.
struct Line {
    /// One or several updates in a row.
    struct Sample {
        /// Iteration of the last update in it.
        var iteration: Int
        var mean: Double
        var low: Double
        var high: Double
    }

    /// A part of the line, of samples in a row.
    struct Block {
        /// Iteration of its first sample.
        var iteration: Int
        var mean: Double
    }

    private(set) var samples: [Sample] = []
    /// Iteration of the first value that was NaN or infinite.
    private(set) var firstNonFinite: Int?

    /// A column of a series; an empty line when there is no such column.
    init(_ series: StatsSeries, _ name: String) {
        guard let column = series.names.firstIndex(of: name) else { return }
        for point in series.points where column < point.cells.count {
            let cell = point.cells[column]
            if cell.nonFinite > 0 { firstNonFinite = firstNonFinite ?? point.iteration }
            // Merging enormous values can overflow; such a mean tells nothing.
            guard cell.count > 0, cell.mean.isFinite else { continue }
            samples.append(Sample(iteration: point.iteration, mean: cell.mean, low: cell.low, high: cell.high))
        }
    }

    /// The line as given.
    init(_ samples: [Sample]) { self.samples = samples }

    var count: Int { samples.count }
    var first: Sample? { samples.first }
    var last: Sample? { samples.last }

    /// Iterations from the first sample to the last.
    var span: Double {
        guard let first, let last else { return 0 }
        return Double(last.iteration) - Double(first.iteration)
    }

    /// The samples that a condition on their iteration keeps.
    func filtered(_ keeps: (Int) -> Bool) -> Line {
        Line(samples.filter { keeps($0.iteration) })
    }

    /// The last share of the samples, at least one.
    func tail(_ share: Double) -> Line {
        Line(Array(samples.suffix(max(1, Int(Double(count) * share)))))
    }

    /// The middle one of the means; NaN when there is none.
    var median: Double { medianOf(samples.map(\.mean)) }

    /// The samples in `count` blocks of about equal size, fewer when there are fewer samples.
    func blocks(_ count: Int) -> [Block] {
        let blocks = min(count, samples.count)
        return (0..<blocks).map { block in
            let range = samples.count * block / blocks..<samples.count * (block + 1) / blocks
            let mean = samples[range].reduce(0) { $0 + $1.mean } / Double(range.count)
            return Block(iteration: samples[range.lowerBound].iteration, mean: mean)
        }
    }

    /// The means with each replaced by the median of itself and up to `reach` neighbours on each side.
    func smoothed(reach: Int) -> [Double] {
        samples.indices.map { index in
            let range = max(0, index - reach)...min(samples.count - 1, index + reach)
            return medianOf(samples[range].map(\.mean))
        }
    }

    /// Standard deviation of what changes from one sample to the next, whatever the line does in the long run: from the
    /// median of the absolute second differences, which a few jumps cannot move.
    var noise: Double {
        guard count >= 3 else { return 0 }
        let seconds = (1..<count - 1).map { index in
            abs(samples[index + 1].mean - 2 * samples[index].mean + samples[index - 1].mean)
        }
        // A second difference of white noise has √6 of its deviation; a normal median magnitude is 0.6745 of it.
        return medianOf(seconds) / (0.6745 * 6.0.squareRoot())
    }

    /// Iteration at which a condition began that holds until now: it holds for `least` samples or more, at least `share` of
    /// those since, the first and one of the last few. `nil` when it does not hold.
    func holdsSince(least: Int, share: Double = 0.8, _ condition: (Sample) -> Bool) -> Int? {
        guard samples.suffix(share < 0.8 ? 5 : 2).contains(where: condition) else { return nil }
        var (holding, total) = (0, 0)
        var since: Int?
        for sample in samples.reversed() {
            total += 1
            if condition(sample) { holding += 1 }
            if condition(sample), holding >= least, Double(holding) >= share * Double(total) {
                since = sample.iteration
            }
            // Too many exceptions to come back from.
            if Double(total - holding) > (1 - share) * Double(samples.count) { break }
        }
        return since
    }

    /// Samples whose extreme value is more than `factor` times what is usual around them, and more than `floor`: the
    /// median of up to 8 neighbours on each side. The first `skip` samples are left out, because a start has no usual.
    func peaks(factor: Double, floor: Double, skip: Int) -> [(sample: Sample, usual: Double)] {
        guard count > skip else { return [] }
        return (skip..<count).compactMap { index in
            let sample = samples[index]
            guard sample.high > floor else { return nil }
            let range = max(0, index - 8)...min(count - 1, index + 8)
            let usual = medianOf(range.filter { $0 != index }.map { samples[$0].mean })
            return usual > 0 && sample.high > factor * usual ? (sample, usual) : nil
        }
    }
}

/// The middle value; NaN when there is none.
func medianOf(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
