/// A secret that a request shows.
struct AccessToken: Sendable {
    /// Characters of a token at least.
    static let minimumLength = 16

    let value: String

    /// A token that nobody can guess: 160 random bits.
    init() {
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdefghijklmnopqrstuv")
        value = String((0..<32).map { _ in digits[Int(random.next(upperBound: UInt(32)))] })
    }

    /// A token that a person chose.
    /// - Throws: `UIServerError.invalidToken` when it is short, or has characters that cannot stand in an address.
    init(_ value: String) throws(UIServerError) {
        guard value.utf8.count >= Self.minimumLength else {
            throw .invalidToken(reason: "it needs \(Self.minimumLength) characters at least")
        }
        guard value.utf8.count <= 256, value.utf8.allSatisfy(Self.isUnreserved) else {
            throw .invalidToken(reason: "only up to 256 letters, digits and - . _ ~ are allowed")
        }
        self.value = value
    }

    /// Whether it is the same, in a time that depends on the length of the offer alone.
    func matches(_ offer: some StringProtocol) -> Bool {
        let secret = Array(value.utf8)
        var difference: UInt8 = 0
        var count = 0
        for byte in offer.utf8 {
            difference |= byte ^ secret[count % secret.count]
            count += 1
        }
        return count == secret.count && difference == 0
    }

    /// Characters that mean themselves in an address, a header and a cookie (RFC 3986, section 2.3).
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
