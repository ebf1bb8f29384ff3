/// Picks the highest of many scores: sorted, ties by number.
struct TopScores {
    /// Numbers and scores, a heap whose root is the worst of the kept ones.
    private var heap: [(number: Int, score: Float)] = []
    private let count: Int

    init(count: Int) {
        self.count = count
    }

    /// Offers a score; NaN is never kept.
    mutating func offer(_ number: Int, _ score: Float) {
        guard count > 0, !score.isNaN else { return }
        if heap.count < count {
            heap.append((number, score))
            rise(heap.count - 1)
        } else if Self.isBetter((number, score), heap[0]) {
            heap[0] = (number, score)
            sink()
        }
    }

    /// The kept ones, the best first.
    func sorted() -> [(number: Int, score: Float)] {
        heap.sorted { Self.isBetter($0, $1) }
    }

    private static func isBetter(_ one: (number: Int, score: Float), _ other: (number: Int, score: Float)) -> Bool {
        one.score > other.score || one.score == other.score && one.number < other.number
    }

    private mutating func rise(_ position: Int) {
        var child = position
        while child > 0, Self.isBetter(heap[(child - 1) / 2], heap[child]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, Self.isBetter(heap[child], heap[child + 1]) { child += 1 }
            guard Self.isBetter(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
