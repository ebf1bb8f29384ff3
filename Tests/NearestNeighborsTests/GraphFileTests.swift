import Foundation
import LinearAlgebra
import NearestNeighbors
import Testing

struct GraphFileTests {
    private func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    }

    @Test func comesBackAsItWas() throws {
        let graph = try ExactNeighbors().graph(of: uniform(rows: 300, columns: 4), k: 7)
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try graph.write(to: path)
        #expect(try NeighborGraph.read(path: path) == graph)
    }

    /// 2 points of 1 neighbour; each damage is named.
    @Test func damageIsNamed() throws {
        let graph = NeighborGraph(
            count: 3, neighborsPerPoint: 2, indices: [1, 2, 0, 2, 0, 1], distances: [1, 2, 1, 3, 2, 3])
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try graph.write(to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        func error(_ change: (inout Data) -> Void) throws -> GraphFileError? {
            var bytes = whole
            change(&bytes)
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                _ = try NeighborGraph.read(path: path)
                return nil
            } catch let error as GraphFileError {
                return error
            }
        }
        #expect(try error { _ in } == nil)
        #expect(try error { $0[0] = 0 } == .noGraph(file: path))
        #expect(try error { $0 = $0.prefix(10) } == .noGraph(file: path))
        for change in [{ $0.removeLast() }, { $0[15] = 0x80 }, { $0[16] = 3 }, { $0[8] = 200 }]
            as [(inout Data) -> Void]
        {
            guard case .wrongSize = try error(change) else {
                Issue.record("a wrong size was not seen")
                continue
            }
        }
        #expect(try error { $0[24] = 0 } == .badNeighbor(file: path, point: 0, place: 0, found: 0))
        #expect(try error { $0[24] = 9 } == .badNeighbor(file: path, point: 0, place: 0, found: 9))
        #expect(try error { $0[24] = 2 } == .twice(file: path, point: 0, neighbor: 2))
        let negative = try error { $0[24 + 24 + 3] = 0xBF }
        #expect(negative == .badDistance(file: path, point: 0, place: 0, found: -1))
        let falling = try error { $0[24 + 24 + 7] = 0x3E }
        guard case .badDistance(_, 0, 1, _) = falling else {
            Issue.record("a falling distance was not seen: \(String(describing: falling))")
            return
        }
    }
}

struct VectorClustersTests {
    /// Seven tight groups of known members.
    @Test(arguments: [Metric.euclidean, .cosine]) func findsTheGroups(metric: Metric) throws {
        var data = uniform(rows: 700, columns: 10, seed: 4)
        let centres = uniform(rows: 8, columns: 10, seed: 5)
        for i in 0..<700 { for d in 0..<10 { data[i, d] = 0.1 * data[i, d] + 4 * centres[i % 8, d] } }
        let found = try VectorClusters(of: data, metric: metric)
        #expect(found.count == 8 && found.silhouette > 0.7)
        for i in 0..<700 { #expect(found.assignments[i] == found.assignments[i % 8]) }
        #expect(Set(found.assignments.prefix(8)).count == 8)
        #expect(try VectorClusters(of: data, metric: metric, threads: 1) == found)
        let names = found.names(labels: (0..<700).map { "w\($0)" })
        #expect(names[Int(found.assignments[3])] == "w3, w11, w19")
        let counted = found.names(labels: (0..<700).map { "w\($0)" }, counts: Array(1...700), words: 1)
        #expect(counted[Int(found.assignments[3])] == "w699")
    }

    @Test func fewRows() throws {
        #expect(try VectorClusters(of: Matrix(rows: 0, columns: 3), metric: .euclidean).count == 0)
        #expect(try VectorClusters(of: Matrix(rows: 1, columns: 3), metric: .cosine).assignments == [0])
        // All equal: however many centres, one group.
        #expect(try VectorClusters(of: Matrix(rows: 50, columns: 3), metric: .euclidean).count == 1)
        let three = try VectorClusters(of: uniform(rows: 30, columns: 3), metric: .euclidean, count: 3)
        #expect(three.count == 3 && three.assignments.allSatisfy { $0 < 3 })
    }
}
