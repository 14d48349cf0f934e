package import Crypto
package import Foundation

/// AES-256-GCM under one key, with the context as associated data. Opening what was changed, or with another
/// context, is an error without detail.
package struct SealingKey: Sendable {
    package struct CannotOpen: Error {}

    private let key: SymmetricKey

    package init(_ key: SymmetricKey) { self.key = key }

    /// Nonce (12 bytes), ciphertext and tag (16 bytes).
    package func seal(_ plaintext: Data, context: Data) throws -> Data {
        try seal(plaintext, nonce: AES.GCM.Nonce(), context: context)
    }

    /// Under a nonce that was drawn for this call.
    func seal(_ plaintext: Data, nonce: AES.GCM.Nonce, context: Data) throws -> Data {
        let box = try AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: context)
        guard let sealed = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return sealed
    }

    package func open(_ sealed: Data, context: Data) throws -> Data {
        do {
            return try AES.GCM.open(
                try AES.GCM.SealedBox(combined: sealed), using: key, authenticating: context)
        } catch {
            throw CannotOpen()
        }
    }
}
