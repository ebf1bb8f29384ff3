import FileAccess
import LinearAlgebra

/// The plot's data as one run of bytes: see "Plot data" in `docs/file-formats.md`.
///
/// Points are stored by rank, so that position is rank and counts only fall.
struct PlotContainer {
    static let magic: [UInt8] = Array("W2VPLOT\n".utf8)
    static let version: UInt32 = 1

    private(set) var bytes: [UInt8] = []
    private var sections: [(name: String, encoding: String, offset: Int, length: Int)] = []
    private var body: [UInt8] = []

    init(points: PlotPoints, groups: ScatterPlot.Groups? = nil, title: String, summary: ScatterPlot.Summary) {
        let grid = QuantizedCoordinates(points.coordinates)
        body.reserveCapacity(points.labels.count * 16)
        for (axis, name) in ["x", "y", "z"].prefix(points.coordinates.columns).enumerated() {
            append(name, encoding: "u16-planes", grid.planes(axis: axis, rows: points.rowsByRank))
        }
        append("labels", encoding: "lines", Self.lines(points.rowsByRank.lazy.map { points.labels[$0] }))
        if let counts = points.counts {
            append("counts", encoding: "falling-varint", Self.fallingVarints(points.rowsByRank.lazy.map { counts[$0] }))
        }
        var fields: [(name: String, value: JSON)] = []
        if let groups {
            append(
                "groups", encoding: "u8", points.rowsByRank.map { UInt8(truncatingIfNeeded: groups.assignments[$0]) })
            fields = [("groups", .list(groups.names.map { .text($0) }))]
        }
        let header = Array(
            JSON.object(
                fields + [
                    ("title", .text(title)),
                    ("points", .whole(points.labels.count)),
                    ("dimensions", .whole(points.coordinates.columns)),
                    ("minimum", .list(grid.minimum.map { .number($0) })),
                    ("step", .number(grid.step)),
                    ("summary", Self.describe(summary)),
                    (
                        "sections",
                        .list(
                            sections.map { section in
                                .object([
                                    ("name", .text(section.name)), ("encoding", .text(section.encoding)),
                                    ("offset", .whole(section.offset)), ("length", .whole(section.length)),
                                ])
                            })
                    ),
                ]
            ).line.utf8)
        bytes.reserveCapacity(Self.magic.count + 8 + header.count + body.count)
        bytes += Self.magic
        bytes += Self.littleEndian(Self.version)
        bytes += Self.littleEndian(UInt32(header.count))
        bytes += header
        bytes += body
        body = []
    }

    private mutating func append(_ name: String, encoding: String, _ content: [UInt8]) {
        sections.append((name, encoding, body.count, content.count))
        body += content
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Labels, each ended by a line feed; backslash and line feed inside a label become `\\` and `\n`.
    static func lines(_ labels: some Sequence<String>) -> [UInt8] {
        var text: [UInt8] = []
        for label in labels {
            for byte in label.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): text += [byte, byte]
                case UInt8(ascii: "\n"): text += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                default: text.append(byte)
                }
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// The first value, then how much each is below the one before it, as LEB128.
    static func fallingVarints(_ values: some Sequence<Int>) -> [UInt8] {
        var packed: [UInt8] = []
        var previous: Int?
        for value in values {
            var rest = UInt64(previous.map { $0 - value } ?? value)
            while rest >= 0x80 {
                packed.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            packed.append(UInt8(rest))
            previous = value
        }
        return packed
    }

    private static func describe(_ summary: ScatterPlot.Summary) -> JSON {
        var facts: [(name: String, value: JSON)] = []
        if let value = summary.perplexity { facts.append(("perplexity", .number(value))) }
        if let value = summary.klDivergence, value.isFinite { facts.append(("klDivergence", .number(value))) }
        if let value = summary.iterations { facts.append(("iterations", .whole(value))) }
        if let value = summary.neighborsKept, value.isFinite {
            facts.append(("neighborsKept", .number(value)))
            facts.append(("neighborsKeptOf", .whole(summary.neighborsKeptOf)))
        }
        if let value = summary.metric { facts.append(("metric", .text(value))) }
        // As text: a seed has 64 bits, a number in JavaScript 53.
        if let value = summary.seed { facts.append(("seed", .text(String(value)))) }
        if let value = summary.totalPoints { facts.append(("totalPoints", .whole(value))) }
        if !summary.notes.isEmpty { facts.append(("notes", .list(summary.notes.map { .text($0) }))) }
        return .object(facts)
    }
}
