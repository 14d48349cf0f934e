public import Crypto
public import Foundation

/// The keys that stand between a database and the codes in it: one for look-up, several (by id) for sealing.
///
/// A stored code is its ``lookupHash(of:)`` and a sealed payload, never the code. Sealing keys rotate: add a
/// new one, make it `current`, keep the old as long as payloads sealed with it exist. The look-up key can't
/// rotate without the codes, which the sealed payloads keep.
public struct CodeKeys: Sendable {
    /// Keyed and not fed yet: every hash begins with a copy.
    private let lookup: HMAC<SHA256>
    private let sealing: [String: SymmetricKey]
    private let current: String

    /// - Parameters:
    ///   - lookup: 256 bits, used for nothing else.
    ///   - sealing: 256 bits each, by key id. A key id has 1…255 bytes of UTF-8 and is not secret.
    ///   - current: the id of the key that seals from now on.
    /// - Precondition: `current` is among `sealing`, and every id has an allowed length.
    public init(lookup: SymmetricKey, sealing: [String: SymmetricKey], current: String) {
        precondition(sealing[current] != nil, "the current sealing key must be among the sealing keys")
        precondition(sealing.keys.allSatisfy { 1...255 ~= $0.utf8.count }, "a key id has 1 to 255 bytes")
        self.lookup = HMAC(key: lookup)
        self.sealing = sealing
        self.current = current
    }

    /// HMAC-SHA256 over the 28 ASCII symbols: 32 bytes, equal for equal codes, useless without the key.
    public func lookupHash(of secret: CodeSecret) -> Data {
        var hash = lookup
        hash.update(data: secret.symbols)
        return Data(hash.finalize())
    }

    /// Encrypts `payload` under the current key, bound to `context`.
    ///
    /// - Parameters:
    ///   - context: what the payload belongs to, such as its row's id: authenticated, not stored. Only the
    ///     same context unseals.
    /// - Returns: self-describing bytes, docs/formats/sealed-payload.md.
    /// - Throws: what the entropy source throws.
    public func seal(_ payload: Data, context: Data, entropy: EntropySource) throws -> Data {
        guard let key = sealing[current] else { preconditionFailure("checked by the initializer") }
        let salt = Data(try entropy.bytes(SealedPayload.saltSize))
        let nonce = Data(try entropy.bytes(SealedPayload.nonceSize))
        let box = try AES.GCM.seal(
            payload, using: derive(from: key, salt: salt), nonce: AES.GCM.Nonce(data: nonce),
            authenticating: context)
        return SealedPayload(
            keyID: current, salt: salt, nonce: nonce, ciphertext: box.ciphertext, tag: box.tag
        ).encoded
    }

    /// Decrypts what ``seal(_:context:entropy:)`` made.
    ///
    /// - Throws: ``UnsealingError``, the same for every cause: malformed bytes, unknown key id, wrong key,
    ///   wrong context, any changed bit.
    public func unseal(_ sealed: Data, context: Data) throws(UnsealingError) -> Data {
        guard let sealed = SealedPayload(parsing: sealed), let key = sealing[sealed.keyID] else {
            throw UnsealingError()
        }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed.nonce), ciphertext: sealed.ciphertext, tag: sealed.tag)
            return try AES.GCM.open(
                box, using: derive(from: key, salt: sealed.salt), authenticating: context)
        } catch {
            throw UnsealingError()
        }
    }

    /// A key for one payload only, so that random nonces never meet under one AES key.
    private func derive(from key: SymmetricKey, salt: Data) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: salt, info: Data("activation-key-v1".utf8), outputByteCount: 32)
    }
}

/// A sealed payload could not be opened. There is no detail, because each one would help a forger.
public struct UnsealingError: Error {
    public init() {}
}
