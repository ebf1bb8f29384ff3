import CVectorKernels
import LinearAlgebra

/// Rows that may be among the `wanted` best, by scores that are off by at most half of `margin`.
struct CandidateList: Sendable {
    private let wanted: Int
    private let margin: Float
    private var candidates: [(number: UInt32, score: Float)] = []
    /// The `wanted`-th best score so far.
    private var bound = -Float.infinity
    /// The list is thinned out when it is longer than this.
    private var capacity: Int

    init(wanted: Int, margin: Float) {
        self.wanted = wanted
        self.margin = margin
        capacity = max(256, 4 * wanted)
    }

    /// Numbers of the rows that are left, in no order.
    var numbers: [Int] { candidates.map { Int($0.number) } }

    /// Takes those of some scores, of rows from number `first` on, that may be among the best.
    mutating func offer(_ scores: UnsafeBufferPointer<Float>, first: Int) {
        guard let values = scores.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: scores.count) { found in
            guard let places = found.baseAddress else { return }
            // −score < −(bound − margin)
            let limit = (margin - bound).nextUp
            let count = kernels.select_below(values, values, -2, limit, scores.count, places)
            for place in places..<places + count {
                candidates.append((UInt32(first) + place.pointee, values[Int(place.pointee)]))
            }
        }
        if candidates.count > capacity || bound == -.infinity { thinOut() }
    }

    /// Takes the candidates of another list.
    mutating func merge(_ other: CandidateList) {
        let least = bound - margin
        candidates.append(contentsOf: other.candidates.lazy.filter { $0.score >= least })
        if candidates.count > capacity || bound == -.infinity { thinOut() }
    }

    /// Drops what cannot be among the best.
    private mutating func thinOut() {
        guard candidates.count >= wanted else { return }
        bound = smallest(candidates.map(\.score), rank: candidates.count - wanted)
        let least = bound - margin
        candidates.removeAll { $0.score < least }
        // Many ties: look again only when there are twice as many.
        capacity = max(capacity, 2 * candidates.count)
    }
}
