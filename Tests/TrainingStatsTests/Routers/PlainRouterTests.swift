import Synchronization
import Testing

@testable import TrainingStats

@Suite("routers into collections, and to several places")
struct PlainRouterTests {
    @Test("a collection keeps everything in order, by kind")
    func collection() {
        let router = CollectionStatsStorageRouter()
        router.put(Records.run(5))
        router.putUpdate(Records.report(5), source: Records.source, sequence: 5, timestamp: 1)
        router.putStorageMetaData(SessionMetadata(command: "x"), source: Records.source, sequence: 6, timestamp: 1)
        router.putStaticInfo(StaticInfo(startTime: 1), source: Records.source, sequence: 7, timestamp: 1)
        router.put([Records.map(8)])
        #expect(router.records.map(\.sequence) == Array(0..<9))
        #expect(router.updates.map(\.sequence) == [2, 3, 4, 5])
        #expect(router.metadata.map(\.sequence) == [1, 6])
        #expect(router.staticInfos.map(\.sequence) == [0, 7])
        #expect(router.maps.map(\.sequence) == [8])
        #expect(router.counters.received == 9 && router.counters.delivered == 9)
        #expect(router.flush(timeout: .zero))
        #expect(router.takeAll().count == 9 && router.records.isEmpty)
    }

    @Test("a broadcast brings every record everywhere, and waits for all within one time")
    func broadcast() throws {
        final class Slow: StatsStorageRouter {
            let asked = Mutex<[Duration]>([])
            func put(_ records: [StatsRecord]) {}
            func flush(timeout: Duration) -> Bool {
                asked.withLock { $0.append(timeout) }
                return false
            }
            var counters: RouterCounters {
                var counters = RouterCounters()
                (counters.lost, counters.failures) = (3, 4)
                return counters
            }
        }
        let collection = CollectionStatsStorageRouter()
        let storage = InMemoryStatsStorage()
        let router = BroadcastStatsStorageRouter([collection, storage])
        router.put(Records.run(10))
        #expect(collection.records.count == 10)
        #expect(try storage.numberOfUpdates(Records.source) == 8)
        #expect(router.flush(timeout: .seconds(60)))
        #expect(router.counters.received == 20 && router.counters.delivered == 20)
        let slow = Slow()
        let both = BroadcastStatsStorageRouter([collection, slow])
        #expect(!both.flush(timeout: .seconds(5)))
        #expect(slow.asked.withLock { $0.allSatisfy { $0 <= .seconds(5) && $0 > .zero } })
        #expect(both.counters.lost == 3 && both.counters.failures == 4)
    }
}
