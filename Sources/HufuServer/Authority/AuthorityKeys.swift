package import ActivationCodes
import AuditLog
package import Crypto
package import Foundation
import RequestSigning

/// Every secret key of the authority. They lie on disk only sealed under the master key (see `KeyFile`).
package struct AuthorityKeys: Sendable {
    package let codes: CodeKeys
    let tokens: SymmetricKey
    let answers: SealingKey
    /// Tags of repeatable requests: bodies may hold passwords, so never a plain hash of them.
    let repeats: SymmetricKey
    let personal: SealingKey
    /// The secrets that devices share with the gateway are derived from it.
    let signing: SymmetricKey
    /// Seals the national platform's tokens.
    let platformTokens: SymmetricKey
    package let lease: Curve25519.Signing.PrivateKey
    package let log: Curve25519.Signing.PrivateKey

    /// Names of the raw keys in the sealed file, 32 bytes each.
    static let names = ["lookup", "sealing-1", "tokens", "answers", "personal", "lease", "log"]

    package struct Incomplete: Error {}

    /// From raw keys of 32 bytes each.
    init(_ raw: [String: Data]) throws {
        func key(_ name: String) throws -> SymmetricKey {
            guard let data = raw[name], data.count == 32 else { throw Incomplete() }
            return SymmetricKey(data: data)
        }
        func signingKey(_ name: String) throws -> Curve25519.Signing.PrivateKey {
            try Curve25519.Signing.PrivateKey(rawRepresentation: try key(name).withUnsafeBytes { Data($0) })
        }
        let number = { (name: String) in Int(name.dropFirst("sealing-".count)) ?? 0 }
        let sealing = raw.keys.filter { $0.hasPrefix("sealing-") }.sorted { number($0) < number($1) }
        guard let current = sealing.last else { throw Incomplete() }
        codes = CodeKeys(
            lookup: try key("lookup"),
            sealing: try Dictionary(uniqueKeysWithValues: sealing.map { ($0, try key($0)) }), current: current
        )
        tokens = try key("tokens")
        repeats = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: try key("answers"), info: Data("hufu-repeats-v1".utf8), outputByteCount: 32)
        signing = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: try key("tokens"), info: Data("hufu-request-signing-v1".utf8),
            outputByteCount: 32)
        platformTokens = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: try key("personal"), info: Data("hufu-platform-tokens-v1".utf8),
            outputByteCount: 32)
        answers = SealingKey(try key("answers"))
        personal = SealingKey(try key("personal"))
        lease = try signingKey("lease")
        log = try signingKey("log")
    }

    /// A fresh set, for a new authority and for tests.
    package static func generate(entropy: EntropySource) throws -> [String: Data] {
        try Dictionary(uniqueKeysWithValues: names.map { ($0, Data(try entropy.bytes(32))) })
    }

    /// Of the nonces' fingerprints, the same after a restart.
    var nonceKey: NonceWindow.Key {
        let bytes = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: signing, info: Data("hufu-nonces-v1".utf8), outputByteCount: 16)
        return bytes.withUnsafeBytes {
            NonceWindow.Key(
                $0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    package init(generated raw: [String: Data]) throws { try self.init(raw) }

    /// Identifies the lease key in tokens and in `/v1/keys` (RFC 7638 over the public key).
    package var leaseKeyID: String {
        let x = lease.publicKey.rawRepresentation.base64URL
        let canonical = #"{"crv":"Ed25519","kty":"OKP","x":""# + x + #""}"#
        return Data(SHA256.hash(data: Data(canonical.utf8))).base64URL
    }
}
