public import Crypto

/// An Ed25519 key with a name, which signs notes.
public struct NoteSigner: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    public let verifierKey: NoteVerifierKey

    /// The name should be the log's origin. Traps on one that is empty, or has a space or a plus.
    public init(name: String, key: Curve25519.Signing.PrivateKey) {
        guard
            let verifierKey = try? NoteVerifierKey(name: name, publicKey: key.publicKey.rawRepresentation)
        else { preconditionFailure("a signer's name is not empty and has no space or plus") }
        self.key = key
        self.verifierKey = verifierKey
    }

    /// 64 bytes.
    func signature(over text: String) throws -> [UInt8] {
        Array(try key.signature(for: Array(text.utf8)))
    }
}
