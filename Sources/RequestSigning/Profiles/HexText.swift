/// Bytes in hexadecimal: two digits each, read in either case.
enum HexText {
    static func encode(_ bytes: some Sequence<UInt8>, uppercase: Bool = false) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            for digit in [HexDigit.symbol(UInt32(byte) >> 4), HexDigit.symbol(UInt32(byte))] {
                text.append(uppercase && FieldName.isLower(digit) ? digit - 32 : digit)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil unless the text is an even number of hexadecimal digits.
    static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for symbol in text.utf8 {
            guard let digit = HexDigit.value(symbol) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
