/// What a JSON writer escapes in text beyond what it must.
struct TextEscapes: Sendable {
    enum Beyond: Sendable { case raw, lowerHex, upperHex }

    /// Characters outside ASCII, and U+007F with them, as Python has it.
    var beyondASCII = Beyond.raw
    /// The hex digits of every other escape.
    var isUpperHex = false
    /// ASCII characters written as `\uXXXX` although they needn't be.
    var always = ""
    /// `/` as `\/`.
    var slash = false
    /// U+2028 and U+2029, which end lines in JavaScript.
    var lineSeparators = false
    /// `\b` and `\f` as `\u0008` and `\u000c`.
    var longControls = false

    static let raw = TextEscapes()
    static let python = TextEscapes(beyondASCII: .lowerHex)

    func write(_ text: String, to bytes: inout [UInt8]) {
        let source = Array(text.utf8)
        bytes.append(UInt8(ascii: "\""))
        source.withUnsafeBufferPointer { source in
            var start = 0
            var index = 0
            while index < source.count {
                let (code, length) = UTF8Form.character(source, at: index)
                if needsEscape(code) {
                    bytes += source[start..<index]
                    writeEscape(code, to: &bytes)
                    start = index + length
                }
                index += length
            }
            bytes += source[start..<index]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func needsEscape(_ code: UInt32) -> Bool {
        switch code {
        case 0..<0x20, 0x22, 0x5c: true
        case 0x2f where slash: true
        case ..<0x7f: !always.isEmpty && isAlways(code)
        default: beyondASCII != .raw || lineSeparators && (code == 0x2028 || code == 0x2029)
        }
    }

    private func isAlways(_ code: UInt32) -> Bool { always.utf8.contains(UInt8(truncatingIfNeeded: code)) }

    private func writeEscape(_ code: UInt32, to bytes: inout [UInt8]) {
        let short: Character? =
            switch code {
            case 0x22 where !isAlways(code): "\""
            case 0x5c: "\\"
            case 0x0a: "n"
            case 0x0d: "r"
            case 0x09: "t"
            case 0x08 where !longControls: "b"
            case 0x0c where !longControls: "f"
            case 0x2f: "/"
            default: nil
            }
        if let letter = short?.asciiValue {
            bytes += [UInt8(ascii: "\\"), letter]
            return
        }
        let isUpper = code < 0x7f || beyondASCII == .raw ? isUpperHex : beyondASCII == .upperHex
        guard code >= 0x10000 else { return writeUnit(code, isUpper, to: &bytes) }
        writeUnit(0xd800 + (code - 0x10000) >> 10, isUpper, to: &bytes)
        writeUnit(0xdc00 + (code - 0x10000) & 0x3ff, isUpper, to: &bytes)
    }

    private func writeUnit(_ unit: UInt32, _ isUpper: Bool, to bytes: inout [UInt8]) {
        bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
        for shift in [12, 8, 4, 0] as [UInt32] {
            let digit = HexDigit.symbol(unit >> shift)
            bytes.append(isUpper && digit > UInt8(ascii: "9") ? digit & 0xdf : digit)
        }
    }
}
