/// Skims over text, eight bytes at a time.
enum TextScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first place at or behind `start` that isn't a printable ASCII character other than the quotation
    /// mark and the reverse solidus; the buffer's count if there is none.
    @inline(__always)
    static func plainEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var here = start
        let raw = UnsafeRawBufferPointer(bytes)
        while here + 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: here, as: UInt64.self))
            // A byte below n makes `x - n` borrow; whatever lies below the first such byte is exact.
            let control = (word &- ones &* 0x20) & ~word
            let found =
                (control | zeroBytes(word ^ ones &* 0x22) | zeroBytes(word ^ ones &* 0x5C)
                    | zeroBytes(word ^ ones &* 0x7F) | word) & tops
            if found != 0 { return here + found.trailingZeroBitCount / 8 }
            here += 8
        }
        while here < bytes.count, isPlain(bytes[here]) { here += 1 }
        return here
    }

    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word
    }

    @inline(__always)
    static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// What unescaped text holds; nil when it isn't UTF-8.
    static func marks(of bytes: UnsafeBufferPointer<UInt8>) -> JSONNode.Marks? {
        var marks: JSONNode.Marks = []
        var here = plainEnd(bytes, from: 0)
        while here < bytes.count {
            if bytes[here] >= 0x80 {
                let length = UTF8Form.length(bytes, at: here)
                if length == 0 { return nil }
                marks.insert(.wide)
                here += length
            } else {
                marks.insert(bytes[here] == 0x7F ? .delete : .escaped)
                here += 1
            }
            here = plainEnd(bytes, from: here)
        }
        return marks
    }
}
