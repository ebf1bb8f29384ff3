import FileAccess
import LinearAlgebra
import TestSupport
import Testing

@testable import TSNE

/// Damaged checkpoints of a descent: refused in one line, or gone on from.
struct CheckpointFuzzTests {
    private static let options = configuration(24) { $0.perplexity = 3 }
    private static let data = clusters(12, columns: 3)

    private static func seeds() throws -> [[UInt8]] {
        let files = try TestFolder()
        return try [2, 3].flatMap { dimensions in
            try [false, true].map { isAutomatic in
                var options = options
                options.dimensions = dimensions
                options.automaticExaggerationEnd = isAutomatic
                _ = try BarnesHutTsne(configuration: options).fit(data, checkpoints: .init(path: files["c"], every: 20))
                return try files.bytes("c")
            }
        }
    }

    static let target = FuzzTarget(
        "tsne-checkpoint", seeds: (try? seeds()) ?? [],
        repair: { bytes in
            guard bytes.count > 8 else { return bytes }
            let hash = bytes.dropLast(8).withUnsafeBytes { XXH64.hash($0) }
            return bytes.dropLast(8) + withUnsafeBytes(of: hash.littleEndian) { Array($0) }
        },
        isRefusal: { $0 is TsneError },
        read: { path, _ in
            let checkpoint = try TsneCheckpoint(path: path)
            var options = options
            options.dimensions = checkpoint.configuration.dimensions
            options.automaticExaggerationEnd = checkpoint.configuration.automaticExaggerationEnd
            let map = try BarnesHutTsne(configuration: options).fit(data, from: checkpoint)
            if map.coordinates.elements.contains(where: \.isNaN) { Issue.record("the map is not made of numbers") }
        })

    @Test func damaged() throws { try Self.target.run() }
}
