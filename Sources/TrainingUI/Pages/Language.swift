/// A language of the pages.
enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case japanese = "ja"

    /// The one that a browser prefers: `Accept-Language` with its weights (RFC 9110, section 12.5.4); English when it
    /// names none that there is.
    static func preferred(_ header: String?) -> Language {
        var best: (language: Language, weight: Double)?
        for item in (header ?? "").split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let range = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            guard weight > 0, weight <= 1 else { continue }
            let primary = range.split(separator: "-").first.map(String.init) ?? ""
            guard let language = primary == "*" ? english : Language(rawValue: primary) else { continue }
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language ?? .english
    }
}
