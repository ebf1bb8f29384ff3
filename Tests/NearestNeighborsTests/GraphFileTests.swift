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
