import FileAccess
import Foundation
import Testing

@Suite("JSON")
struct JSONTests {
    @Test("every kind of value is written as RFC 8259 has it, members in their order")
    func kinds() throws {
        let value = JSON.object([
            ("b", .whole(-3)), ("a", .list([.number(0.5), .float(0.1), .truth(true), .null])), ("\"\n", .text("x\ty")),
        ])
        #expect(value.line == #"{"b": -3, "a": [0.5, 0.1, true, null], "\"\n": "x\ty"}"#)
    }

    @Test("numbers that JSON does not know become null")
    func notFinite() {
        #expect(JSON.list([.number(.nan), .number(-.infinity), .float(.nan)]).line == "[null, null, null]")
    }

    @Test(
        "text comes back as it was, and holds nothing that could control a terminal",
        arguments: [
            "", "a\\b\"c", "\u{0}\u{1b}[31m\u{7f}\u{85}\u{9b}", "\u{2028}\u{2029}\u{202e}\u{feff}", "日本語 🎌",
            "\u{e0001}",
        ])
    func text(_ text: String) throws {
        let line = JSON.text(text).line
        let read = try JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed) as? String
        #expect(read == text)
        for scalar in line.unicodeScalars {
            let category = scalar.properties.generalCategory
            #expect(![.control, .format, .lineSeparator, .paragraphSeparator].contains(category))
        }
    }
}
