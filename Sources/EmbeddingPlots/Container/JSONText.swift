/// A JSON value that prints itself: keys keep their order, so that the same input gives the same bytes.
indirect enum JSONText: CustomStringConvertible {
    case text(String)
    case integer(Int)
    /// What JSON has no number for (NaN, infinity) becomes text.
    case number(Double)
    case array([JSONText])
    case object([(String, JSONText)])

    var description: String {
        switch self {
        case .text(let value): Self.quoted(value)
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? String(value) : Self.quoted(String(value))
        case .array(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0)):\($1)" }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
