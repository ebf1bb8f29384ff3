import LinearAlgebra

/// Sorts words by their bytes.
///
/// Eight bytes at a time: keys of the next eight bytes are sorted as whole numbers, and only words that are alike so far
/// and go on are met again, where they lie side by side.
struct WordOrder: Sendable {
    let count: Int
    /// Where a word lies.
    let range: @Sendable (Int) -> Range<Int>

    /// Eight bytes of a word, most significant first, with zeros behind its end.
    private struct Key {
        var bytes: UInt64
        /// How many bytes are left here, at most 9, in the upper half: of two words whose bytes and zeros are alike the
        /// shorter one comes first. In the lower half the word's number.
        var rest: UInt64

        var number: Int { Int(rest & 0xFFFF_FFFF) }
        /// Whether there are more than eight bytes.
        var goesOn: Bool { rest >> 32 == 9 }

        @inline(__always)
        static func < (one: Key, other: Key) -> Bool {
            one.bytes != other.bytes ? one.bytes < other.bytes : one.rest < other.rest
        }
    }

    /// As many keys as are worth a thread of their own.
    private static let fewestForThreads = 1 << 14

    /// The numbers of the words in order, equal ones by number, and how many words come again.
    func sorted(_ bytes: UnsafeRawBufferPointer) -> (numbers: [UInt32], duplicates: Int) {
        // Read only, and only until this call returns.
        nonisolated(unsafe) let bytes = bytes
        let threads = availableProcessors
        var duplicates = 0
        var result = [UInt32](repeating: 0, count: count)
        /// Words that are alike in their first `depth` bytes, and their place in the result.
        struct Group: Sendable {
            var place: Int
            var numbers: [UInt32]
            var depth: Int
        }
        var large = [Group(place: 0, numbers: (0..<UInt32(count)).map { $0 }, depth: 0)]
        while let group = large.popLast() {
            let keys = sortedKeys(group.numbers, depth: group.depth, threads: threads, bytes)
            for (place, key) in keys.enumerated() { result[group.place + place] = UInt32(key.number) }
            var small: [Range<Int>] = []
            Self.forEachRun(keys) { run, goesOn in
                if !goesOn {
                    duplicates += run.count - 1
                } else if run.count < Self.fewestForThreads {
                    small.append(run)
                } else {
                    large.append(
                        Group(
                            place: group.place + run.lowerBound, numbers: keys[run].map { UInt32($0.number) },
                            depth: group.depth + 8))
                }
            }
            // A piece of the runs is some thousand words at most, so that threads end together.
            let runs = small
            let found = parallelMap(runs.count, threads: threads, grain: 256) { pieces in
                var numbers: [UInt32] = []
                var again = 0
                for run in runs[pieces] {
                    var part = Array(keys[run])
                    again += refine(&part, depth: group.depth + 8, bytes)
                    for key in part { numbers.append(UInt32(key.number)) }
                }
                return (numbers, again)
            }
            var sorted = found.lazy.flatMap(\.0).makeIterator()
            for run in runs {
                for place in run { if let number = sorted.next() { result[group.place + place] = number } }
            }
            duplicates += found.reduce(0) { $0 + $1.1 }
        }
        return (result, duplicates)
    }

    /// Sorts words that are alike in their first `depth` bytes. Returns how many of them come again.
    private func refine(_ keys: inout [Key], depth: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
        for place in keys.indices { keys[place] = key(keys[place].number, depth, bytes) }
        keys.sort { $0 < $1 }
        var duplicates = 0
        var runs: [Range<Int>] = []
        Self.forEachRun(keys) { run, goesOn in
            if goesOn { runs.append(run) } else { duplicates += run.count - 1 }
        }
        for run in runs {
            var part = Array(keys[run])
            duplicates += refine(&part, depth: depth + 8, bytes)
            keys.replaceSubrange(run, with: part)
        }
        return duplicates
    }

    /// Gives each range of two or more sorted keys with the same bytes and as many left, and whether they go on.
    private static func forEachRun(_ keys: [Key], _ body: (Range<Int>, Bool) -> Void) {
        var start = 0
        for place in 1..<max(1, keys.count + 1) {
            if place < keys.count, keys[place].bytes == keys[start].bytes,
                keys[place].rest >> 32 == keys[start].rest >> 32
            {
                continue
            }
            if place - start > 1 { body(start..<place, keys[start].goesOn) }
            start = place
        }
    }

    private func key(_ number: Int, _ depth: Int, _ bytes: UnsafeRawBufferPointer) -> Key {
        let word = range(number)
        let left = word.count - depth
        var prefix: UInt64 = 0
        if left >= 8 {
            prefix = UInt64(
                bigEndian: bytes.loadUnaligned(fromByteOffset: word.lowerBound + depth, as: UInt64.self))
        } else {
            for place in 0..<max(0, left) {
                prefix |= UInt64(bytes[word.lowerBound + depth + place]) << (56 - 8 * place)
            }
        }
        return Key(bytes: prefix, rest: UInt64(min(max(0, left), 9)) << 32 | UInt64(number))
    }

    private func sortedKeys(
        _ numbers: [UInt32], depth: Int, threads: Int, _ bytes: UnsafeRawBufferPointer
    ) -> [Key] {
        nonisolated(unsafe) let bytes = bytes
        let count = numbers.count
        let grain = max(Self.fewestForThreads / 4, (count + threads - 1) / threads)
        var runs = parallelMap(count, threads: threads, grain: grain) { range in
            Self.sorted(range.map { key(Int(numbers[$0]), depth, bytes) })
        }
        while runs.count > 1 {
            let halves = runs
            runs = parallelMap((halves.count + 1) / 2, threads: threads, grain: 1) { pair in
                let first = 2 * pair.lowerBound
                return first + 1 == halves.count ? halves[first] : Self.merged(halves[first], halves[first + 1])
            }
        }
        return runs.first ?? []
    }

    /// Sorts keys whose numbers ascend, byte by byte from the least significant one on; bytes that are the same in all
    /// keys cost nothing.
    private static func sorted(_ keys: [Key]) -> [Key] {
        guard keys.count > 1 << 10, let first = keys.first else { return keys.sorted { $0 < $1 } }
        var (differing, lengths) = (UInt64(0), UInt64(0))
        for key in keys {
            differing |= key.bytes ^ first.bytes
            lengths |= (key.rest ^ first.rest) >> 32
        }
        var (from, to) = (keys, [Key](repeating: first, count: keys.count))
        func pass(_ digit: (Key) -> Int) {
            var places = [Int](repeating: 0, count: 256)
            for key in from { places[digit(key)] += 1 }
            var next = 0
            for value in 0..<256 { (places[value], next) = (next, next + places[value]) }
            for key in from {
                to[places[digit(key)]] = key
                places[digit(key)] += 1
            }
            swap(&from, &to)
        }
        if lengths != 0 { pass { Int($0.rest >> 32) } }
        for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 0xFF != 0 {
            pass { Int($0.bytes >> shift & 0xFF) }
        }
        return from
    }

    private static func merged(_ one: [Key], _ other: [Key]) -> [Key] {
        var merged: [Key] = []
        merged.reserveCapacity(one.count + other.count)
        var (first, second) = (0, 0)
        while first < one.count, second < other.count {
            if other[second] < one[first] {
                merged.append(other[second])
                second += 1
            } else {
                merged.append(one[first])
                first += 1
            }
        }
        merged.append(contentsOf: one[first...])
        merged.append(contentsOf: other[second...])
        return merged
    }
}
