import CVectorKernels
import LinearAlgebra
import Testing

@testable import WordEmbeddings

@Suite struct HotCopiesTests {
    private static let counts = (1...4000).map { 100_000 / $0 + 5 }

    private func configuration(_ threads: Int) -> Word2Vec.Configuration {
        var configuration = Word2Vec.Configuration()
        configuration.dimensions = 20
        configuration.threads = threads
        configuration.hierarchicalSoftmax = true
        configuration.bothObjectives = true
        return configuration
    }

    private func plan(threads: Int, counts: [Int] = HotCopiesTests.counts, locks: Bool = false) -> HotPlan {
        let objective = Objective(configuration(threads), counts: counts)
        return HotPlan(objective, words: counts.count, threads: threads, locks: locks)
    }

    private func tables(_ plan: HotPlan) throws -> ModelTables {
        try ModelTables(
            inputRows: 4000, outputRows: 7999, dimensions: 20, seed: 1, threads: 1, copies: plan.copiedRows)
    }

    private func row(_ table: AlignedBuffer<Float>, _ row: UInt32) -> UnsafeMutablePointer<Float> {
        table.base + Int(row) * 32
    }

    /// One thread has no copies, and neither have words that must stay as they are, nor tables of a few rows.
    @Test func whoHasCopies() {
        #expect(plan(threads: 1).copiedRows == (0, 0))
        #expect(plan(threads: 2, counts: [9, 8, 7, 6, 5]).copiedRows == (0, 0))
        #expect(plan(threads: 2, locks: true).copiedRows.inputs == 0)
        #expect(plan(threads: 2, locks: true).copiedRows.outputs > 0)
        for threads in [2, 8, 64] {
            let rows = plan(threads: threads).copiedRows
            #expect(rows.inputs > 0 && rows.outputs > rows.inputs)
            #expect(2 * rows.inputs <= 4000 / 8 && 2 * rows.outputs <= 7999 / 4, "with what the copies were")
        }
    }

    /// What two threads learn in rows of each kind comes to the shared rows and to each other.
    @Test func threadsLearnFromEachOther() throws {
        let plan = plan(threads: 2)
        let tables = try tables(plan)
        let threads = (0..<2).map { HotCopies(plan, tables: tables, thread: $0) }
        for copies in threads { copies.load() }
        for (table, shared, copies) in [
            (tables.inputs, UInt32(0), threads.map(\.inputs)), (tables.outputs, 0, threads.map(\.words)),
            (tables.outputs, UInt32(7999 - plan.nodes), threads.map(\.nodes)),
        ] {
            let before = row(table, shared)[3]
            #expect(
                row(table, hot_row(copies[0], shared))[3] == before
                    && row(table, hot_row(copies[1], shared))[3] == before)
            row(table, hot_row(copies[0], shared))[3] += 1
            row(table, hot_row(copies[1], shared))[4] += 2
            let last = shared + copies[0].count - 1
            row(table, hot_row(copies[0], last))[0] += 5
            #expect(row(table, shared)[3] == before, "not yet")
            #expect(hot_row(copies[0], last + 1) == last + 1, "has no copy")
        }
        threads[0].mergeAll()
        threads[1].mergeAll()
        threads[0].mergeAll()
        for (table, shared, copies) in [
            (tables.inputs, UInt32(0), threads.map(\.inputs)), (tables.outputs, 0, threads.map(\.words)),
            (tables.outputs, UInt32(7999 - plan.nodes), threads.map(\.nodes)),
        ] {
            let last = shared + copies[0].count - 1
            for place in [shared, hot_row(copies[0], shared), hot_row(copies[1], shared)] {
                #expect(abs(row(table, place)[3] - 1) < 0.03 && abs(row(table, place)[4] - 2) < 0.03)
            }
            for place in [last, hot_row(copies[0], last), hot_row(copies[1], last)] {
                #expect(abs(row(table, place)[0] - 5) < 0.03)
            }
        }
    }

    /// The hottest rows are merged each time, and all rows are merged at some time.
    @Test func rarerRowsAreMergedMoreRarely() throws {
        let plan = plan(threads: 2)
        let tables = try tables(plan)
        let copies = HotCopies(plan, tables: tables, thread: 0)
        copies.load()
        var mergings = [Int](repeating: 0, count: plan.nodes)
        for _ in 0..<64 {
            for index in 0..<plan.nodes { row(tables.outputs, copies.nodes.copy + UInt32(index))[0] += 1 }
            let before = (0..<plan.nodes).map { row(tables.outputs, copies.nodes.first + UInt32($0))[0] }
            copies.merge()
            for index in 0..<plan.nodes
            where row(tables.outputs, copies.nodes.first + UInt32(index))[0] != before[index] {
                // The last node is the root.
                mergings[plan.nodes - 1 - index] += 1
            }
        }
        #expect(plan.nodes > 100)
        for (rank, count) in mergings.enumerated() {
            var every = 1
            while HotCopies.hottest * every <= rank { every *= 2 }
            #expect(count == 64 / every, "rank \(rank)")
        }
    }
}
