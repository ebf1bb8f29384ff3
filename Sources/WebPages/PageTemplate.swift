/// HTML with places to fill, written `{{name}}`.
package enum PageTemplate {
    /// Replaces each `{{name}}` that has a part, from left to right; what is put in is never looked at again.
    package static func fill(_ template: [UInt8], with parts: [String: [UInt8]]) -> [UInt8] {
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

    /// Text inside an element or a quoted attribute: markup and characters that HTML forbids are replaced.
    package static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            case "\u{0}"..<"\u{20}", "\u{7f}"..."\u{9f}": safe += " "
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
