/// The backslash escapes inside bash's `$'…'`.
enum ShellEscape {
    /// Reads what follows the backslash and returns the bytes it stands for; an unknown escape stays as it
    /// is.
    static func take(from rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let backslash = UInt8(ascii: "\\")
        guard let escape = rest.first else { return [backslash] }
        if (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(escape) {
            return number(&rest, bits: 3, digits: 3).map { [UInt8(truncatingIfNeeded: $0)] } ?? []
        }
        rest = rest.dropFirst()
        switch escape {
        case UInt8(ascii: "x"):
            return number(&rest, bits: 4, digits: 2).map { [UInt8(truncatingIfNeeded: $0)] } ?? [
                backslash, escape,
            ]
        case UInt8(ascii: "u"):
            return number(&rest, bits: 4, digits: 4).map(utf8) ?? [backslash, escape]
        case UInt8(ascii: "U"):
            return number(&rest, bits: 4, digits: 8).map(utf8) ?? [backslash, escape]
        case UInt8(ascii: "c"): return rest.popFirst().map { [$0 & 0x1f] } ?? [backslash, escape]
        case backslash, UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"): return [escape]
        case UInt8(ascii: "a"): return [0x07]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "v"): return [0x0b]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "e"), UInt8(ascii: "E"): return [0x1b]
        default: return [backslash, escape]
        }
    }

    /// Up to so many digits of so many bits each; nil where there is none.
    private static func number(_ rest: inout ArraySlice<UInt8>, bits: UInt32, digits: Int) -> UInt32? {
        var value: UInt32?
        for _ in 0..<digits {
            guard let next = rest.first, let digit = Character(Unicode.Scalar(next)).hexDigitValue,
                digit < 1 << bits
            else { break }
            value = (value ?? 0) << bits | UInt32(digit)
            rest = rest.dropFirst()
        }
        return value
    }

    private static func utf8(_ number: UInt32) -> [UInt8] {
        Array(String(Unicode.Scalar(number) ?? "\u{FFFD}").utf8)
    }
}
