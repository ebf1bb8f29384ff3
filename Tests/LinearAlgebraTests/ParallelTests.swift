import Synchronization
import Testing

@testable import LinearAlgebra

@Suite struct ParallelTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 7, 64, 1000]) func everyElementComesOnce(threads: Int, count: Int) {
        let seen = Mutex([Int](repeating: 0, count: count))
        parallelFor(count, threads: threads, grain: 7) { range in
            #expect(range.lowerBound % 7 == 0 && range.count <= 7)
            seen.withLock { for index in range { $0[index] += 1 } }
        }
        #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test(arguments: [1, 2, 3, 8]) func resultsKeepTheOrderOfThePieces(threads: Int) {
        let starts = parallelMap(100, threads: threads, grain: 9) { $0.lowerBound }
        #expect(starts == Array(stride(from: 0, to: 100, by: 9)))
    }

    @Test(arguments: [1, 2, 5]) func rowsAreUpdatedInPlace(threads: Int) {
        var values = [Int](repeating: 0, count: 3 * 50)
        values.parallelUpdate(width: 3, threads: threads, grain: 4) { rows, elements in
            for row in rows {
                for column in 0..<3 { elements[(row - rows.lowerBound) * 3 + column] = row * 10 + column }
            }
        }
        #expect(values == (0..<150).map { $0 / 3 * 10 + $0 % 3 })
    }
}
