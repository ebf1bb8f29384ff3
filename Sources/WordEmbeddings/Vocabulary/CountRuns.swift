import FileAccess
import Synchronization

/// Counts of words that memory did not hold, as sorted runs in a temporary file, added up when they are read.
///
/// A run is records of a length (32 bits), a count (64 bits) and the bytes of a word, in the order of the bytes. Words
/// of one run are different; the same word of several runs is one word with the sum of its counts. So the result is
/// that of counting in memory.
final class CountRuns: Sendable {
    private struct State {
        var file: TemporaryFile?
        /// Where each run ends.
        var ends: [Int] = []
        var error: (any Error)?
    }

    private let state = Mutex(State())

    /// Whether nothing was added.
    var isEmpty: Bool { state.withLock { $0.ends.isEmpty } }

    /// Adds the counts of a counter as a run; an error is kept for `merge`. Several threads may call it.
    func add(_ counter: borrowing WordCounter) {
        let run = counter.sortedRun()
        guard !run.isEmpty else { return }
        state.withLock { state in
            guard state.error == nil else { return }
            do {
                let file = try state.file ?? TemporaryFile()
                state.file = file
                try run.withUnsafeBytes { try file.write($0) }
                state.ends.append(file.count)
            } catch {
                state.error = error
            }
        }
    }

    /// Adds the counts of a counter and empties it when it takes more memory than it may.
    /// - Parameter taken: bytes that it takes, when something else belongs to it.
    func relieve(_ counter: inout WordCounter, memory: Int, taken: Int? = nil) {
        guard taken ?? counter.memory > memory else { return }
        add(counter)
        counter = WordCounter()
    }

    /// Gives every word with its count: of the runs when there are any (the counter must be among them then), else of
    /// the counter.
    func forEachCount(
        _ counter: WordCounter, _ body: (UnsafeBufferPointer<UInt8>, Int) throws -> Void
    ) throws {
        guard isEmpty else { return try merge(body) }
        try counter.index.forEachWord { number, word in try body(word, counter.counts[number]) }
    }

    /// Throws what hindered `add`.
    func check() throws {
        if let error = state.withLock({ $0.error }) { throw error }
    }

    /// Gives every word with its count, in the order of the bytes.
    /// - Throws: what hindered `add`, and what `body` throws.
    func merge(_ body: (UnsafeBufferPointer<UInt8>, Int) throws -> Void) throws {
        try check()
        let (mapped, ends) = try state.withLock { (try $0.file?.map(), $0.ends) }
        guard let mapped else { return }
        try mapped.withBytes { bytes in
            var heap = RunHeap(bytes: bytes.bindMemory(to: UInt8.self), ends: ends)
            while let (word, count) = heap.next() { try body(word, count) }
        }
    }
}

/// The runs' next records, the least word first.
private struct RunHeap {
    private struct Cursor {
        var position: Int
        let end: Int
        var word = 0..<0
        var count = 0
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var cursors: [Cursor] = []

    init(bytes: UnsafeBufferPointer<UInt8>, ends: [Int]) {
        self.bytes = bytes
        var start = 0
        for end in ends {
            cursors.append(Cursor(position: start, end: end))
            start = end
        }
        for place in cursors.indices { read(place) }
        for place in cursors.indices.reversed() { sink(place) }
    }

    /// The next word and its count in all runs.
    mutating func next() -> (UnsafeBufferPointer<UInt8>, Int)? {
        guard let first = cursors.first else { return nil }
        var count = 0
        while let top = cursors.first, isEqual(top.word, first.word) {
            count += top.count
            if top.position < top.end {
                read(0)
            } else {
                cursors[0] = cursors[cursors.count - 1]
                cursors.removeLast()
            }
            sink(0)
        }
        return (UnsafeBufferPointer(rebasing: bytes[first.word]), count)
    }

    private mutating func read(_ place: Int) {
        let raw = UnsafeRawBufferPointer(bytes)
        let start = cursors[place].position
        let length = Int(raw.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        cursors[place].count = Int(raw.loadUnaligned(fromByteOffset: start + 4, as: Int64.self))
        cursors[place].word = start + 12..<start + 12 + length
        cursors[place].position = start + 12 + length
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < cursors.count {
                if isBefore(cursors[child].word, cursors[least].word) { least = child }
            }
            if least == place { return }
            cursors.swapAt(place, least)
            place = least
        }
    }

    private func isBefore(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        compare(one, other) < 0
    }

    private func isEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        one.count == other.count && compare(one, other) == 0
    }

    private func compare(_ one: Range<Int>, _ other: Range<Int>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        return WordBytes.compare(raw[one], raw[other])
    }
}

extension WordCounter {
    /// Bytes that the counter takes.
    var memory: Int { index.memory + 8 * counts.capacity }

    /// Words and counts as a run of `CountRuns`.
    func sortedRun() -> [UInt8] {
        index.bytes.withUnsafeBytes { bytes in
            let order = (0..<index.count).sorted { one, other in
                WordBytes.compare(bytes[index.range(of: one)], bytes[index.range(of: other)]) < 0
            }
            var run: [UInt8] = []
            run.reserveCapacity(bytes.count + 12 * index.count)
            for number in order {
                let word = bytes[index.range(of: number)]
                withUnsafeBytes(of: UInt32(word.count)) { run.append(contentsOf: $0) }
                withUnsafeBytes(of: Int64(counts[number])) { run.append(contentsOf: $0) }
                run.append(contentsOf: word)
            }
            return run
        }
    }
}
