import Foundation
import Testing

struct FuzzTests {
    /// Some hundred rounds, or as many seconds as `W2V_FUZZ_SECONDS` says (`scripts/fuzz`).
    @Test("damaged files", arguments: FuzzTarget.all)
    func damaged(target: FuzzTarget) throws {
        let environment = ProcessInfo.processInfo.environment
        if let only = environment["W2V_FUZZ_READER"], only != target.name { return }
        let seconds = environment["W2V_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let seed = environment["W2V_FUZZ_SEED"].flatMap(UInt64.init) ?? 7
        #expect(!target.seeds.isEmpty)
        let before = peakMemory()
        var loop = try FuzzLoop(target, seed: seed)
        try loop.run(rounds: 300, seconds: seconds)
        #expect(loop.accepted > 0 && loop.refused > 0)
        // Only alone does the peak belong to the reader.
        if seconds > 0 {
            #expect(peakMemory() - before < 512 << 20)
            print(
                "\(target.name): \(loop.accepted) read, \(loop.refused) refused, \((peakMemory() - before) >> 20) MiB")
        }
    }
}
