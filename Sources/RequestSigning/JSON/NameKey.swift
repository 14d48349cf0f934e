/// A name while its object is read: what sorting needs, side by side.
struct NameKey {
    /// The first eight bytes, the first of them highest, with zeros behind a shorter name.
    let prefix: UInt64
    let node: JSONNode
    let place: UInt32

    init(_ node: JSONNode, place: Int, texts: JSONTexts) {
        let text = texts(node)
        var prefix: UInt64 = 0
        if text.count >= 8 {
            prefix = UInt64(bigEndian: UnsafeRawBufferPointer(text).loadUnaligned(as: UInt64.self))
        } else {
            for byte in text { prefix = prefix << 8 | UInt64(byte) }
            prefix <<= UInt64(8 * (8 - text.count))
        }
        self.prefix = prefix
        self.node = node
        self.place = UInt32(truncatingIfNeeded: place)
    }

    /// Negative when `self` stands before `other` by code point, zero when the names are equal.
    @inline(__always)
    func compare(_ other: NameKey, texts: JSONTexts) -> Int {
        if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
        return NameOrder.codePoint.compare(texts(node), texts(other.node))
    }

    /// Sorts `keys[first...]`; short lists, and nearly sorted ones, are the rule.
    static func sort(_ keys: inout [NameKey], from first: Int, texts: JSONTexts) {
        guard keys.count - first <= 32 else {
            keys[first...].sort { $0.compare($1, texts: texts) < 0 }
            return
        }
        var next = first + 1
        while next < keys.count {
            let key = keys[next]
            var hole = next
            while hole > first, key.compare(keys[hole - 1], texts: texts) < 0 {
                keys[hole] = keys[hole - 1]
                hole -= 1
            }
            keys[hole] = key
            next += 1
        }
    }
}
