/// The algorithms of RFC 9421 §3.3 that are supported, as `alg` names them (§6.2).
///
/// Left out are rsa-v1_5-sha256, which new clients have no need of, and ecdsa-p384-sha384.
public enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case ed25519
    /// The signature is r‖s, 64 bytes, not DER.
    case ecdsaP256SHA256 = "ecdsa-p256-sha256"
    case hmacSHA256 = "hmac-sha256"
    /// The salt has 64 bytes.
    case rsaPSSSHA512 = "rsa-pss-sha512"
}
