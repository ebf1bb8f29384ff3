#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A hash table from the bytes of words to their numbers 0, 1, 2 … in the order of insertion.
///
/// Words lie one after another in one array of bytes; the table is open addressing with linear probing over pairs of
/// (upper half of the hash, number). Memory per word: its bytes, 8 bytes of offset, 11 to 21 bytes of table.
/// The hash is seeded anew in each process, so that no text can be made to collide; nothing that is written depends
/// on its order.
struct WordIndex: Sendable {
    /// All words' bytes.
    private(set) var bytes: [UInt8] = []
    /// Where word i ends; it starts where word i − 1 ends.
    private(set) var ends: [Int] = []
    /// Slots of (number + 1) << 32 | upper hash bits; 0 is empty. A power of two of them.
    private var slots: [UInt64]
    private var mask: Int

    /// Number of words.
    var count: Int { ends.count }

    init(minimumCapacity: Int = 0) {
        var size = 16
        while size * 5 < minimumCapacity * 8 { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
        ends.reserveCapacity(minimumCapacity)
    }

    /// Where the bytes of word `number` lie in `bytes`.
    func range(of number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    /// Bytes of memory that it takes.
    var memory: Int { bytes.capacity + 8 * ends.capacity + 8 * slots.count }

    /// Gives each word with its number.
    func forEachWord<Failure: Error>(
        _ body: (Int, UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
            for number in 0..<count { try body(number, UnsafeBufferPointer(rebasing: bytes[range(of: number)])) }
        }
    }

    /// What `body` makes of each word.
    func mapWords<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> [Result] {
        var results: [Result] = []
        results.reserveCapacity(count)
        forEachWord { results.append(body($1)) }
        return results
    }

    /// The word of that number.
    func word(_ number: Int) -> String {
        String(decoding: bytes[range(of: number)], as: UTF8.self)
    }

    /// The number of a word, or −1.
    func find(_ word: UnsafeBufferPointer<UInt8>) -> Int {
        find(word, hash: Self.hash(word))
    }

    /// The number of a word whose hash is known, or −1.
    @inline(__always)
    func find(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
        slots.withUnsafeBufferPointer { slots in
            let tag = hash >> 32
            var position = Int(truncatingIfNeeded: hash) & mask
            while true {
                let slot = slots[position]
                if slot == 0 { return -1 }
                if slot & 0xFFFF_FFFF == tag {
                    let number = Int(slot >> 32) - 1
                    if equals(number, word) { return number }
                }
                position = (position + 1) & mask
            }
        }
    }

    /// The number of a word, which is added when it is new.
    mutating func insert(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
        let found = find(word, hash: hash)
        if found >= 0 { return found }
        add(word)
        place(number: count - 1, hash: hash)
        return count - 1
    }

    /// Adds a word that may be there already; looking it up then gives the first.
    mutating func append(_ word: UnsafeBufferPointer<UInt8>, hash: UInt64) {
        let isNew = find(word, hash: hash) < 0
        add(word)
        if isNew { place(number: count - 1, hash: hash) }
    }

    private mutating func add(_ word: UnsafeBufferPointer<UInt8>) {
        if (count + 1) * 8 > slots.count * 5 { grow() }
        bytes.append(contentsOf: word)
        ends.append(bytes.count)
    }

    private mutating func place(number: Int, hash: UInt64) {
        var position = Int(truncatingIfNeeded: hash) & mask
        while slots[position] != 0 { position = (position + 1) & mask }
        slots[position] = UInt64(number + 1) << 32 | hash >> 32
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for number in 0..<count {
            bytes.withUnsafeBufferPointer { bytes in
                let word = UnsafeBufferPointer(rebasing: bytes[range(of: number)])
                let hash = Self.hash(word)
                // A repeated word has no slot: many of them would make one long run of equal hashes.
                if find(word, hash: hash) < 0 { place(number: number, hash: hash) }
            }
        }
    }

    @inline(__always)
    private func equals(_ number: Int, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = range(of: number)
        guard range.count == word.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            guard let stored = bytes.baseAddress, let wanted = word.baseAddress else { return true }
            return memcmp(stored + range.lowerBound, wanted, word.count) == 0
        }
    }

    /// Seed of this process's hashes.
    private static let seed = UInt64.random(in: .min ... .max)

    /// A seeded 64-bit hash: 8 bytes at a time through a 64 × 64 → 128-bit multiplication.
    @inline(__always)
    static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: word.count) &* 0x9E37_79B9_7F4A_7C15
        let raw = UnsafeRawPointer(word.baseAddress)
        var offset = 0
        while offset + 8 <= word.count {
            guard let raw else { break }
            state = mix(state ^ raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < word.count {
            rest = rest << 8 | UInt64(word[offset])
            offset += 1
        }
        return mix(state ^ rest &* 0xA076_1D64_78BD_642F)
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0xE703_7ED1_A0B4_28DB).multipliedFullWidth(by: 0x8EBC_6AF0_9C88_C6E3)
        return product.high ^ product.low
    }
}
