internal import Foundation
public import Training

/// A map at one iteration, each coordinate in 16 bits: exact to 1/65,535 of the map's width.
public struct MapSnapshot: Codable, Sendable, Equatable {
    /// Iterations done.
    public var iteration: Int
    /// Points on the map.
    public var count: Int
    /// 2 or 3.
    public var dimensions: Int
    /// Smallest value of each dimension.
    public var low: [Float]
    /// Largest value of each dimension.
    public var high: [Float]
    /// Little-endian unsigned 16-bit numbers, all of the first dimension, then all of the second …: 0 is `low`, 65,535
    /// is `high`. `2 · count · dimensions` bytes.
    public var packed: [UInt8]

    /// A snapshot of these coordinates. Values that are not finite become `low`.
    public init(iteration: Int, coordinates: MapCoordinates) {
        let dimensions = max(1, coordinates.dimensions)
        let values = coordinates.values
        let count = values.count / dimensions
        var low = [Float](repeating: .infinity, count: dimensions)
        var high = [Float](repeating: -.infinity, count: dimensions)
        for i in 0..<count {
            for d in 0..<dimensions where values[i * dimensions + d].isFinite {
                low[d] = min(low[d], values[i * dimensions + d])
                high[d] = max(high[d], values[i * dimensions + d])
            }
        }
        var packed = [UInt8](repeating: 0, count: 2 * count * dimensions)
        for d in 0..<dimensions {
            if !(low[d] <= high[d]) { (low[d], high[d]) = (0, 0) }
            let scale = high[d] > low[d] ? 65_535 / (Double(high[d]) - Double(low[d])) : 0
            for i in 0..<count {
                let value = values[i * dimensions + d]
                let level = value.isFinite ? UInt16((Double(value) - Double(low[d])) * scale + 0.5) : 0
                packed[2 * (d * count + i)] = UInt8(truncatingIfNeeded: level)
                packed[2 * (d * count + i) + 1] = UInt8(truncatingIfNeeded: level >> 8)
            }
        }
        self.iteration = iteration
        self.count = count
        self.dimensions = dimensions
        self.low = low
        self.high = high
        self.packed = packed
    }

    private enum CodingKeys: String, CodingKey {
        case iteration, count, dimensions, low, high, packed
    }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        iteration = try container.decode(Int.self, forKey: .iteration)
        count = try container.decode(Int.self, forKey: .count)
        dimensions = try container.decode(Int.self, forKey: .dimensions)
        low = try container.decode([Float].self, forKey: .low)
        high = try container.decode([Float].self, forKey: .high)
        packed = Array(try container.decode(Data.self, forKey: .packed))
        let bytes = count.multipliedReportingOverflow(by: 2 * max(0, min(3, dimensions)))
        guard dimensions == 2 || dimensions == 3, count >= 0, !bytes.overflow, packed.count == bytes.partialValue,
            low.count == dimensions, high.count == dimensions
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "the map's sizes do not fit together"))
        }
    }

    /// Writes `packed` as base64.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(iteration, forKey: .iteration)
        try container.encode(count, forKey: .count)
        try container.encode(dimensions, forKey: .dimensions)
        try container.encode(low, forKey: .low)
        try container.encode(high, forKey: .high)
        try container.encode(Data(packed), forKey: .packed)
    }
}
