import CWebAssets
import FileAccess
import LinearAlgebra
import Testing

@testable import EmbeddingPlots

@Suite("Plot page")
struct PlotPageTests {
    private func text(_ name: String) throws -> String {
        String(decoding: try PlotPage.asset("plot/\(name)"), as: UTF8.self)
    }

    /// The messages of FIPS 180-4's examples, `count` times over: `printf … | sha256sum`.
    @Test(
        "SHA-256 agrees with sha256sum",
        arguments: [
            ("abc", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func sha256(message: String, count: Int, expected: String) {
        let digest = SHA256.digest(Array(String(repeating: message, count: count).utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        #expect(digest.joined() == expected)
    }

    /// RFC 4648, section 10.
    @Test(
        "Base64 agrees with the RFC",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("\u{ff}\u{fffd}>?", "w7/vv70+Pw=="),
        ])
    func base64(message: String, expected: String) {
        #expect(String(decoding: Base64.encode(Array(message.utf8)), as: UTF8.self) == expected)
    }

    @Test("both languages have the same keys and the same places")
    func strings() throws {
        let source = try text("strings.js")
        let table = try #require(source.firstMatch(of: /const strings = \{\n(?s)(.*?)\n\};/)).output.1
        let halves = table.split(separator: "\n  ja: {")
        try #require(halves.count == 2)
        func entries(_ half: Substring) -> [String: Set<String>] {
            var entries: [String: Set<String>] = [:]
            var key = ""
            for line in half.split(separator: "\n") {
                if let match = line.firstMatch(of: /^ {4}(\w+):/) { key = String(match.output.1) }
                entries[key, default: []].formUnion(line.matches(of: /\{(\w+)\}/).map { String($0.output.1) })
            }
            return entries
        }
        let english = entries(halves[0].split(separator: "\n").dropFirst().joined(separator: "\n")[...])
        let japanese = entries(halves[1])
        #expect(english.count > 60)
        #expect(english == japanese)
        // No text is left over: every key stands in quotes somewhere in the page or its scripts.
        let users =
            try text("page.html") + PlotPage.scripts.filter { $0 != "strings" }.map { try text("\($0).js") }.joined()
        for key in english.keys { #expect(users.contains("\"\(key)\""), "\(key)") }
        // Every key that the page names exists.
        let page = try text("page.html")
        for match in page.matches(of: /data-(?:text|name|hint)="(\w+)"/) {
            #expect(english[String(match.output.1)] != nil, "\(match.output.1)")
        }
    }

    @Test("the table of assets and the page's list of scripts agree")
    func assets() {
        var count = 0
        let table = web_assets(&count)
        let names = (0..<count).map { String(cString: table[$0].name) }
        #expect(names == names.sorted())
        let expected = PlotPage.scripts.map { "plot/\($0).js" } + ["plot/page.html", "plot/plot.css"]
        #expect(names.filter { $0.hasPrefix("plot/") } == expected.sorted())
        #expect(throws: PlotError.missingAsset(name: "plot/none.js")) { try PlotPage.asset("plot/none.js") }
    }

    @Test("the files survive being put inside one script and one style")
    func inlining() throws {
        let script = String(decoding: try PlotPage.script(), as: UTF8.self).lowercased()
        #expect(!script.contains("</script") && !script.contains("<!--") && !script.contains("innerhtml"))
        #expect(!(try text("plot.css").lowercased().contains("</style")))
    }

    @Test("the policy names the script and the style that are in the page")
    func policy() throws {
        let page = String(decoding: try PlotFixtures.plot(10).html(), as: UTF8.self)
        let hashes = page.matches(of: /'sha256-([A-Za-z0-9+\/=]+)'/).map { String($0.output.1) }
        let script = try #require(page.firstMatch(of: /<script>(?s)(.*)<\/script>/)).output.1
        let style = try #require(page.firstMatch(of: /<style>(?s)(.*)<\/style>/)).output.1
        #expect(
            hashes
                == [script, style].map {
                    String(decoding: Base64.encode(SHA256.digest(Array($0.utf8))), as: UTF8.self)
                })
        #expect(page.contains("default-src 'none'"))
        #expect(!page.contains("http:") || page.contains("http://www.w3.org/2000/svg"))
        #expect(!page.contains("https://"))
    }

    @Test("hostile labels, title and notes leave no trace in the markup")
    func hostile() throws {
        let page = String(decoding: try PlotFixtures.hostilePlot.html(), as: UTF8.self)
        #expect(!page.contains("window.broken=1>"))
        #expect(page.matches(of: /<script/).count == 2)
        #expect(page.matches(of: /<\/script>/).count == 2)
        #expect(page.contains("&lt;/script&gt;"))
        // Marks in the title are text: nothing was put in for them.
        #expect(page.contains("{{data}}{{script}}"))
        #expect(!page.contains("\u{0}"))
    }

    @Test("the same input gives the same bytes")
    func determinism() throws {
        #expect(try PlotFixtures.plot(3000).html() == PlotFixtures.plot(3000).html())
        #expect(try PlotFixtures.plot(3000).html() != PlotFixtures.plot(3000, seed: 2).html())
    }

    @Test("71,000 words take no more than 1 MB")
    func size() throws {
        let bytes = try PlotFixtures.plot(71_000).html().count
        #expect(bytes < 1_000_000, "\(bytes) bytes")
    }
}
