import CVectorKernels
import LinearAlgebra

/// Finds the rows that point most nearly in some directions.
///
/// All rows are scored in single precision: a matrix-vector product for a few queries, matrix products for many. Rows
/// that may be among the best, by a bound on the rounding error, are scored once more in doubles. So the answer is
/// that of a search in doubles, and the same however many queries, threads or lanes there are.
struct CosineSearch: Sendable {
    let rows: RowStorage
    /// One over the length of each row, as `RowNorms` has it.
    let inverseNorms: [Float]
    /// Only the first that many rows are searched.
    let limit: Int
    let threads: Int

    /// A direction and the rows that are no answers.
    struct Query: Sendable {
        var direction: Direction
        var excluded: [Int] = []
    }

    /// A row and its cosine.
    struct Answer: Sendable, Equatable {
        var number: Int
        var score: Float
    }

    /// Fewer queries than this are scored row by row.
    private static let fewestForProducts = 4
    /// Queries that are answered in one pass over the rows.
    private static let batch = 256

    /// Rows that are scored at a time: some 256 KiB of them.
    private var block: Int { max(16, min(1024, (1 << 16) / max(1, rows.columns) / 16 * 16)) }

    /// Twice the largest error of a score in single precision.
    private var margin: Float { 2 * Float.ulpOfOne * (Float(rows.columns) / 4 + 32) }

    /// The `count` best rows of each query, the best first, ties by number.
    func top(_ queries: [Query], count: Int) -> [[Answer]] {
        guard count > 0 else { return queries.map { _ in [] } }
        return stride(from: 0, to: queries.count, by: Self.batch).flatMap { start in
            best(Array(queries[start..<min(queries.count, start + Self.batch)]), count: min(count, limit))
        }
    }

    /// The cosines of all rows with a direction, in single precision.
    func scores(_ direction: Direction) -> [Float] {
        let block = block
        let query = [Query(direction: direction)]
        var scores = [Float](repeating: 0, count: limit)
        scores.parallelUpdate(width: 1, threads: threads, grain: block) { range, scores in
            let scorer = BlockScorer(search: self, queries: query, block: block)
            scorer.score(range)
            for row in 0..<range.count { scores[row] = scorer.scores.base[row] }
        }
        return scores
    }

    /// How many rows have a cosine with the direction that is above `score`.
    func countAbove(_ score: Float, _ query: Query) -> Int {
        let scratch = AlignedBuffer<Float>(count: rows.columns)
        var count = 0
        for (number, approximate) in scores(query.direction).enumerated()
        where approximate >= score - margin && !query.excluded.contains(number) {
            if approximate > score + margin || cosine(number, query.direction, scratch) > score { count += 1 }
        }
        return count
    }

    private func best(_ queries: [Query], count: Int) -> [[Answer]] {
        let wanted = queries.map { min(limit, count + $0.excluded.count) }
        let (block, margin) = (block, margin)
        // A few pieces for each thread, so that none waits long for another.
        let grain = max(1, (limit / (4 * max(1, threads)) + block - 1) / block) * block
        let found = parallelMap(limit, threads: threads, grain: grain) { range in
            let scorer = BlockScorer(search: self, queries: queries, block: block)
            var lists = wanted.map { CandidateList(wanted: $0, margin: margin) }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let rows = start..<min(range.upperBound, start + block)
                scorer.score(rows)
                for query in lists.indices { lists[query].offer(scorer.scores(of: query), first: rows.lowerBound) }
            }
            return lists
        }
        let answers = parallelMap(queries.count, threads: threads, grain: 4) { range in
            range.map { query in
                var candidates = CandidateList(wanted: wanted[query], margin: margin)
                for lists in found { candidates.merge(lists[query]) }
                return sorted(candidates, queries[query], count: count)
            }
        }
        return answers.flatMap { $0 }
    }

    /// The best of the candidates, scored in doubles.
    private func sorted(_ candidates: CandidateList, _ query: Query, count: Int) -> [Answer] {
        let scratch = AlignedBuffer<Float>(count: rows.columns)
        let excluded = Set(query.excluded)
        var answers: [Answer] = []
        for number in candidates.numbers where !excluded.contains(number) {
            answers.append(Answer(number: number, score: cosine(number, query.direction, scratch)))
        }
        answers.sort { $0.score != $1.score ? $0.score > $1.score : $0.number < $1.number }
        return Array(answers.prefix(count))
    }

    /// A row's cosine in doubles.
    private func cosine(_ number: Int, _ direction: Direction, _ scratch: AlignedBuffer<Float>) -> Float {
        rows.withRows(number..<number + 1, scratch: scratch) { direction.cosine(to: $0) }
    }

    /// Scores blocks of rows against some queries, with memory of its own.
    private struct BlockScorer {
        let search: CosineSearch
        let queries: [Query]
        let block: Int
        /// Query i has its scores from element i × block on.
        let scores: AlignedBuffer<Float>
        private let directions: AlignedBuffer<Float>
        private let scratch: AlignedBuffer<Float>
        private let units: AlignedBuffer<Float>?
        private var scored: Box

        /// How many rows the last call scored.
        private final class Box {
            var rows = 0
        }

        init(search: CosineSearch, queries: [Query], block: Int) {
            (self.search, self.queries, self.block) = (search, queries, block)
            let columns = search.rows.columns
            scores = AlignedBuffer(count: queries.count * block)
            directions = AlignedBuffer(count: queries.count * columns)
            scratch = AlignedBuffer(count: block * columns)
            units = queries.count < CosineSearch.fewestForProducts ? nil : AlignedBuffer(count: block * columns)
            scored = Box()
            for (number, query) in queries.enumerated() {
                for (column, value) in query.direction.components.enumerated() {
                    directions.base[number * columns + column] = Float(value)
                }
            }
        }

        /// The scores of a query in the last block.
        func scores(of query: Int) -> UnsafeBufferPointer<Float> {
            UnsafeBufferPointer(start: scores.base + query * block, count: scored.rows)
        }

        /// Scores the rows of a range, at most a block of them.
        func score(_ range: Range<Int>) {
            scored.rows = range.count
            search.inverseNorms.withUnsafeBufferPointer { inverses in
                let inverses = UnsafeBufferPointer(rebasing: inverses[range])
                if let units {
                    scoreTogether(range, inverses, units)
                } else {
                    scoreOneByOne(range, inverses)
                }
                // Rows whose squares are no floats.
                for row in 0..<range.count where inverses[row].isNaN {
                    search.rows.withRows(range.lowerBound + row..<range.lowerBound + row + 1, scratch: scratch) {
                        for query in queries.indices {
                            scores.base[query * block + row] = queries[query].direction.cosine(to: $0)
                        }
                    }
                }
            }
        }

        /// Reads the rows where they lie.
        private func scoreOneByOne(_ range: Range<Int>, _ inverses: UnsafeBufferPointer<Float>) {
            for query in queries.indices {
                let into = scores.base + query * block
                search.rows.products(range, directions.base + query * search.rows.columns, into: into)
                for row in 0..<range.count { into[row] *= inverses[row] }
            }
        }

        /// One matrix product of all queries and the rows at unit length.
        private func scoreTogether(
            _ range: Range<Int>, _ inverses: UnsafeBufferPointer<Float>, _ units: AlignedBuffer<Float>
        ) {
            let columns = search.rows.columns
            search.rows.withRows(range, scratch: scratch) { vectors in
                for row in 0..<range.count {
                    let (from, to) = (vectors + row * columns, units.base + row * columns)
                    for column in 0..<columns { to[column] = from[column] * inverses[row] }
                }
                BLAS.multiplyTransposed(
                    directions.base, rows: queries.count, units.base, rows: range.count, columns: columns,
                    into: scores.base, stride: block)
            }
        }
    }
}
