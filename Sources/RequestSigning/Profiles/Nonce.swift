/// The number used once: 16–64 symbols out of `A–Z a–z 0–9 - _`, which no proxy alters.
public enum Nonce {
    public static let lengths = 16...64
    /// How many symbols ``fresh(using:)`` draws: 144 bits.
    public static let freshLength = 24

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// - Throws: `nonce_missing` for the empty text, `nonce_malformed`.
    public static func check(_ nonce: some StringProtocol) throws(SigningRefusal) {
        let symbols = nonce.utf8
        if symbols.isEmpty { throw SigningRefusal(.nonceMissing, "The request has no nonce.") }
        guard lengths.contains(symbols.count), symbols.allSatisfy(isSymbol) else {
            throw SigningRefusal(
                .nonceMalformed, "A nonce is 16 to 64 characters out of A-Z, a-z, 0-9, dash and underscore.")
        }
    }

    /// A nonce nobody has used, as long as the generator is cryptographic.
    public static func fresh(using generator: inout some RandomNumberGenerator) -> String {
        text(count: freshLength, using: &generator)
    }

    /// A nonce from the system's random generator.
    public static func fresh() -> String {
        text(count: freshLength)
    }

    static func text(count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return text(count: count, using: &generator)
    }

    private static func text(count: Int, using generator: inout some RandomNumberGenerator) -> String {
        var symbols: [UInt8] = []
        while symbols.count < count {
            var bits = generator.next()
            for _ in 0..<10 where symbols.count < count {
                symbols.append(alphabet[Int(bits & 63)])
                bits >>= 6
            }
        }
        return String(decoding: symbols, as: UTF8.self)
    }

    private static func isSymbol(_ byte: UInt8) -> Bool {
        FieldName.isLower(byte) || FieldName.isUpper(byte) || FieldName.isDigit(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
