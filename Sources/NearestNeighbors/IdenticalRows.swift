internal import LinearAlgebra

/// Groups of identical rows that are larger than a search needs.
///
/// A point with more than k twins has them as neighbours, and of a group only its first k + 1 members can be among
/// anybody's neighbours; the others would only make ties.
struct IdenticalRows: Sendable {
    /// The members of each group, ascending; more than `needed` each.
    let groups: [[UInt32]]

    /// - Parameters:
    ///   - data: one point a row.
    ///   - needed: members of a group that a search needs.
    ///   - threads: threads to use.
    init(in data: Matrix, needed: Int, threads: Int) {
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
        self.groups = groups
    }
}
