/// Joins the page's files and the data into one HTML document.
enum PlotPage {
    /// The scripts in the order of their story; they share one scope.
    static let scripts = [
        "data", "words", "strings", "theme", "colors", "camera-flat", "camera-orbit", "ground", "renderer-webgl",
        "renderer-image", "picking", "labels", "search", "view-state", "overlay", "panels", "export", "input",
        "controls", "app",
    ]

    /// The page's one script: every file inside one function, so that nothing leaks into the global scope.
    static func script() throws -> [UInt8] {
        var text = Array("(() => {\n\"use strict\";\n".utf8)
        for name in scripts {
            text += try WebAssets.bytes("plot/\(name).js")
            text.append(UInt8(ascii: "\n"))
        }
        return text + Array("})();\n".utf8)
    }

    /// The whole document.
    /// - Parameter container: packed plot data.
    static func join(title: String, container: [UInt8]) throws -> [UInt8] {
        let script = try script()
        let style = try WebAssets.bytes("plot/plot.css")
        // Only this script and this style may act; the page can reach no network, whatever a label holds.
        let policy =
            "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
            + "img-src data:; base-uri 'none'; form-action 'none'"
        let parts: [String: [UInt8]] = [
            "policy": Array(policy.utf8), "title": Array(escaped(title).utf8), "style": style, "script": script,
            "data": Base64.encode(container),
        ]
        return fill(template: try WebAssets.bytes("plot/page.html"), with: parts)
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(SHA256.digest(bytes)), as: UTF8.self)
    }

    /// Replaces each `{{name}}` once, from left to right; what is put in is never looked at again.
    private static func fill(template: [UInt8], with parts: [String: [UInt8]]) -> [UInt8] {
        let brace = UInt8(ascii: "{")
        var page: [UInt8] = []
        page.reserveCapacity(template.count + parts.values.reduce(0) { $0 + $1.count })
        var position = 0
        while position < template.count {
            if template[position] == brace, position + 1 < template.count, template[position + 1] == brace,
                let end = template[position...].firstIndex(of: UInt8(ascii: "}")), end + 1 < template.count,
                let part = parts[String(decoding: template[(position + 2)..<end], as: UTF8.self)]
            {
                page += part
                position = end + 2
            } else {
                page.append(template[position])
                position += 1
            }
        }
        return page
    }

    /// Text inside an element: markup and characters that HTML forbids are replaced.
    private static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}": safe += " "
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
