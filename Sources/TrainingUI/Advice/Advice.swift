internal import Foundation

/// One thing that the page says beside a chart: what a rule found in a run.
///
/// The sentence itself, in every language, is in `adviceStrings` (`ui/advice-strings.js`) under the rule's name; it has
/// places for `layer`, `since` and `values`.
public struct Advice: Codable, Sendable, Equatable {
    /// How much it matters.
    public enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
        /// The chart looks as it should.
        case good
        /// Something could be better; the run is sound.
        case hint
        /// The result will probably suffer.
        case warning
        /// The run is spoilt, or records are gone.
        case problem

        /// From `good` to `problem`.
        public static func < (left: Severity, right: Severity) -> Bool { left.order < right.order }

        private var order: Int {
            switch self {
            case .good: 0
            case .hint: 1
            case .warning: 2
            case .problem: 3
            }
        }
    }

    /// The chart of the pages beside which it stands.
    public enum Chart: String, Codable, Sendable, CaseIterable {
        case score, ratio, activations, gradients, updates, parameters, learningRate, memory, system, map
    }

    /// What fills a place of the sentence.
    public enum Value: Codable, Sendable, Equatable {
        /// A finite number, rounded to what a reader can use.
        case number(Double)
        /// A word that is the same in all languages: an option, an identifier.
        case text(String)

        /// Reads a JSON number or string.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        /// Writes a JSON number or string.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    /// The rule that fired.
    public var rule: Rule
    /// How much it matters.
    public var severity: Severity
    /// The chart of the pages beside which it stands.
    public var chart: Chart
    /// The layer that it is about; `nil` when it is about the run.
    public var layer: String?
    /// The iteration at which the condition began; `nil` when it has no beginning.
    public var since: Int?
    /// What fills the places of the sentence.
    public var values: [String: Value]

    /// Advice of a rule. Its severity and chart are the rule's.
    /// - Parameter values: numbers are rounded to three digits, those that are not finite become "?".
    init(_ rule: Rule, layer: String? = nil, since: Int? = nil, _ values: [String: Double] = [:]) {
        self.rule = rule
        severity = rule.severity
        chart = rule.chart
        self.layer = layer
        self.since = since
        self.values = values.mapValues { $0.isFinite ? .number(rounded($0)) : .text("?") }
    }
}

/// A number with three significant digits; whole numbers keep all of theirs.
func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0, value != value.rounded() else { return value }
    let exponent = floor(log10(abs(value)))
    guard abs(exponent) < 300 else { return value }
    // Dividing by a power of ten gives the double nearest to the decimal number; multiplying by 0.001 does not.
    let digits = exponent - 2
    let power = pow(10, abs(digits))
    return digits < 0 ? (value * power).rounded() / power : (value / power).rounded() * power
}

/// The nearest of 1, 2 and 5 times a power of ten, so that a suggestion reads as one.
func suggestion(near value: Double) -> Double {
    guard value.isFinite, value > 1e-12, value < 1e12 else { return value }
    let exponent = floor(log10(value))
    let mantissa = value / pow(10, exponent)
    let digit = mantissa < 1.5 ? 1.0 : mantissa < 3.5 ? 2.0 : mantissa < 7.5 ? 5.0 : 10.0
    return exponent < 0 ? digit / pow(10, -exponent) : digit * pow(10, exponent)
}
