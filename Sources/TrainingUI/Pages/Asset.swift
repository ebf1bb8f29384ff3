internal import HTTPTypes
internal import Hummingbird
internal import WebPages

/// A script, style or picture of the pages.
struct Asset: Sendable {
    private let body: ByteBuffer
    private let type: String
    /// Names the content: it changes when the file does.
    private let tag: String

    /// All of them, by path.
    private static let table: [String: Asset] = {
        var table: [String: Asset] = [:]
        for name in WebAsset.names {
            guard let type = type(of: name), let bytes = WebAsset.bytes(name) else { continue }
            table["/assets/" + name] = Asset(bytes, type: type)
        }
        return table
    }()

    init?(path: String) {
        guard let asset = Self.table[path] else { return nil }
        self = asset
    }

    private init(_ bytes: [UInt8], type: String) {
        body = ByteBuffer(bytes: bytes)
        self.type = type
        // FNV-1a, 64 bits: enough to tell versions of a file apart.
        let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        tag = "\"\(String(hash, radix: 16))-\(bytes.count)\""
    }

    /// The file, or 304 when the browser has it.
    func response(_ request: Request) -> Response {
        let headers: HTTPFields = [.contentType: type, .eTag: tag, .cacheControl: "no-cache"]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").contains { $0.filter { $0 != " " } == tag }
        if known == true { return .withoutBody(.notModified, headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }

    private static func type(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        default: nil
        }
    }
}
