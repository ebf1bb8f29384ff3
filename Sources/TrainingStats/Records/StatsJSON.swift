internal import Foundation

/// The one way in which records become JSON and come back: keys sorted, numbers that are not finite as the strings
/// "NaN", "Infinity" and "-Infinity".
public enum StatsJSON {
    /// JSON of any value made of the types of this module, in UTF-8.
    /// - Throws: `StatsError.invalidValue`, which these types give no reason for.
    public static func encode(_ value: some Encodable) throws(StatsError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: positive, negativeInfinity: negative, nan: nan)
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw .invalidValue(name: "\(type(of: value))", reason: reason(error))
        }
    }

    /// A value from its JSON. Its numbers are not checked; see `decodeRecords` for records from outside.
    /// - Throws: `StatsError.invalidRecord` with the place.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from json: [UInt8]
    ) throws(StatsError) -> Value {
        do {
            return try decoder().decode(type, from: Data(json))
        } catch {
            throw invalid(error, inBatch: false)
        }
    }

    /// Records from a JSON array that anybody may have written, each checked by `StatsRecord.validate`.
    /// - Throws: `StatsError.invalidRecord` with the index in the array and the place within the record.
    public static func decodeRecords(_ json: [UInt8]) throws(StatsError) -> [StatsRecord] {
        let records: [StatsRecord]
        do {
            records = try decoder().decode([StatsRecord].self, from: Data(json))
        } catch {
            throw invalid(error, inBatch: true)
        }
        for (index, record) in records.enumerated() { try record.validate(index: index) }
        return records
    }

    private static let positive = "Infinity"
    private static let negative = "-Infinity"
    private static let nan = "NaN"

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: positive, negativeInfinity: negative, nan: nan)
        return decoder
    }

    private static func invalid(_ error: any Error, inBatch: Bool) -> StatsError {
        var path = place(error)
        var index: Int?
        if inBatch, let first = path.first?.intValue {
            index = first
            path.removeFirst()
        }
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return .invalidRecord(index: index, path: text, reason: reason(error))
    }

    private static func place(_ error: any Error) -> [any CodingKey] {
        switch error {
        case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            context.codingPath
        case DecodingError.keyNotFound(let key, let context): context.codingPath + [key]
        default: []
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound: "missing"
        case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
            "invalid JSON: \(context.underlyingError.map { "\($0)" } ?? context.debugDescription)"
        case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            context.debugDescription
        case EncodingError.invalidValue(_, let context): context.debugDescription
        default: "\(error)"
        }
    }
}
