import LinearAlgebra
import Testing

@testable import WordEmbeddings

struct DecimalNumberTests {
    static func parse(_ text: String) -> DecimalNumber.Outcome {
        Array(text.utf8).withUnsafeBytes { bytes in
            var position = 0
            let outcome = DecimalNumber.parse(bytes, at: &position)
            #expect(position == bytes.count)
            return outcome
        }
    }

    @Test(
        "decimal numbers in every form",
        arguments: [
            ("0", 0), ("-0", -0.0), ("1", 1), ("+1.5", 1.5), (".5", 0.5), ("5.", 5), ("-12.75e2", -1275), ("1E3", 1000),
            ("1e+03", 1000), ("2e-3", 0.002), ("00012", 12), ("123456789012345678901234567890", 1.2345679e29),
            ("0.000000000000000000000000000001", 1e-30), ("3.4028235e38", .greatestFiniteMagnitude),
            ("1.4e-45", .leastNonzeroMagnitude), ("1e-400", 0), ("-1e-99999999999999999999", -0.0),
            ("0e99999999999999999999", 0),
        ] as [(String, Float)])
    func forms(text: String, value: Float) {
        guard case .finite(let parsed) = Self.parse(text) else {
            Issue.record("\(text) is no finite number")
            return
        }
        #expect(parsed.bitPattern == value.bitPattern)
    }

    @Test(
        "what is not finite",
        arguments: ["nan", "NaN", "-nan", "inf", "+INF", "-Infinity", "1e39", "3.5e38", "1e99999999999999999999"])
    func notFinite(text: String) {
        #expect(Self.parse(text) == .notFinite)
    }

    @Test(
        "what is no number",
        arguments: [
            "a", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1_000", "١", "--1", "1f", "infinit",
            "1 2".replacing(" ", with: "\u{A0}"),
        ])
    func notNumbers(text: String) {
        #expect(Self.parse(text) == .notANumber)
    }

    @Test("shortest texts of random floats give the same float")
    func shortest() {
        var random = Philox(seed: 1)
        for _ in 0..<200_000 {
            let value = Float(bitPattern: random.next32())
            if value.isFinite, Self.parse(value.description) != .finite(value) { Issue.record("\(value)") }
        }
    }

    /// Numbers next to the middle between two floats, where rounding twice goes wrong.
    @Test("numbers around the middle of two floats are rounded as the standard library does")
    func middles() {
        var random = Philox(seed: 2)
        for _ in 0..<50_000 {
            let value = Float(bitPattern: random.next32() & 0x3FFF_FFFF | 0x2000_0000)
            let middle = (Double(value) + Double(value.nextUp)) / 2
            for near in [middle, middle.nextUp, middle.nextDown] {
                let texts = ["\(near)", "\(near)1", "\(near)".replacing("e", with: "0001e")]
                for text in texts where Float(text) != nil {
                    if Self.parse(text) != .finite(Float(text) ?? 0) { Issue.record("\(text)") }
                }
            }
        }
    }

    @Test("random digits and exponents are rounded as the standard library does")
    func digits() {
        var random = Philox(seed: 3)
        for _ in 0..<100_000 {
            let count = Int.random(in: 1...22, using: &random)
            var text = (0..<count).map { _ in "\(random.next32() % 10)" }.joined()
            let point = text.index(text.startIndex, offsetBy: Int.random(in: 0...count, using: &random))
            text.insert(".", at: point)
            if random.next32() % 2 == 0 { text += "e\(Int.random(in: -50...30, using: &random))" }
            guard let value = Float(text.hasPrefix(".") ? "0" + text : text) else { continue }
            let expected: DecimalNumber.Outcome = value.isFinite ? .finite(value) : .notFinite
            if Self.parse(text) != expected { Issue.record("\(text)") }
        }
    }
}
