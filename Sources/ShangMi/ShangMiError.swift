/// Why an operation of this library refused its input.
///
/// What depends on a secret has one case without detail: a wrong tag and a wrong padding must not tell an
/// attacker how they were wrong.
public enum ShangMiError: Error, Sendable, Hashable {
    /// A symmetric key that is not 16 bytes long.
    case incorrectKeySize
    /// A nonce, an initialization vector or a counter block of a length its mode doesn't take.
    case incorrectNonceSize
    /// An authentication tag of a length its mode doesn't take.
    case incorrectTagSize
    /// A message whose length its mode doesn't take: too long, or not whole blocks.
    case incorrectMessageSize
    /// The tag doesn't fit the ciphertext, the additional data, the nonce and the key.
    case authenticationFailure
    /// The end of a decrypted message isn't a padding, or the key or the ciphertext is wrong.
    case invalidPadding
    /// A private key that isn't 1…n - 2, or bytes of a length that no private key has.
    case invalidPrivateKey
    /// Bytes that don't encode a point of the curve, or encode the point at infinity.
    case invalidPoint
    /// A signature that isn't 64 bytes raw, or not the one DER encoding of two numbers of at most 256 bits.
    case invalidSignatureEncoding
    /// A key's PEM or DER is malformed, not canonical, contradicts itself or has bytes left over.
    case invalidKeyEncoding
    /// A key, a curve, a cipher or a derivation that this library doesn't have.
    case unsupportedAlgorithm
    /// The password doesn't open the key, or the encrypted key is damaged.
    case incorrectPassword
    /// A digest that isn't 32 bytes long.
    case incorrectDigestSize
    /// A user identifier of more than 8191 bytes, whose length in bits two bytes can't hold.
    case incorrectUserIDSize
}
