import Foundation
public import LinearAlgebra
public import Testing

/// A reader that must answer any bytes with data or an error of one line, in little memory and without a crash.
public struct FuzzTarget: Sendable, CustomTestStringConvertible {
    let name: String
    let seeds: [[UInt8]]
    let repair: (@Sendable ([UInt8]) -> [UInt8])?
    let damage: (@Sendable ([UInt8], inout Philox) -> [UInt8]?)?
    let isRefusal: @Sendable (any Error) -> Bool
    let read: @Sendable (_ path: String, _ files: TestFolder) throws -> Void

    /// - Parameters:
    ///   - name: name of the target and of the folder of its kept seeds.
    ///   - seeds: valid files; those of `Tests/TestSupport/Seeds/NAME` come to them.
    ///   - repair: makes checksums right again, so that what lies behind them is reached.
    ///   - damage: changes a file where bytes changed at random would not get far, in three of four rounds; `nil` from it
    ///     when the file is none that it knows.
    ///   - isRefusal: whether an error is one that the reader may answer with.
    ///   - read: reads a file; `files` is a folder that it may write to, with the file as `fuzz`.
    public init(
        _ name: String, seeds: [[UInt8]], repair: (@Sendable ([UInt8]) -> [UInt8])? = nil,
        damage: (@Sendable ([UInt8], inout Philox) -> [UInt8]?)? = nil,
        isRefusal: @escaping @Sendable (any Error) -> Bool,
        read: @escaping @Sendable (_ path: String, _ files: TestFolder) throws -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.repair = repair
        self.damage = damage
        self.isRefusal = isRefusal
        self.read = read
    }

    /// The name, for the list of tests.
    public var testDescription: String { name }

    /// Damages files for some hundred rounds, or for as many seconds as `W2V_FUZZ_SECONDS` says (`scripts/fuzz`).
    public func run() throws {
        let environment = ProcessInfo.processInfo.environment
        if let only = environment["W2V_FUZZ_READER"], only != name { return }
        let seconds = environment["W2V_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let seed = environment["W2V_FUZZ_SEED"].flatMap(UInt64.init) ?? 7
        #expect(!seeds.isEmpty)
        let before = peakMemory()
        var loop = try FuzzLoop(self, seed: seed)
        try loop.run(rounds: 300, seconds: seconds)
        #expect(loop.accepted > 0 && loop.refused > 0)
        // Only alone does the peak belong to the reader.
        if seconds > 0 {
            let grown = peakMemory() - before
            #expect(grown < 512 << 20)
            print("\(name): \(loop.accepted) read, \(loop.refused) refused, \(grown >> 20) MiB")
        }
    }
}

/// Feeds damaged files to a reader. Inputs that bring a new kind of answer become seeds themselves: a stand-in for the
/// coverage that a fuzzer of the compiler's would measure.
private struct FuzzLoop {
    let target: FuzzTarget
    private var random: Philox
    private var pool: [[UInt8]]
    private var answers: Set<String> = []
    private(set) var accepted = 0
    private(set) var refused = 0

    init(_ target: FuzzTarget, seed: UInt64) throws {
        self.target = target
        random = Philox(seed: seed)
        pool = try target.seeds + Self.keptSeeds(target.name)
    }

    /// Inputs that once went wrong.
    private static func keptSeeds(_ name: String) throws -> [[UInt8]] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Seeds/\(name)")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return [] }
        return try names.sorted().map { try [UInt8](Data(contentsOf: folder.appendingPathComponent($0))) }
    }

    /// Runs for a number of rounds, and then on until a time is over.
    mutating func run(rounds: Int, seconds: Double) throws {
        let files = try TestFolder()
        let end = ContinuousClock.now + .seconds(seconds)
        var round = 0
        while round < rounds || ContinuousClock.now < end {
            try step(files, isDamaged: round >= pool.count, round)
            round += 1
        }
    }

    private mutating func step(_ files: TestFolder, isDamaged: Bool, _ round: Int) throws {
        var bytes = isDamaged ? pool[Int(random.next32()) % pool.count] : pool[round]
        if isDamaged, let damage = target.damage, random.next32() % 4 != 0, let changed = damage(bytes, &random) {
            bytes = changed
        } else if isDamaged {
            if random.next32() % 8 == 0 { bytes = splice(bytes, pool[Int(random.next32()) % pool.count]) }
            bytes = Self.damage(bytes, &random)
            if let repair = target.repair, random.next32() % 4 != 0 { bytes = repair(bytes) }
        }
        // The file stays when reading it ends the process.
        let path = try files.write("fuzz", bytes)
        var answer = "read"
        do {
            try target.read(path, files)
            accepted += 1
        } catch {
            answer = "\(error)"
            if !target.isRefusal(error) { Issue.record("\(target.name): \(error) for \(Self.base64(bytes))") }
            refused += 1
        }
        if answer.contains("\n") || answer.contains("\u{1B}") {
            Issue.record("\(target.name): an answer of several lines for \(Self.base64(bytes))")
        }
        // Numbers and names make no new kind of answer.
        let kind = answer.filter { !$0.isNumber }.prefix(80)
        if bytes.count < 1 << 16, pool.count < 500, answers.insert(String(kind)).inserted { pool.append(bytes) }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    private mutating func splice(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
        let (first, second) = (
            Int.random(in: 0...one.count, using: &random), Int.random(in: 0...other.count, using: &random)
        )
        return Array(one[..<first] + other[second...])
    }

    /// Pieces that readers look for.
    private static let pieces: [[UInt8]] =
        [
            "\n", " ", "\0", "-1", "999999999999", "9", "nan", "1e99", "(", ")", ",", "True", "L", "'>f8'", "{",
            "\u{FEFF}", "\t", ":", "\"", "\u{3000}", "\u{301}", "null", "1e-400", "18446744073709551615",
        ].map { Array($0.utf8) } + [
            [0xFF], [0x93], [0x1F, 0x8B, 8], [0, 0, 0x80, 0x7F], [UInt8](repeating: 0x20, count: 70),
            [UInt8](repeating: 0xFF, count: 8), [0, 0, 0, 0, 0, 0, 0, 0x80],
        ]

    /// One to three changes at random places.
    static func damage(_ bytes: [UInt8], _ random: inout Philox) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.next32() % 3 where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
            switch random.next32() % 6 {
            case 0: bytes[place] ^= 1 << UInt8(random.next32() % 8)
            case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next32())
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
            default: bytes.replaceSubrange(place..<end, with: pieces[Int(random.next32()) % pieces.count])
            }
        }
        return bytes
    }
}
