import Testing

@testable import FileAccess

struct XXH64Tests {
    /// From `xxhash.xxh64(bytes).hexdigest()`, python-xxhash.
    @Test(
        "the reference's values, however the bytes come",
        arguments: [
            ([], 0xef46_db37_51d8_e999), (Array("a".utf8), 0xd24e_c4f1_a98c_6e5b),
            (Array("abc".utf8), 0x44bc_2cf5_ad77_0999),
            (Array("Nobody inspects the spammish repetition".utf8), 0xfbce_a83c_8a37_8bf1),
            ((0..<1000).map { UInt8($0 * 7 % 256) }, 0x2527_5608_a9cf_c168),
        ] as [([UInt8], UInt64)])
    func values(bytes: [UInt8], expected: UInt64) {
        #expect(bytes.withUnsafeBytes { XXH64.hash($0) } == expected)
        for step in [1, 3, 31, 32, 33, 100] {
            var hash = XXH64()
            for start in stride(from: 0, to: bytes.count, by: step) {
                Array(bytes[start..<min(bytes.count, start + step)]).withUnsafeBytes { hash.update($0) }
            }
            #expect(hash.value == expected)
        }
    }
}
