internal import WebPages

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
            text += try asset("plot/\(name).js")
            text.append(UInt8(ascii: "\n"))
        }
        return text + Array("})();\n".utf8)
    }

    /// The whole document.
    /// - Parameter container: packed plot data.
    static func join(title: String, container: [UInt8]) throws -> [UInt8] {
        let script = try script()
        let style = try asset("plot/plot.css")
        // Only this script and this style may act; the page can reach no network, whatever a label holds.
        let policy =
            "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
            + "img-src data:; base-uri 'none'; form-action 'none'"
        let parts: [String: [UInt8]] = [
            "policy": Array(policy.utf8), "title": Array(PageTemplate.escaped(title).utf8), "style": style,
            "script": script,
            "data": Base64.encode(container),
        ]
        return PageTemplate.fill(try asset("plot/page.html"), with: parts)
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        String(decoding: Base64.encode(SHA256.digest(bytes)), as: UTF8.self)
    }

    /// One of the page's files.
    /// - Throws: `PlotError.missingAsset` when the build lacks it.
    static func asset(_ name: String) throws -> [UInt8] {
        guard let bytes = WebAsset.bytes(name) else { throw PlotError.missingAsset(name: name) }
        return bytes
    }
}
