import Crypto
public import Foundation

/// A salted commitment to a personal value: it stands in the log, the value and its salt do not.
///
/// `HMAC-SHA256(key: salt, message: canonical JSON of the value)`. Without the salt nobody can try values
/// against it, so that destroying the salt and the value leaves nothing but 32 random-looking bytes.
public struct Commitment {
    /// Bytes of a salt; each value has its own, from the system's generator.
    public static let saltSize = 32

    /// 32 bytes. Traps on a salt of another size than 32 bytes.
    public static func make(_ value: JSON, salt: Data) -> Data {
        make(canonical: value.canonical(), salt: salt)
    }

    package static func make(canonical value: [UInt8], salt: Data) -> Data {
        precondition(salt.count == saltSize, "a salt is 32 bytes")
        return Data(HMAC<SHA256>.authenticationCode(for: value, using: SymmetricKey(data: salt)))
    }

    /// Whether the commitment is to this value, compared in constant time.
    public static func verify(_ value: JSON, salt: Data, commitment: Data) -> Bool {
        guard salt.count == saltSize, commitment.count == SHA256.byteCount else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            commitment, authenticating: value.canonical(), using: SymmetricKey(data: salt))
    }
}
