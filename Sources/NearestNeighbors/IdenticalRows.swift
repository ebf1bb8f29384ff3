internal import LinearAlgebra

/// Groups of identical rows that are larger than a search needs.
///
/// A point with more than k twins has them as neighbours, and of a group only its first k + 1 members can be among
/// anybody's neighbours; the others would only make ties.
struct IdenticalRows: Sendable {
    /// The members of each group, ascending; more than k + 1 each.
    let groups: [[UInt32]]
    /// The rows that must be searched, ascending.
    let kept: [UInt32]
    private let k: Int
    /// The group of each row that need not be searched, and whether its vectors have distance 1 to all.
    private let answers: [UInt32: (group: Int, apart: Bool)]

    /// - Parameters:
    ///   - data: one point a row.
    ///   - metric: how far apart vectors are; under `dot` twins are not the nearest, and no group is found.
    ///   - k: neighbours wanted.
    ///   - threads: threads to use.
    init(in data: Matrix, metric: Metric, k: Int, threads: Int) {
        let groups = metric == .dot ? [] : Self.groups(in: data, needed: k + 1, threads: threads)
        var answers: [UInt32: (group: Int, apart: Bool)] = [:]
        for (group, members) in groups.enumerated() {
            let apart = metric == .cosine && data.row(Int(members[0])).allSatisfy { $0 == 0 }
            for member in members.dropFirst(k + 1) { answers[member] = (group, apart) }
        }
        let all = (0..<data.rows).map { UInt32(truncatingIfNeeded: $0) }
        self.k = k
        self.groups = groups
        kept = answers.isEmpty ? all : all.filter { answers[$0] == nil }
        self.answers = answers
    }

    /// Whether a row's neighbours are known without a search.
    func isAnswered(_ row: UInt32) -> Bool { answers[row] != nil }

    /// Writes the k neighbours of a row that need not be searched.
    func answer(_ row: UInt32, indices: UnsafeMutablePointer<UInt32>, distances: UnsafeMutablePointer<Float>) {
        guard let (group, apart) = answers[row] else { return }
        for j in 0..<k {
            // Zero vectors are at distance 1 from all under cosine: the nearest are those of the lowest numbers.
            indices[j] = apart ? UInt32(truncatingIfNeeded: j) : groups[group][j]
            distances[j] = apart ? 1 : 0
        }
    }

    private static func groups(in data: Matrix, needed: Int, threads: Int) -> [[UInt32]] {
        var hashes = [UInt64](repeating: 0, count: data.rows)
        let columns = data.columns
        hashes.parallelUpdate(width: 1, threads: threads, grain: 4096) { range, span in
            data.elements.withUnsafeBufferPointer { elements in
                for i in 0..<range.count {
                    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
                    for d in 0..<columns {
                        // 0 and −0 are one number.
                        let bits = (elements[(range.lowerBound + i) * columns + d] + 0).bitPattern
                        hash = (hash ^ UInt64(bits)) &* 0xFF51_AFD7_ED55_8CCD
                        hash ^= hash >> 32
                    }
                    span[i] = hash
                }
            }
        }
        let places = hashes.enumerated().map { (hash: $1, row: UInt32(truncatingIfNeeded: $0)) }
            .sorted { $0.hash != $1.hash ? $0.hash < $1.hash : $0.row < $1.row }
        var groups: [[UInt32]] = []
        var from = 0
        while from < places.count {
            var to = from
            while to < places.count, places[to].hash == places[from].hash { to += 1 }
            if to - from > needed {
                let first = data.row(Int(places[from].row))
                let equal = places[from..<to].filter { data.row(Int($0.row)).elementsEqual(first) }.map(\.row)
                if equal.count > needed { groups.append(equal) }
            }
            from = to
        }
        return groups
    }
}
