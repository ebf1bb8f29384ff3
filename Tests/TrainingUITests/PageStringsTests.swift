import CWebAssets
import Foundation
import Testing

/// The texts of the pages; those of the advice have tests of their own.
@Suite("Texts of the pages")
struct PageStringsTests {
    /// Key → places of a table's English and Japanese half.
    private static func tables(_ name: String) throws -> (english: [String: [String]], japanese: [String: [String]]) {
        let halves = try source(name).components(separatedBy: "\n  ja: {\n")
        try #require(halves.count == 2)
        let english = halves[0].components(separatedBy: "\n  en: {\n")
        try #require(english.count == 2)
        return (try entries(english[1]), try entries(halves[1]))
    }

    private static func source(_ name: String) throws -> String {
        let asset = try #require(web_asset_named(name))
        return String(
            decoding: UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.length), as: UTF8.self)
    }

    /// The places of each text, sorted, by its key. A text may go on in further lines.
    private static func entries(_ half: String) throws -> [String: [String]] {
        var entries: [String: [String]] = [:]
        var key = ""
        for line in half.split(separator: "\n") {
            if let match = line.firstMatch(of: /^ {4}(\w+):/) {
                key = String(match.output.1)
                #expect(entries[key] == nil, "\(key) twice")
                entries[key] = []
            }
            entries[key, default: []] += line.matches(of: /\{(\w+)\}/).map { String($0.output.1) }
        }
        entries[""] = nil
        return entries.mapValues { $0.sorted() }
    }

    @Test("English and Japanese have the same keys and places", arguments: ["ui/strings.js", "ui/meanings.js"])
    func sameKeys(name: String) throws {
        let (english, japanese) = try Self.tables(name)
        #expect(english.count >= 15)
        #expect(
            Set(english.keys) == Set(japanese.keys),
            "\(Set(english.keys).symmetricDifference(japanese.keys).sorted())")
        for (key, places) in english { #expect(places == japanese[key], "\(key)") }
    }

    @Test("whatever a page asks for is there, and every text is asked for")
    func used() throws {
        let keys = Set(try Self.tables("ui/strings.js").english.keys)
        let meanings = Set(try Self.tables("ui/meanings.js").english.keys)
        #expect(keys.isDisjoint(with: meanings))
        var count = 0
        let assets = web_assets(&count)
        let names = (0..<count).map { String(cString: assets[$0].name) }
        var words: Set<String> = []
        for name in names
        where name.hasPrefix("ui/") && !["ui/strings.js", "ui/meanings.js", "ui/advice-strings.js"].contains(name) {
            let source = try Self.source(name)
            for match in source.matches(of: /texts\.get\("(\w+)"/) {
                let key = String(match.output.1)
                #expect(keys.contains(key) || meanings.contains(key), "\(name): \(key)")
            }
            for match in source.matches(of: /data-(?:text|name)="(\w+)"/) {
                let key = String(match.output.1)
                #expect(keys.contains(key), "\(name): \(key)")
            }
            words.formUnion(source.matches(of: /["'`](\w+)["'`]/).map { String($0.output.1) })
        }
        let unused = keys.union(meanings).subtracting(words)
        #expect(unused.isEmpty, "\(unused.sorted())")
    }
}
