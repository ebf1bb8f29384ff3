extension NumpyHeader {
    /// How an element is stored.
    struct ElementType: Equatable {
        enum Kind: Character {
            case float = "f"
            case signed = "i"
            case unsigned = "u"
        }
        let kind: Kind
        /// Bytes: 1, 2, 4 or 8.
        let size: Int
        let isBigEndian: Bool

        /// Reads `<f4`, `|u1` and the like.
        init?(_ name: String) {
            let characters = Array(name)
            guard characters.count == 3, let kind = Kind(rawValue: characters[1]),
                let size = characters[2].wholeNumberValue, characters[2].isASCII, [1, 2, 4, 8].contains(size),
                kind != .float || size >= 4
            else { return nil }
            switch characters[0] {
            case "<": isBigEndian = false
            case ">": isBigEndian = true
            case "=": isBigEndian = UInt16(1).bigEndian == 1
            case "|" where size == 1: isBigEndian = false
            default: return nil
            }
            self.kind = kind
            self.size = size
        }

        /// The element at a byte, rounded to a float.
        @inline(__always)
        func float(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Float {
            let bits = bits(bytes, position)
            return switch kind {
            case .float: size == 4 ? Float(bitPattern: UInt32(bits)) : Float(Double(bitPattern: bits))
            case .signed: Float(signed(bits))
            case .unsigned: Float(bits)
            }
        }

        /// The whole number at a byte; one above the range becomes the largest.
        func integer(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int64 {
            let bits = bits(bytes, position)
            return kind == .signed ? signed(bits) : Int64(clamping: bits)
        }

        @inline(__always)
        private func bits(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
            switch size {
            case 1: return UInt64(bytes[position])
            case 2:
                let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self)
                return UInt64(isBigEndian ? UInt16(bigEndian: bits) : UInt16(littleEndian: bits))
            case 4:
                let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
                return UInt64(isBigEndian ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits))
            default:
                let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                return isBigEndian ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits)
            }
        }

        private func signed(_ bits: UInt64) -> Int64 {
            let unused = UInt64(64 - 8 * size)
            return Int64(truncatingIfNeeded: bits << unused) >> Int64(unused)
        }
    }
}
