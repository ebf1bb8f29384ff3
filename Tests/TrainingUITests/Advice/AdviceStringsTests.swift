import CWebAssets
import Foundation
import Testing

@testable import TrainingUI

@Suite("Texts of the advice")
struct AdviceStringsTests {
    private let english: [String: Set<String>]
    private let japanese: [String: Set<String>]

    init() throws {
        let asset = try #require(web_asset_named("ui/advice-strings.js"))
        let bytes = UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.length)
        let source = String(decoding: bytes, as: UTF8.self)
        let table = try #require(source.firstMatch(of: /const adviceStrings = \{\n  en: \{\n(?s)(.*?)\n\};/)).output.1
        let halves = table.split(separator: "\n  ja: {")
        try #require(halves.count == 2)
        english = Self.entries(halves[0])
        japanese = Self.entries(halves[1])
    }

    /// The places of each text, by its key.
    private static func entries(_ half: Substring) -> [String: Set<String>] {
        var entries: [String: Set<String>] = [:]
        var key = ""
        for line in half.split(separator: "\n") {
            if let match = line.firstMatch(of: /^ {4}(\w+):/) { key = String(match.output.1) }
            guard line.contains("\"") else { continue }
            entries[key, default: []].formUnion(line.matches(of: /\{(\w+)\}/).map { String($0.output.1) })
        }
        return entries
    }

    @Test("every rule has a text in both languages, and every text a rule")
    func keys() {
        let expected = Set(Advice.Rule.allCases.map(\.rawValue) + ["boundsNote"])
        #expect(Set(english.keys) == expected)
        #expect(Set(japanese.keys) == expected)
    }

    @Test("both languages have the same places")
    func places() {
        #expect(english == japanese)
    }

    @Test("a rule fills every place of its text", arguments: AdviceCase.all)
    func filled(_ example: AdviceCase) throws {
        for advice in example.sick.advice + example.sound.advice {
            var available = Set(advice.values.keys)
            if advice.layer != nil { available.insert("layer") }
            if advice.since != nil { available.insert("since") }
            let places = try #require(english[advice.rule.rawValue])
            #expect(places.isSubset(of: available), "\(advice.rule): \(places.subtracting(available))")
        }
    }
}
