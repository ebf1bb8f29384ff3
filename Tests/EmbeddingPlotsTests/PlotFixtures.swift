import EmbeddingPlots
import LinearAlgebra

/// Deterministic maps for the tests.
enum PlotFixtures {
    /// Numbers in 0..<1, always the same.
    struct Sequence {
        var state: UInt64
        mutating func next() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
    }

    /// Groups of points around centres on a circle (or a helix), as a t-SNE map has.
    static func coordinates(_ count: Int, dimensions: Int = 2, seed: UInt64 = 1) -> Matrix {
        var random = Sequence(state: seed)
        var elements: [Float] = []
        elements.reserveCapacity(count * dimensions)
        for row in 0..<count {
            for axis in 0..<dimensions {
                let centre = Float((row % 17) * (axis * 5 + 3) % 17) * 6
                elements.append(centre + 5 * (random.next() + random.next() + random.next()) - 60)
            }
        }
        return Matrix(rows: count, columns: dimensions, elements: elements)
    }

    /// Distinct pronounceable words with lengths as in real vocabularies.
    static func words(_ count: Int) -> [String] {
        let onsets = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "st", "tr", "ch", "br"]
        let ends = ["a", "e", "i", "o", "u", "an", "er", "in", "ol", "ar", "es", "ed", "ing", "ion", "ly", "al"]
        return (0..<count).map { index in
            var rest = index
            var word = ""
            repeat {
                word += onsets[rest % 16] + ends[(rest / 16 * 7 + rest) % 16]
                rest /= 256
            } while rest > 0
            return word + ["", "s", "t", "n"][index % 4] + (index >= 256 ? ends[(index / 13) % 16] : "")
        }
    }

    /// Counts by Zipf's law.
    static func counts(_ count: Int) -> [Int] {
        (0..<count).map { 9_000_000 / ($0 + 2) + 5 }
    }

    /// A plot of so many points.
    static func plot(_ count: Int, dimensions: Int = 2, seed: UInt64 = 1) -> ScatterPlot {
        ScatterPlot(
            coordinates: coordinates(count, dimensions: dimensions, seed: seed), labels: words(count),
            counts: counts(count), title: "Fixture",
            summary: .init(
                perplexity: 30, klDivergence: 1.25, iterations: 1000, neighborsKept: 0.431, metric: "cosine", seed: 1,
                totalPoints: 2 * count, notes: ["One note."]))
    }

    /// A plot of so many points in 17 groups; the first one's name is long, the second one's is markup.
    static func groupedPlot(_ count: Int) -> ScatterPlot {
        let names = (0..<17).map { group in
            switch group {
            case 0: "a name that is far too long for one line of any legend"
            case 1: "<b>second</b>"
            default: words(count)[group]
            }
        }
        return ScatterPlot(
            coordinates: coordinates(count), labels: words(count), counts: counts(count),
            groups: .init(assignments: (0..<count).map { UInt32($0 % 17) }, names: names), title: "Groups",
            summary: .init(perplexity: 30, klDivergence: 1.25, metric: "cosine", totalPoints: 2 * count))
    }

    /// A plot whose labels are all of `hostileWords`, which stand in the title and a note too.
    static var hostilePlot: ScatterPlot {
        ScatterPlot(
            coordinates: coordinates(hostileWords.count), labels: hostileWords, title: hostileWords.joined(),
            summary: .init(metric: hostileWords[1], notes: hostileWords))
    }
}
