public import Foundation

/// A folder for the files of one test, which goes away with it.
public final class TestFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// Makes an empty folder beside the system's other temporary files.
    public init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("w2v-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file of that name, which need not be there.
    public subscript(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    @discardableResult
    public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: self[name]))
        return self[name]
    }

    /// Writes a file of UTF-8 text and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, text.utf8)
    }

    /// What a file holds.
    public func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: self[name]))
    }

    /// The bytes of a file.
    public func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](data(name))
    }

    /// The text of a file in UTF-8.
    public func text(_ name: String) throws -> String {
        String(decoding: try data(name), as: UTF8.self)
    }

    /// The names of what lies in the folder, sorted.
    public var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
