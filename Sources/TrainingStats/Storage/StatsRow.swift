internal import FileAccess
internal import Foundation
internal import GRDB

/// A record as it lies in a stats file.
struct StatsRow: Sendable {
    /// Values of the column `kind`.
    enum Kind: Int, Sendable {
        case metadata = 0
        case staticInfo = 1
        case update = 2
        case map = 3
        /// A map that was thinned out: its number stays known, its content is gone.
        case droppedMap = 4

        var eventKind: StatsStorageEvent.Kind {
            switch self {
            case .metadata: .postMetaData
            case .staticInfo: .postStaticInfo
            case .update, .map, .droppedMap: .postUpdate
            }
        }
    }

    var source: StatsSource
    var sequence: Int
    var timestamp: Int64
    var kind: Kind
    /// Of an update or a map, else 0.
    var iteration = 0
    /// Names of an update's scalars as a JSON array; the values follow in the same order.
    var names: String?
    /// Little-endian 64-bit floats.
    var scalars: Data?
    /// Packed JSON of the content.
    var content: Data

    /// - Throws: `StatsError` when the record breaks the rules, so that the file holds none that cannot be read again.
    init(_ record: StatsRecord, names nameCache: inout NameCache) throws(StatsError) {
        try record.validate()
        source = record.source
        sequence = record.sequence
        timestamp = record.timestamp
        let json: [UInt8]
        switch record.content {
        case .metadata(let metadata):
            kind = .metadata
            json = try StatsJSON.encode(metadata)
        case .staticInfo(let info):
            kind = .staticInfo
            json = try StatsJSON.encode(info)
        case .map(let map):
            kind = .map
            iteration = map.iteration
            json = try StatsJSON.encode(map)
        case .update(let report):
            kind = .update
            iteration = report.iteration
            json = try StatsJSON.encode(report)
            let all = report.scalars
            names = try nameCache.json(all.map(\.name))
            scalars = Self.pack(all.map(\.value))
        }
        guard json.count <= Self.largestContent else {
            throw .invalidRecord(index: nil, path: "content", reason: "\(json.count) bytes of JSON")
        }
        // Quick rather than small: the writer shares the machine with the training.
        content = Data(json.count > 200 ? Gzip.compress(json, level: 4) : json)
    }

    /// The JSON of the last list of names, which is nearly always that of the next report too.
    struct NameCache: Sendable {
        private var names: [String] = []
        private var text = "[]"

        mutating func json(_ new: [String]) throws(StatsError) -> String {
            if new != names {
                text = String(decoding: try StatsJSON.encode(new), as: UTF8.self)
                names = new
            }
            return text
        }
    }

    // MARK: Reading

    /// Unpacked JSON of a record at most: a damaged or hostile file cannot fill the memory.
    static let largestContent = 1 << 26

    /// The record that a row holds, checked like one from outside.
    static func record(
        source: StatsSource, sequence: Int, timestamp: Int, kind: Int, content: [UInt8]
    ) throws -> StatsRecord {
        let json = try unpack(content)
        let decoded: StatsRecord.Content
        switch Kind(rawValue: kind) {
        case .metadata: decoded = .metadata(try StatsJSON.decode(SessionMetadata.self, from: json))
        case .staticInfo: decoded = .staticInfo(try StatsJSON.decode(StaticInfo.self, from: json))
        case .update: decoded = .update(try StatsJSON.decode(StatsReport.self, from: json))
        case .map: decoded = .map(try StatsJSON.decode(MapSnapshot.self, from: json))
        case .droppedMap, nil: throw DamagedRow(reason: "a record of kind \(kind) has a content")
        }
        let record = StatsRecord(
            source: source, sequence: sequence, timestamp: Int64(timestamp), content: decoded)
        try record.validate()
        return record
    }

    private static func unpack(_ content: [UInt8]) throws -> [UInt8] {
        guard Gzip.isGzip(content.span) else { return content }
        var json: [UInt8] = []
        var decoder = GzipDecoder(file: "content")
        try content.withUnsafeBytes { bytes in
            try decoder.decode(bytes) { piece in
                guard json.count + piece.count <= largestContent else {
                    throw DamagedRow(reason: "a record unpacks to more than \(largestContent) bytes")
                }
                piece.withUnsafeBufferPointer { json.append(contentsOf: $0) }
            }
        }
        try decoder.finish()
        return json
    }

    private static func pack(_ values: [Double]) -> Data {
        var packed = Data(capacity: 8 * values.count)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { packed.append(contentsOf: $0) }
        }
        return packed
    }

    /// One cell for each value of the column `scalars`. Bytes beyond the last whole value are none.
    static func cells(_ packed: Data) -> [StatsSeries.Cell] {
        packed.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { index in
                let bits = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
                return StatsSeries.Cell(Double(bitPattern: bits))
            }
        }
    }
}

/// A row of a stats file that this program did not write.
struct DamagedRow: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}

/// Values of a row whose types are as damaged as the file may be: GRDB's own conversions end the program.
extension Row {
    func whole(_ index: Int) throws -> Int {
        guard case .int64(let value) = (self[index] as DatabaseValue).storage else {
            throw DamagedRow(reason: "a column that should hold a whole number does not")
        }
        return Int(value)
    }

    func text(_ index: Int) throws -> String {
        guard case .string(let value) = (self[index] as DatabaseValue).storage else {
            throw DamagedRow(reason: "a column that should hold a text does not")
        }
        return value
    }

    func bytes(_ index: Int) throws -> [UInt8] {
        guard case .blob(let value) = (self[index] as DatabaseValue).storage else {
            throw DamagedRow(reason: "a column that should hold bytes does not")
        }
        return Array(value)
    }
}
