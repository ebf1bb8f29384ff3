/// The words of a piece of running text without white space: what lies between its punctuation, after the default word
/// boundaries of Unicode (UAX #29, rules WB4 to WB13).
///
/// Letters and digits make words; an apostrophe or full stop between two letters, a comma or full stop between two
/// digits, marks behind a letter, and underscores belong to them: "don't", "U.S.A", "3.14", "snake_case". One thing
/// differs from the standard: a run of Han, hiragana and katakana stays whole, since text that was cut into words by a
/// dictionary has blanks between them, and characters alone are no words.
struct WordPieces {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// - Parameter text: well-formed UTF-8, which stays valid while words are asked for.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// The next word, or `nil` at the end.
    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        while let first = scalar(at: position) {
            let start = position
            position += first.length
            switch first.kind {
            case .letter, .number, .cjk, .connector: break
            default: continue
            }
            let hasWord = extend(from: first.kind)
            if hasWord { return UnsafeBufferPointer(rebasing: text[start..<position]) }
        }
        return nil
    }

    /// Moves to the end of the word whose first scalar was passed; false when it has neither letters nor digits.
    private mutating func extend(from first: WordClass) -> Bool {
        var last = first
        var hasWord = first != .connector
        while let next = scalar(at: position) {
            switch (last, next.kind) {
            case (_, .extend):
                break
            case (.cjk, .cjk), (.letter, .letter), (.letter, .number), (.number, .letter), (.number, .number),
                (_, .connector), (.connector, .letter), (.connector, .number), (.connector, .cjk):
                last = next.kind
                hasWord = hasWord || next.kind != .connector
            case (.letter, .midLetter), (.letter, .midBoth):
                guard let end = placeOf(.letter, behind: position + next.length) else { return hasWord }
                position = end
                continue
            case (.number, .midNumber), (.number, .midBoth):
                guard let end = placeOf(.number, behind: position + next.length) else { return hasWord }
                position = end
                continue
            default:
                return hasWord
            }
            position += next.length
        }
        return hasWord
    }

    /// The end of the scalar of that class that follows, with marks before it passed over.
    private func placeOf(_ wanted: WordClass, behind start: Int) -> Int? {
        var place = start
        while let next = scalar(at: place) {
            place += next.length
            if next.kind == wanted { return place }
            if next.kind != .extend { return nil }
        }
        return nil
    }

    /// Class and length of the scalar that begins there; `nil` at the end.
    @inline(__always)
    private func scalar(at place: Int) -> (kind: WordClass, length: Int)? {
        guard place < text.count else { return nil }
        let lead = text[place]
        if lead < 0x80 { return (WordClass(UInt32(lead)), 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard place + length <= text.count else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[place + offset] & 0x3F) }
        return (WordClass(value), length)
    }
}
