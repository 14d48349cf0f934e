package import Foundation

extension Data {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Base64url without padding (RFC 4648 §5).
    package var base64URL: String {
        let alphabet = Self.alphabet
        return String(unsafeUninitializedCapacity: (count * 4 + 2) / 3) { text in
            var written = 0
            var bits = 0
            var held = 0
            for byte in self {
                bits = bits << 8 | Int(byte)
                held += 8
                while held >= 6 {
                    held -= 6
                    text[written] = alphabet[bits >> held & 0x3F]
                    written += 1
                }
                bits &= 1 << held - 1
            }
            if held > 0 {
                text[written] = alphabet[bits << (6 - held) & 0x3F]
                written += 1
            }
            return written
        }
    }

    /// Strict: one text for each value.
    package init?(base64URL text: String) {
        guard
            !text.utf8.contains(where: {
                $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "=")
            })
        else { return nil }
        let standard = String(
            decoding: text.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "-"): UInt8(ascii: "+")
                case UInt8(ascii: "_"): UInt8(ascii: "/")
                default: byte
                }
            }, as: UTF8.self)
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard + padding), data.base64URL == text else { return nil }
        self = data
    }

    /// Lower-case hexadecimal.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: count * 2) { text in
            for (position, byte) in enumerated() {
                text[position * 2] = digits[Int(byte >> 4)]
                text[position * 2 + 1] = digits[Int(byte & 15)]
            }
            return count * 2
        }
    }

    package init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self.init(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
