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
