internal import FileAccess

/// What is wrong with a file of a neighbour graph.
public enum GraphFileError: Error, Equatable, CustomStringConvertible {
    /// The file does not begin as one.
    case noGraph(file: String)
    /// The size does not fit what the header says.
    case wrongSize(file: String, points: UInt64, neighbors: UInt64, expected: String, found: Int)
    /// A neighbour that is no point, or the point itself; counted from 0.
    case badNeighbor(file: String, point: Int, place: Int, found: UInt32)
    /// A distance that is negative, not finite, or less than the one before it; counted from 0.
    case badDistance(file: String, point: Int, place: Int, found: Float)
    /// A neighbour that the same point already has; counted from 0.
    case twice(file: String, point: Int, neighbor: UInt32)

    /// One line that says what and where.
    public var description: String {
        switch self {
        case .noGraph(let file):
            "\(printable(file)): expected a neighbour graph, which begins with W2VKNN1"
        case .wrongSize(let file, let points, let neighbors, let expected, let found):
            "\(printable(file)): \(points) points of \(neighbors) neighbours need \(expected) bytes, found \(found)"
        case .badNeighbor(let file, let point, let place, let found):
            "\(printable(file)): point \(point), neighbour \(place) (counted from 0): expected the number of another "
                + "point, found \(found)"
        case .badDistance(let file, let point, let place, let found):
            "\(printable(file)): point \(point), neighbour \(place) (counted from 0): expected a finite distance of at "
                + "least the one before it, found \(found)"
        case .twice(let file, let point, let neighbor):
            "\(printable(file)): point \(point) (counted from 0) has the neighbour \(neighbor) twice"
        }
    }
}

extension NeighborGraph {
    private static let magic = Array("W2VKNN1\n".utf8)
    private static let headerBytes = 24

    /// Writes the graph: see "Neighbour graph" in `docs/file-formats.md`.
    /// - Throws: `FileError`.
    public func write(to path: String) throws {
        var file = try AtomicFileWriter(path: path)
        try file.write(Self.magic)
        for number in [UInt64(count), UInt64(neighborsPerPoint)] {
            try file.write((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
        }
        for from in stride(from: 0, to: indices.count, by: 1 << 14) {
            let part = indices[from..<min(indices.count, from + 1 << 14)]
            try file.write(part.flatMap { index in (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) } })
        }
        for from in stride(from: 0, to: distances.count, by: 1 << 14) {
            let part = distances[from..<min(distances.count, from + 1 << 14)]
            try file.write(
                part.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } })
        }
        try file.commit()
    }

    /// Reads a graph that `write(to:)` or another program wrote. Everything in it is checked.
    /// - Throws: `GraphFileError`, `FileError`.
    public static func read(path: String) throws -> NeighborGraph {
        let file = try MappedFile(path: path)
        return try file.withSpan { bytes in
            guard bytes.count >= headerBytes, (0..<8).allSatisfy({ bytes[$0] == magic[$0] }) else {
                throw GraphFileError.noGraph(file: path)
            }
            func number(at offset: Int, bytes width: Int) -> UInt64 {
                (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
            }
            let (points, neighbors) = (number(at: 8, bytes: 8), number(at: 16, bytes: 8))
            let (entries, tooMany) = points.multipliedReportingOverflow(by: neighbors)
            let (size, tooLarge) = entries.multipliedReportingOverflow(by: 8)
            guard !tooMany, !tooLarge, points < UInt64(UInt32.max), neighbors < max(1, points),
                size == UInt64(bytes.count - headerBytes)
            else {
                let expected =
                    tooMany || tooLarge || points >= UInt64(UInt32.max) || neighbors >= max(1, points)
                    ? "another file (impossible header)" : "\(size + UInt64(headerBytes))"
                throw GraphFileError.wrongSize(
                    file: path, points: points, neighbors: neighbors, expected: expected, found: bytes.count)
            }
            let (count, k) = (Int(points), Int(neighbors))
            var indices: [UInt32] = []
            var distances: [Float] = []
            indices.reserveCapacity(count * k)
            distances.reserveCapacity(count * k)
            for i in 0..<count * k {
                let index = UInt32(number(at: headerBytes + 4 * i, bytes: 4))
                let distance = Float(bitPattern: UInt32(number(at: headerBytes + 4 * (count * k + i), bytes: 4)))
                let (point, place) = i.quotientAndRemainder(dividingBy: k)
                guard Int(index) < count, Int(index) != point else {
                    throw GraphFileError.badNeighbor(file: path, point: point, place: place, found: index)
                }
                guard distance.isFinite, distance >= (place > 0 ? distances[i - 1] : 0) else {
                    throw GraphFileError.badDistance(file: path, point: point, place: place, found: distance)
                }
                indices.append(index)
                distances.append(distance)
            }
            for point in 0..<count {
                let own = indices[point * k..<(point + 1) * k].sorted()
                for (a, b) in zip(own, own.dropFirst()) where a == b {
                    throw GraphFileError.twice(file: path, point: point, neighbor: a)
                }
            }
            return NeighborGraph(count: count, neighborsPerPoint: k, indices: indices, distances: distances)
        }
    }
}
