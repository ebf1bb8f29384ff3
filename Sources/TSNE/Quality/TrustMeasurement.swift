internal import LinearAlgebra
internal import NearestNeighbors

/// Measures how far a map can be trusted.
struct TrustMeasurement {
    /// Points above which trustworthiness and continuity are measured on a sample of so many.
    static let sampledPoints = 2000
    static let sampledPairs = 20_000

    let data: Matrix
    let metric: Metric
    let preservation: NeighborPreservation
    /// Whether every point's share and continuity are wanted.
    let everyPoint: Bool
    let threads: Int

    func trust(of map: Matrix) -> MapTrust {
        let queries = preservation.queries
        let found = MapNeighbors(map).nearest(of: queries, k: preservation.truth.neighborsPerPoint, threads: threads)
        let shares = preservation.shares(found)
        let among = SimilarityRanks(data, metric: metric, threads: threads)
        let onMap = SimilarityRanks(map, metric: .euclidean, threads: threads)
        // Every so-manieth query.
        let every = max(1, (queries.count + Self.sampledPoints - 1) / Self.sampledPoints)
        let sample = stride(from: 0, to: queries.count, by: every).map { $0 }
        let truth = preservation.truth
        let trusts = penalties(of: sample, among) { place in
            (found[place], truth.indices[truth.range(of: place)].map { $0 })
        }
        let continuities = penalties(of: everyPoint ? Array(queries.indices) : sample, onMap) { place in
            (truth.indices[truth.range(of: place)].map { $0 }, found[place])
        }
        return MapTrust(
            neighborsKept: shares.reduce(0) { $0 + Double($1) } / Double(max(1, shares.count)),
            trustworthiness: mean(trusts), continuity: mean(continuities),
            shepardCorrelation: shepard(among, onMap), sampledPoints: sample.count, sampledPairs: Self.sampledPairs,
            keptByPoint: everyPoint ? shares : nil, continuityByPoint: everyPoint ? continuities : nil)
    }

    private func mean(_ values: [Float]) -> Double {
        values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
    }

    /// 1 less the scaled sum of (rank − k) over the neighbours on one side that are none on the other, for each query.
    private func penalties(
        of places: [Int], _ ranks: SimilarityRanks,
        _ neighbors: @Sendable (Int) -> (own: [UInt32], others: [UInt32])
    ) -> [Float] {
        let n = Double(data.rows)
        let k = Double(preservation.truth.neighborsPerPoint)
        // The largest sum that one point can have.
        let largest = k < n / 2 ? k * (2 * n - 3 * k - 1) / 2 : (n - k) * (n - k - 1) / 2
        let queries = preservation.queries
        return parallelMap(places.count, threads: threads, grain: 16) { range in
            var values = [Float](repeating: 1, count: range.count)
            var asked: [Int] = []
            var questions: [(point: Int, others: [UInt32])] = []
            for (i, place) in places[range].enumerated() {
                let (own, others) = neighbors(place)
                let wrong = own.filter { !others.contains($0) }
                guard !wrong.isEmpty, largest > 0 else { continue }
                asked.append(i)
                questions.append((queries[place], wrong))
            }
            for (i, found) in zip(asked, ranks.ranks(questions)) {
                values[i] = Float(1 - found.reduce(0.0) { $0 + max(0, Double($1) - k) } / largest)
            }
            return values
        }.flatMap { $0 }
    }

    /// Rank correlation of the distances of random pairs.
    private func shepard(_ among: SimilarityRanks, _ onMap: SimilarityRanks) -> Double {
        let count = UInt64(data.rows)
        let pairs = parallelMap(Self.sampledPairs, threads: threads, grain: 1000) { range in
            range.map { i -> SIMD2<Float> in
                var generator = Philox(seed: 10, stream: 0x7368_6570, position: UInt64(i))
                let first = generator.next() % count
                let second = (first + 1 + generator.next() % (count - 1)) % count
                return SIMD2(among.distance(Int(first), Int(second)), onMap.distance(Int(first), Int(second)))
            }
        }.flatMap { $0 }
        let a = Self.ranks(pairs.map(\.x))
        let b = Self.ranks(pairs.map(\.y))
        let middle = Double(pairs.count + 1) / 2
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - middle) * (y - middle)
            aa += (x - middle) * (x - middle)
            bb += (y - middle) * (y - middle)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }

    /// Ranks from 1; equal values share the mean of theirs.
    private static func ranks(_ values: [Float]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var from = 0
        while from < order.count {
            var to = from
            while to < order.count, values[order[to]] == values[order[from]] { to += 1 }
            for i in from..<to { ranks[order[i]] = Double(from + to + 1) / 2 }
            from = to
        }
        return ranks
    }
}
