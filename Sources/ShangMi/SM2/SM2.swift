/// The elliptic-curve algorithms of GB/T 32918 over the curve of its part 5 (sm2p256v1).
///
/// Three uses, each with its own keys, so that a key is not taken for what it wasn't made for:
/// ``Signing``, ``KeyAgreement`` and ``Encryption``.
///
/// ```swift
/// let key = SM2.Signing.PrivateKey()
/// let signature = key.signature(for: message)
/// key.publicKey.isValidSignature(signature, for: message)
///
/// let box = try recipient.publicKey.encrypt(secret)
/// let opened = try recipient.decrypt(box)
/// ```
public enum SM2 {
    /// What a key is for: the three namespaces of ``SM2`` and nothing else.
    public protocol KeyUse: Sendable {}

    /// Signatures of GB/T 32918.2.
    public enum Signing: KeyUse {
        public typealias PrivateKey = SM2.PrivateKey<Signing>
        public typealias PublicKey = SM2.PublicKey<Signing>
    }

    /// Key agreement of GB/T 32918.3.
    public enum KeyAgreement: KeyUse {
        public typealias PrivateKey = SM2.PrivateKey<KeyAgreement>
        public typealias PublicKey = SM2.PublicKey<KeyAgreement>
    }

    /// Public-key encryption of GB/T 32918.4.
    public enum Encryption: KeyUse {
        public typealias PrivateKey = SM2.PrivateKey<Encryption>
        public typealias PublicKey = SM2.PublicKey<Encryption>
    }
}
