/// What a key is made of; see ``VerificationKey/Material-swift.enum``.
public enum KeyKind: String, Sendable, Hashable, CaseIterable {
    case secret, rsa, p256, ed25519, sm2
    /// SM2 with the terms of an `envelope` site.
    case envelope
    /// SM2 with the client id of `fsi-sm`.
    case fsi
}
