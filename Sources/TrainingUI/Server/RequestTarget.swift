/// What a request asks for: path and query of its first line, decoded.
struct RequestTarget: Sendable {
    let path: String
    /// Names and values in order; a name may come more than once.
    let query: [(name: String, value: String)]

    /// - Throws: `HTTPFailure` when it is no path, or its escapes are damaged.
    init(_ target: String) throws {
        guard target.hasPrefix("/") else { throw HTTPFailure.badRequest("the request's target must be a path") }
        let text = target.utf8
        let end = text.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        guard let path = Self.decode(text[..<end], plusIsSpace: false) else {
            throw HTTPFailure.badRequest("the path is not percent-encoded UTF-8")
        }
        self.path = path
        guard end < text.endIndex else {
            query = []
            return
        }
        query = try text[text.index(after: end)...].split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let value = equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
            guard let name = Self.decode(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true),
                let value = Self.decode(value, plusIsSpace: true)
            else { throw HTTPFailure.badRequest("the query is not percent-encoded UTF-8") }
            return (name, value)
        }
    }

    /// The value of a name; `nil` when it is not there.
    /// - Throws: `HTTPFailure` when it comes twice.
    func value(_ name: String) throws -> String? {
        let values = query.filter { $0.name == name }
        guard values.count <= 1 else { throw HTTPFailure.badRequest("the query has '\(name)' more than once") }
        return values.first?.value
    }

    /// The value of a name that must be there.
    func required(_ name: String) throws -> String {
        guard let value = try value(name) else { throw HTTPFailure.badRequest("the query lacks '\(name)'") }
        return value
    }

    /// All values of a name.
    func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    private static func decode(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
