/// Bytes as text, in every spelling that occurs; reading is lenient, since it serves to name the spelling.
enum BinaryText: Sendable, CaseIterable {
    case base64, base64URL, hex

    /// The spellings that the text may be in; hex digits alone are Base64 as well.
    static func spellings(of text: some StringProtocol) -> [(form: BinaryText, bytes: [UInt8])] {
        allCases.compactMap { form in form.decode(text).map { (form, $0) } }
    }

    /// White space is passed over, and padding isn't due.
    func decode(_ text: some StringProtocol) -> [UInt8]? {
        let symbols = text.utf8.filter { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard !symbols.isEmpty else { return nil }
        switch self {
        case .hex: return HexText.decode(String(decoding: symbols, as: UTF8.self))
        case .base64: return Self.base64(symbols, UInt8(ascii: "+"), UInt8(ascii: "/"))
        case .base64URL: return Self.base64(symbols, UInt8(ascii: "-"), UInt8(ascii: "_"))
        }
    }

    private static func base64(_ symbols: [UInt8], _ symbol62: UInt8, _ symbol63: UInt8) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for symbol in symbols.prefix(upTo: symbols.firstIndex(of: UInt8(ascii: "=")) ?? symbols.count) {
            let digit: UInt8
            switch symbol {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = symbol - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = symbol - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = symbol - UInt8(ascii: "0") + 52
            case symbol62: digit = 62
            case symbol63: digit = 63
            default: return nil
            }
            group = (group << 6 | UInt32(digit)) & 0xfff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return bytes
    }
}
