internal import FileAccess
internal import LinearAlgebra

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A descent as it stood before a step, to go on with later: the result has the same bytes as without the break.
///
/// The neighbours and affinities are not in it; they are found anew and must have the same checksum. So the same
/// vectors, options and CPU level are needed; `maxIterations`, `earlyStop`, `snapshotInterval` and `threads` may differ.
public struct TsneCheckpoint: Sendable, Equatable {
    /// Iterations done.
    public var iteration: Int { header.iteration }
    /// Number of points.
    public var points: Int { header.points }
    /// The options of the descent, with the metric filled in.
    public var configuration: BarnesHutTsne.Configuration { header.configuration }

    struct Header: Codable, Equatable {
        var configuration: BarnesHutTsne.Configuration
        var schedule: Schedule
        var iteration: Int
        var points: Int
        var level: CPULevel
        /// Of the affinities, as hexadecimal digits.
        var affinities: String
    }

    let header: Header
    let state: Descent.State

    private static let magic = Array("TSNECKP1".utf8)
    private static let largestHeader = 1 << 20

    init(header: Header, state: Descent.State) {
        self.header = header
        self.state = state
    }

    /// Reads a checkpoint.
    /// - Throws: `TsneError.checkpoint` when the file cannot be read or is not a whole checkpoint.
    public init(path: String) throws(TsneError) {
        do {
            let file = try MappedFile(path: path)
            (header, state) = try file.withBytes { try Self.parse($0, path: path) }
        } catch let error as TsneError {
            throw error
        } catch {
            throw .checkpoint("\(error)")
        }
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer, path: String) throws -> (Header, Descent.State) {
        func damaged(_ what: String) -> TsneError { .checkpoint("\(printable(path)): \(what)") }
        guard bytes.count >= 24, Array(bytes[0..<8]) == magic else { throw damaged("not a checkpoint of t-SNE") }
        func word(_ at: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        let length = word(8)
        guard length <= largestHeader, 24 + Int(length) <= bytes.count else { throw damaged("the header breaks off") }
        guard word(bytes.count - 8) == XXH64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 8)])) else {
            throw damaged("damaged: the checksum is wrong")
        }
        guard let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[16..<16 + Int(length)])) else {
            throw damaged("the header is not one that this version writes")
        }
        do { try header.configuration.validate() } catch { throw damaged("\(error)") }
        let stride = header.configuration.dimensions == 2 ? 2 : 4
        guard header.points >= 0, header.points <= Int(UInt32.max / 4), header.iteration >= 0,
            bytes.count == 24 + Int(length) + header.points * 4 * (1 + 3 * stride)
        else { throw damaged("the size does not fit the header") }
        var at = 16 + Int(length)
        func numbers(_ count: Int) -> [UInt32] {
            defer { at += 4 * count }
            return (0..<count).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 4 * $0, as: UInt32.self))
            }
        }
        let original = numbers(header.points)
        var seen = [Bool](repeating: false, count: header.points)
        for number in original {
            guard number < header.points, !seen[Int(number)] else { throw damaged("the order of the points is none") }
            seen[Int(number)] = true
        }
        func floats() -> [Float] { numbers(header.points * stride).map(Float.init(bitPattern:)) }
        let state = Descent.State(original: original, positions: floats(), velocity: floats(), memory: floats())
        // The bound of initial layouts; a descent that is well never comes near it.
        for values in [state.positions, state.velocity, state.memory] {
            guard values.allSatisfy({ abs($0) <= 1e15 }) else {
                throw damaged("a number is not between -1e15 and 1e15")
            }
        }
        return (header, state)
    }

    /// Writes the checkpoint beside its destination and renames it.
    /// - Throws: `TsneError.checkpoint`.
    public func write(to path: String) throws(TsneError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let json = try encoder.encode(header)
            var bytes = Self.magic
            bytes.reserveCapacity(24 + json.count + 4 * header.points * 13)
            func append(_ word: UInt64) { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
            append(UInt64(json.count))
            bytes += json
            for number in state.original { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
            for values in [state.positions, state.velocity, state.memory] {
                for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
            }
            append(bytes.withUnsafeBytes { XXH64.hash($0) })
            try writeAtomically(bytes, to: path)
        } catch {
            throw .checkpoint("\(error)")
        }
    }

    /// Throws unless a descent with these options, over these affinities, can go on from here.
    func check(_ wanted: BarnesHutTsne.Configuration, points: Int, affinities: UInt64) throws(TsneError) {
        guard points == header.points else {
            throw .misfit("the checkpoint is of \(header.points) points, the vectors are \(points)")
        }
        guard header.iteration <= wanted.maxIterations else {
            throw .misfit(
                "the checkpoint is of step \(header.iteration), and \(wanted.maxIterations) steps are wanted")
        }
        var stored = header.configuration
        stored.maxIterations = wanted.maxIterations
        stored.earlyStop = wanted.earlyStop
        stored.snapshotInterval = wanted.snapshotInterval
        stored.threads = wanted.threads
        guard stored == wanted else { throw .misfit("the checkpoint was made with other options") }
        guard header.level == .current else {
            throw .misfit(
                "the checkpoint was made on the CPU level \(header.level.rawValue), this is "
                    + "\(CPULevel.current.rawValue); set W2V_CPU_LEVEL=\(header.level.rawValue) if the machine has it")
        }
        guard String(affinities, radix: 16) == header.affinities else {
            throw .misfit("the checkpoint was made of other vectors or of other neighbours")
        }
    }
}

/// Where and how often `fit` writes checkpoints.
public struct TsneCheckpoints: Sendable {
    /// The file; each checkpoint takes the place of the one before.
    public var path: String
    /// Iterations from one to the next; the last one is written when the work is cancelled.
    public var every: Int

    /// - Parameters:
    ///   - path: the file.
    ///   - every: iterations from one checkpoint to the next, at least 1; default 100.
    public init(path: String, every: Int = 100) {
        self.path = path
        self.every = max(1, every)
    }
}
