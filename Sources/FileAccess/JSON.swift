/// A JSON value whose members keep their order, so that the same input gives the same bytes.
package indirect enum JSON: Sendable {
    case text(String)
    case whole(Int)
    /// NaN and infinity become null, since JSON has none.
    case number(Double)
    /// Written with the fewest digits that give the same 32-bit float.
    case float(Float)
    case truth(Bool)
    case list([JSON])
    case object([(name: String, value: JSON)])
    case null

    /// The value as one line of JSON (RFC 8259). Characters that could control a terminal are escaped.
    package var line: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .whole(let value): "\(value)"
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .float(let value): value.isFinite ? "\(value)" : "null"
        case .truth(let value): value ? "true" : "false"
        case .list(let values): "[" + values.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)): \($0.value.line)" }.joined(separator: ", ") + "}"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                default: quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
