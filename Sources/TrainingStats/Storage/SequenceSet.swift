/// A set of sequence numbers, small because they come nearly without gaps: it holds ranges.
///
/// With more than `capacity` ranges the lowest two count as one, so that hostile numbers cannot fill the memory; what
/// then comes between the two counts as known already.
struct SequenceSet: Sendable {
    /// Ascending, with a gap between each two.
    private(set) var ranges: [ClosedRange<Int>] = []
    private let capacity: Int

    init(capacity: Int = 4_096) {
        self.capacity = max(1, capacity)
    }

    func contains(_ number: Int) -> Bool {
        let index = firstIndex(endingAtOrAfter: number)
        return index < ranges.count && ranges[index].contains(number)
    }

    /// Whether the number was new.
    mutating func insert(_ number: Int) -> Bool {
        let index = firstIndex(endingAtOrAfter: number)
        if index < ranges.count, ranges[index].contains(number) { return false }
        let joinsLower = index > 0 && ranges[index - 1].upperBound == number - 1
        let joinsUpper = index < ranges.count && ranges[index].lowerBound == number + 1
        switch (joinsLower, joinsUpper) {
        case (true, true):
            ranges[index - 1] = ranges[index - 1].lowerBound...ranges[index].upperBound
            ranges.remove(at: index)
        case (true, false): ranges[index - 1] = ranges[index - 1].lowerBound...number
        case (false, true): ranges[index] = number...ranges[index].upperBound
        case (false, false): ranges.insert(number...number, at: index)
        }
        if ranges.count > capacity {
            ranges[1] = ranges[0].lowerBound...ranges[1].upperBound
            ranges.removeFirst()
        }
        return true
    }

    private func firstIndex(endingAtOrAfter number: Int) -> Int {
        // Nearly always the newest.
        guard let last = ranges.last, number <= last.upperBound else { return ranges.count }
        var (low, high) = (0, ranges.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
