import CVectorKernels
import LinearAlgebra

/// Which rows of the tables each thread of the racing trainer has copies of: those of the most frequent words, and the
/// inner nodes next to the root of a Huffman tree.
///
/// Who changes a row takes it out of the other cores' caches. The rows that all threads change most would be on their way
/// all the time: two threads were slower than one where the cores share no cache (docs/performance.md).
struct HotPlan: Sendable {
    /// Limit of `share`: rows beyond it are rarely changed by two threads at once.
    private static let most = 2048

    let inputs: Int
    let words: Int
    let nodes: Int
    private let threads: Int
    private let inputRows: Int
    private let outputRows: Int

    /// - Parameters:
    ///   - count: words of the vocabulary.
    ///   - locks: whether some input rows must stay as they are; there are no copies of input rows then.
    init(_ objective: Objective, words count: Int, threads: Int, locks: Bool) {
        self.threads = threads
        inputRows = count
        outputRows = objective.outputRows
        // The copies and what they were take an eighth of the tables' memory at most. A tile has more output rows than
        // input rows.
        let share = threads > 1 ? min(Self.most, count / (16 * threads)) : 0
        inputs = locks ? 0 : share / 2
        words = objective.negatives > 0 ? share + share / 2 : 0
        nodes = objective.tree != nil ? share + share / 2 : 0
    }

    /// Rows behind the tables that hold the copies of all threads.
    var copiedRows: (inputs: Int, outputs: Int) { (threads * inputs, threads * (words + nodes)) }

    /// The copies of one thread: of words in the input table, and of words and inner nodes in the output table.
    fileprivate func rows(thread: Int) -> (inputs: HotRows, words: HotRows, nodes: HotRows) {
        func rows(_ first: Int, _ count: Int, _ copy: Int) -> HotRows {
            HotRows(first: UInt32(first), count: UInt32(count), copy: UInt32(copy))
        }
        let copy = outputRows + thread * (words + nodes)
        return (
            rows(0, inputs, inputRows + thread * inputs), rows(0, words, copy),
            rows(outputRows - nodes, nodes, copy + words)
        )
    }
}

/// A thread's copies of hot rows. It trains them in the place of the shared rows, and from time to time both learn what
/// the other has learned.
///
/// Unsafe code has its place here: it works on the shared tables by address, on rows that the plan made room for.
final class HotCopies {
    /// Tiles from one merging to the next.
    static let interval = 256
    /// Rows that each merging is of. Behind them twice as many come every second time, the next ones every fourth time,
    /// and so on: words as rare as that change about as much between two mergings.
    static let hottest = 16

    let inputs: HotRows
    let words: HotRows
    let nodes: HotRows
    private let groups: [Group]
    private let stride: Int
    private var mergings = 0

    /// Rows of one table.
    private struct Group {
        let table: UnsafeMutablePointer<Float>
        let rows: HotRows
        /// Whether the last row is the hottest one; else the first is.
        let hottestLast: Bool
        /// What the copies were after the last merging.
        let base: AlignedBuffer<Float>
    }

    init(_ plan: HotPlan, tables: ModelTables, thread: Int) {
        (inputs, words, nodes) = plan.rows(thread: thread)
        stride = tables.stride
        groups = [(tables.inputs, inputs, false), (tables.outputs, words, false), (tables.outputs, nodes, true)]
            .filter { $0.1.count > 0 }
            .map { table, rows, hottestLast in
                Group(
                    table: table.base, rows: rows, hottestLast: hottestLast,
                    base: AlignedBuffer(count: Int(rows.count) * tables.stride))
            }
    }

    /// Takes the shared rows as they are; what the copies had learned is lost.
    func load() {
        for group in groups {
            kernels.hot_load(
                group.table + Int(group.rows.first) * stride, group.table + Int(group.rows.copy) * stride,
                group.base.base, Int(group.rows.count), stride)
        }
    }

    /// Merges the hottest rows, and those of the others whose turn it is.
    func merge() {
        guard !groups.isEmpty else { return }
        mergings += 1
        merge(0..<Self.hottest)
        let first = Self.hottest << mergings.trailingZeroBitCount
        merge(first..<2 * first)
    }

    func mergeAll() { merge(0..<Int.max) }

    /// - Parameter ranks: of rows, 0 the hottest.
    private func merge(_ ranks: Range<Int>) {
        for group in groups {
            let count = Int(group.rows.count)
            let ranks = ranks.clamped(to: 0..<count)
            guard !ranks.isEmpty else { continue }
            let first = group.hottestLast ? count - ranks.upperBound : ranks.lowerBound
            kernels.hot_merge(
                group.table + (Int(group.rows.first) + first) * stride,
                group.table + (Int(group.rows.copy) + first) * stride, group.base.base + first * stride, ranks.count,
                stride)
        }
    }
}
