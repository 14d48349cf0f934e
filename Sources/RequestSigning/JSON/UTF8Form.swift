/// The well-formed byte sequences of Unicode, table 3-7.
enum UTF8Form {
    /// How many bytes the character at `index` takes: 2–4, or 0 when they aren't UTF-8. The byte there is ≥
    /// 0x80.
    @inline(__always)
    static func length(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let lead = bytes[index]
        let left = bytes.count - index
        if lead >= 0xE0, lead < 0xF0 {
            guard left >= 3, bytes[index + 1] & 0xC0 == 0x80, bytes[index + 2] & 0xC0 == 0x80 else {
                return 0
            }
            if lead == 0xE0, bytes[index + 1] < 0xA0 { return 0 }
            if lead == 0xED, bytes[index + 1] >= 0xA0 { return 0 }
            return 3
        }
        if lead < 0xE0 {
            return lead >= 0xC2 && left >= 2 && bytes[index + 1] & 0xC0 == 0x80 ? 2 : 0
        }
        guard lead <= 0xF4, left >= 4, bytes[index + 1] & 0xC0 == 0x80, bytes[index + 2] & 0xC0 == 0x80,
            bytes[index + 3] & 0xC0 == 0x80
        else { return 0 }
        if lead == 0xF0, bytes[index + 1] < 0x90 { return 0 }
        if lead == 0xF4, bytes[index + 1] >= 0x90 { return 0 }
        return 4
    }

    /// The character at `index` of well-formed text (lone surrogates may occur), and how many bytes it takes.
    @inline(__always)
    static func character(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (code: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        if lead < 0x80 { return (lead, 1) }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | tail(bytes, index + 1), 2) }
        if lead < 0xF0 {
            return ((lead & 0x0F) << 12 | tail(bytes, index + 1) << 6 | tail(bytes, index + 2), 3)
        }
        let high = (lead & 0x07) << 18 | tail(bytes, index + 1) << 12
        return (high | tail(bytes, index + 2) << 6 | tail(bytes, index + 3), 4)
    }

    @inline(__always)
    private static func tail(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
        UInt32(bytes[index] & 0x3F)
    }

    /// Appends a code point, a surrogate too.
    static func append(_ code: UInt32, to bytes: inout [UInt8]) {
        func byte(_ value: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value) }
        if code < 0x80 {
            bytes.append(byte(code))
        } else if code < 0x800 {
            bytes.append(byte(0xC0 | code >> 6))
            bytes.append(byte(0x80 | code & 0x3F))
        } else {
            if code < 0x10000 {
                bytes.append(byte(0xE0 | code >> 12))
            } else {
                bytes.append(byte(0xF0 | code >> 18))
                bytes.append(byte(0x80 | code >> 12 & 0x3F))
            }
            bytes.append(byte(0x80 | code >> 6 & 0x3F))
            bytes.append(byte(0x80 | code & 0x3F))
        }
    }
}
