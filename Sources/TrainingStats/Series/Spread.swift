/// How a few of many things are chosen so that they lie evenly between the first and the last: maps, old reports,
/// samples of a run.
enum Spread {
    /// Which of the ascending positions to give up so that the rest lies as evenly as can be: the one, neither first
    /// nor last, whose neighbours are closest to each other. Called whenever one too many has come, it leaves gaps
    /// that differ little, in whatever order the positions came. `nil` when there are no three.
    static func indexToDrop(_ positions: some RandomAccessCollection<Int>) -> Int? {
        var best: (index: Int, gap: Double)?
        var before: Int?
        var candidate: (index: Int, before: Int)?
        for (index, position) in positions.enumerated() {
            if let candidate {
                // In floating point, where no number overflows.
                let gap = Double(position) - Double(candidate.before)
                if gap < best?.gap ?? .infinity { best = (candidate.index, gap) }
            }
            candidate = before.map { (index, $0) }
            before = position
        }
        return best?.index
    }

    /// Indices of up to `count` of the ascending positions, spread evenly by position, the first and the last included.
    static func indices(of positions: [Int], count: Int) -> [Int] {
        guard positions.count > count else { return Array(positions.indices) }
        guard count > 1, let first = positions.first, let last = positions.last else {
            return count == 1 ? [positions.count - 1] : []
        }
        var chosen: [Int] = []
        chosen.reserveCapacity(count)
        var index = 0
        for number in 0..<count {
            let target = Double(first) + (Double(last) - Double(first)) * Double(number) / Double(count - 1)
            // Leave enough for those that are still to come.
            let end = positions.count - (count - number)
            while index < end, Double(positions[index + 1]) - target <= target - Double(positions[index]) {
                index += 1
            }
            chosen.append(index)
            index = min(index + 1, positions.count - 1)
        }
        return chosen
    }
}
