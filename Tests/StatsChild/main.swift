// A process that tests start, starve and kill: it writes or posts records.
//
//     StatsChild write FILE             an update every 2 ms, for ever; prints the number of each after it was put
//     StatsChild full FILE BYTES COUNT  as if the disk were full after BYTES, until a line comes on standard input
//     StatsChild post URL TOKEN SPILL BYTES COUNT   the same with a remote router, whose spill file is what is bounded
//
// `full` and `post` print the counters as JSON: when all was put and the disk has refused, and at the end.
import Foundation
import TrainingStats

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

let arguments = Array(CommandLine.arguments.dropFirst())

func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

func say(_ counters: RouterCounters) throws {
    say(String(decoding: try StatsJSON.encode(counters), as: UTF8.self))
}

func update(_ number: Int) -> StatsRecord {
    var report = StatsReport(
        iteration: number, completedUnits: number, totalUnits: 1 << 40, elapsedSeconds: Double(number))
    report.score = Double(number)
    return StatsRecord(
        source: StatsSource(session: "child", type: StatsListener.typeID, worker: "w0"), sequence: number,
        timestamp: Int64(Date().timeIntervalSince1970 * 1_000), content: .update(report))
}

/// Files of this process can grow to so many bytes; a write past them fails, as on a full disk.
func limitFiles(to bytes: rlim_t) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    #if canImport(Glibc)
        let resource = __rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue))
    #else
        let resource = RLIMIT_FSIZE
    #endif
    getrlimit(resource, &limit)
    limit.rlim_cur = min(bytes, limit.rlim_max)
    setrlimit(resource, &limit)
}

func waitFor(_ seconds: Double, _ condition: () -> Bool) {
    let end = Date() + seconds
    while !condition(), Date() < end { usleep(10_000) }
}

switch arguments.first {
case "write" where arguments.count == 2:
    let storage = try FileStatsStorage(arguments[1])
    for number in 0... {
        storage.put([update(number)])
        say("\(number)")
        usleep(2_000)
    }
case "full" where arguments.count == 4:
    let storage = try FileStatsStorage(arguments[1])
    limitFiles(to: rlim_t(arguments[2]) ?? 0)
    for number in 0..<(Int(arguments[3]) ?? 0) { storage.put([update(number)]) }
    waitFor(60) { storage.lastError != nil }
    try say(storage.counters)
    say(storage.lastError.map { "\($0)" } ?? "no error")
    _ = readLine()
    limitFiles(to: .max)
    waitFor(60) { storage.flush(timeout: .seconds(1)) }
    try say(storage.counters)
    say(storage.lastError.map { "\($0)" } ?? "no error")
    storage.close()
case "post" where arguments.count == 6:
    var configuration = RemoteUIStatsStorageRouter.Configuration()
    configuration.spillFile = arguments[3]
    configuration.queueLimit = 64
    configuration.firstPause = .milliseconds(50)
    configuration.longestPause = .milliseconds(500)
    let router = try RemoteUIStatsStorageRouter(arguments[1], token: arguments[2], configuration: configuration)
    limitFiles(to: rlim_t(arguments[4]) ?? 0)
    for number in 0..<(Int(arguments[5]) ?? 0) { router.put([update(number)]) }
    waitFor(60) { router.counters.lost > 0 && router.counters.failures > 0 }
    try say(router.counters)
    say(router.lastError.map { "\($0)" } ?? "no error")
    _ = readLine()
    limitFiles(to: .max)
    waitFor(60) { router.flush(timeout: .seconds(5)) }
    try say(router.counters)
    say(router.lastError.map { "\($0)" } ?? "no error")
    router.close()
default:
    FileHandle.standardError.write(Data("no such task\n".utf8))
    exit(64)
}
