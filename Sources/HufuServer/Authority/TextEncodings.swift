import ActivationCodes
package import Foundation

extension Data {
    /// Base64url without padding.
    package var base64URL: String { Base64URL.encode(self) }

    /// Strict: one text for each value.
    package init?(base64URL text: String) {
        guard let data = Base64URL.decode(text) else { return nil }
        self = data
    }

    /// Lower-case hexadecimal.
    package var hexadecimal: String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeBytes { bytes in
            String(unsafeUninitializedCapacity: bytes.count * 2) { text in
                for (position, byte) in bytes.enumerated() {
                    text[position * 2] = digits.utf8Start[Int(byte >> 4)]
                    text[position * 2 + 1] = digits.utf8Start[Int(byte & 15)]
                }
                return bytes.count * 2
            }
        }
    }

    package init?(hexadecimal text: String) {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        self.init(stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
