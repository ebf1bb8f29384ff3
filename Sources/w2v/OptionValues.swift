import ArgumentParser
import EmbeddingVisualization

/// A number of words, or all of them.
enum WordLimit: ExpressibleByArgument, CustomStringConvertible {
    case all
    case first(Int)

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let count = Int(argument), count > 0 {
            self = .first(count)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .all: "all"
        case .first(let count): "\(count)"
        }
    }

    var defaultValueDescription: String { description }

    /// The number, or `nil` for all.
    var limit: Int? {
        if case .first(let count) = self { count } else { nil }
    }
}

/// A number, or the automatic choice.
enum Automatic: ExpressibleByArgument {
    case automatic
    case number(Double)

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let number = Double(argument) {
            self = .number(number)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .automatic: "auto"
        case .number(let number): "\(number)"
        }
    }

    /// The number, or `nil` for the automatic choice.
    var value: Double? {
        if case .number(let number) = self { number } else { nil }
    }
}

/// The distances under the names of the option; the last two are Deeplearning4j's.
enum MetricName: String, CaseIterable, ExpressibleByArgument {
    case cosine
    case euclidean
    case manhattan
    case dot
    case cosinesimilarity
    case cosinedistance

    var metric: Metric {
        switch self {
        case .cosine, .cosinesimilarity, .cosinedistance: .cosine
        case .euclidean: .euclidean
        case .manhattan: .manhattan
        case .dot: .dot
        }
    }
}

/// The searches under the names of the option.
enum NeighborMethodName: String, CaseIterable, ExpressibleByArgument {
    case auto
    case exact
    case approximate

    var method: NeighborMethod {
        switch self {
        case .auto: .automatic
        case .exact: .exact
        case .approximate: .approximate
        }
    }
}

/// Numbers separated by commas.
struct NumberList: ExpressibleByArgument {
    let numbers: [Double]

    init(_ numbers: [Double]) {
        self.numbers = numbers
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else { return nil }
        numbers = parts.compactMap { $0 }
    }

    var defaultValueDescription: String { numbers.map { "\($0)" }.joined(separator: ",") }
}

/// A number of clusters, or the automatic choice.
enum ClusterCount: ExpressibleByArgument {
    case automatic
    case number(Int)

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let number = Int(argument), (1...256).contains(number) {
            self = .number(number)
        } else {
            return nil
        }
    }

    var number: Int? {
        if case .number(let number) = self { number } else { nil }
    }
}

/// Further columns of a map's table, by name.
struct CSVColumns: ExpressibleByArgument {
    enum Name: String, CaseIterable {
        case kept
        case continuity
        case cluster
    }

    let names: [Name]

    init() {
        names = []
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Name(rawValue: String($0)) }
        guard parts.allSatisfy({ $0 != nil }), Set(parts).count == parts.count else { return nil }
        names = parts.compactMap { $0 }
    }

    var defaultValueDescription: String { "none" }

    static var allValueStrings: [String] { Name.allCases.map(\.rawValue) }

    /// The columns of a map; none where it has no measures (fewer than 12 points).
    func columns(of map: Embedding, _ groups: ScatterPlot.Groups?) -> [EmbeddingCSV.Column] {
        names.compactMap { name in
            switch name {
            case .kept: map.trust?.keptByPoint.map { EmbeddingCSV.Column(name: name.rawValue, values: $0) }
            case .continuity: map.trust?.continuityByPoint.map { EmbeddingCSV.Column(name: name.rawValue, values: $0) }
            case .cluster:
                groups.map { groups in
                    EmbeddingCSV.Column(
                        name: name.rawValue, values: groups.assignments.map { groups.names[Int($0)] })
                }
            }
        }
    }

    /// Whether a column needs measures of every point.
    var needsTrust: Bool { names.contains { $0 != .cluster } }
}

/// A size of memory: a whole number of bytes, or one with K, M, G or T behind it, in powers of 1024.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int
    static let gibibyte = MemorySize(bytes: 1 << 30)

    private init(bytes: Int) {
        self.bytes = bytes
    }

    var defaultValueDescription: String {
        bytes % (1 << 30) == 0 ? "\(bytes >> 30)G" : "\(bytes)"
    }

    init?(argument: String) {
        let shift = ["K": 10, "M": 20, "G": 30, "T": 40][argument.suffix(1).uppercased()]
        guard let number = Int(shift == nil ? argument[...] : argument.dropLast()), number >= 0,
            case let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0)), !overflow
        else { return nil }
        self.bytes = bytes
    }
}

/// The ways to cut text under the names of the option.
enum TokenizerName: String, CaseIterable, ExpressibleByArgument {
    case whitespace
    case unicode

    var kind: TokenizerKind {
        switch self {
        case .whitespace: .whitespace
        case .unicode: .unicode
        }
    }
}
