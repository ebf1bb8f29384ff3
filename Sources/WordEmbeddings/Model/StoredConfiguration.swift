#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A configuration as files hold it: values that an older file lacks have their defaults, unknown ones are passed over.
struct StoredConfiguration: Codable {
    let configuration: Word2Vec.Configuration

    init(_ configuration: Word2Vec.Configuration) {
        self.configuration = configuration
    }

    init(from decoder: any Decoder) throws {
        let stored = try [String: JSONValue](from: decoder)
        let defaults = try JSONDecoder().decode(
            [String: JSONValue].self, from: JSONEncoder().encode(Word2Vec.Configuration()))
        let values = defaults.merging(stored) { $1 }
        configuration = try JSONDecoder().decode(Word2Vec.Configuration.self, from: JSONEncoder().encode(values))
    }

    func encode(to encoder: any Encoder) throws {
        try configuration.encode(to: encoder)
    }
}

/// Any value of JSON.
private enum JSONValue: Codable {
    case null
    case truth(Bool)
    case whole(Int64)
    case large(UInt64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self =
            if container.decodeNil() {
                .null
            } else if let value = try? container.decode(Bool.self) {
                .truth(value)
            } else if let value = try? container.decode(Int64.self) {
                .whole(value)
            } else if let value = try? container.decode(UInt64.self) {
                .large(value)
            } else if let value = try? container.decode(Double.self) {
                .number(value)
            } else if let value = try? container.decode(String.self) {
                .text(value)
            } else if let value = try? container.decode([JSONValue].self) {
                .list(value)
            } else {
                .object(try container.decode([String: JSONValue].self))
            }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .truth(let value): try container.encode(value)
        case .whole(let value): try container.encode(value)
        case .large(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }
}
