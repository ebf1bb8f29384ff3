import FileAccess
import Foundation
import TestSupport
import Testing

@testable import WordEmbeddings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files of 4 GiB, almost all of them holes, which take no room and read as zeros.
struct LargeFileTests {
    private static let rows = 256
    private static let columns = 1 << 22
    private let files: TestFolder

    init() throws {
        files = try TestFolder()
    }

    /// Pages of a file that are in memory: those that were read or written, by whomever.
    private func residentPages(of path: String) throws -> Int {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let mapped = try #require(mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0))
        #expect(mapped != MAP_FAILED)
        defer { munmap(mapped, size) }
        #if canImport(Darwin)
            var pages = [CChar](repeating: 0, count: (size + page - 1) / page)
        #else
            var pages = [UInt8](repeating: 0, count: (size + page - 1) / page)
        #endif
        #expect(mincore(mapped, size, &pages) == 0)
        return pages.count { $0 & 1 == 1 }
    }

    /// Makes the file and its index, without reading what the holes hold.
    private func make() throws -> String {
        let path = files["v.bin"]
        let descriptor = open(path, O_RDWR | O_CREAT, 0o644)
        defer { close(descriptor) }
        func write(_ text: String, at place: Int) {
            #expect(pwrite(descriptor, text, text.utf8.count, off_t(place)) == text.utf8.count)
        }
        let title = "\(Self.rows) \(Self.columns)\n"
        write(title, at: 0)
        var place = title.utf8.count
        var starts: [UInt64] = []
        for row in 0..<Self.rows {
            let word = "w\(100 + row) "
            write(word, at: place)
            starts.append(UInt64(place + word.utf8.count))
            place += word.utf8.count + 4 * Self.columns
        }
        #expect(ftruncate(descriptor, off_t(place)) == 0)
        let index = VectorIndex(
            file: try MappedFile(path: path), header: VectorHeader(rows: Self.rows, dimensions: Self.columns),
            firstRecord: title.utf8.count, duplicates: 0, starts: .memory(starts),
            order: .memory((0..<Self.rows).map(UInt32.init)), counts: nil, blocks: nil)
        _ = try VectorIndexFile.write(index)
        return path
    }

    @Test("of a file with an index no more is read than a few pages")
    func opening() throws {
        let path = try make()
        let before = try residentPages(of: path)
        let file = try VectorFile.open(path: path)
        let words = try #require(file.words)
        #expect(!file.hasUnsavedIndex && file.notes.isEmpty)
        #expect(words.count == Self.rows && words.dimensions == Self.columns)
        // 64 samples, which may lie across two pages, and the header, of a million pages.
        #expect(try residentPages(of: path) - before <= 2 * 64 + 16)
        #expect(words.vocabulary[200] == "w300" && words.vocabulary.number(of: "w177") == 77)
        #expect(try residentPages(of: path) - before < 4096)
    }

    @Test("a damaged index of a large file is refused when it is used, or at once where that is wanted")
    func damaged() throws {
        let path = try make()
        var bytes = try files.bytes("v.bin.index")
        bytes[100] ^= 1
        try files.write("v.bin.index", bytes)
        let file = try MappedFile(path: path)
        file.expect(.sparse)
        var notes: [String] = []
        let header = VectorHeader(rows: Self.rows, dimensions: Self.columns)
        #expect(VectorIndexFile.read(of: file, header: header, firstRecord: 12, isChecked: true, notes: &notes) == nil)
        #expect(notes.count == 1 && notes[0].contains("checksum"))
        let words = try #require(try VectorFile.open(path: path).words)
        try words.vocabulary.checkDamage()
        #expect(words.vocabulary.number(of: "w177") == nil)
        let error = #expect(throws: WordEmbeddingError.self) { try words.vocabulary.checkDamage() }
        #expect(error?.description.contains("v.bin.index: byte 72: expected 3072 bytes with the checksum") == true)
    }
}
