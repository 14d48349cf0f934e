import ActivationCodes
import AuditLog
import Foundation
package import RequestSigning

extension ActivationClient {
    /// Registers a key of this device with the authority and keeps it in the device file.
    ///
    /// Private keys are made here and never leave; shared secrets are made by the server and shown once, in this
    /// answer.
    ///
    /// - Parameters:
    ///   - algorithm: of `rfc9421`, there ed25519 unless told otherwise; nil for every other profile.
    ///   - validFor: an ISO 8601 duration; without one the key holds until it is revoked.
    /// - Throws: `APIProblem`, `ServerUnreachable`, `DeviceFileError`; `SigningRefusal` for a key that can't be
    ///   used as the server answered it.
    package func addSigningKey(
        for profile: Profile, algorithm: SignatureAlgorithm? = nil,
        terms: SigningKeyTerms = SigningKeyTerms(),
        validFor: String? = nil
    ) async throws -> DeviceSigningKey {
        let algorithm = profile == .rfc9421 ? algorithm ?? .ed25519 : nil
        let fresh = try FreshKey(for: profile, algorithm: algorithm)
        var body: JSON = ["profile": .string(profile.id)]
        body["public_key"] = fresh.publicKey.map { .string($0) }
        body["algorithm"] = algorithm.map { .string($0.rawValue) }
        if profile == .envelope { body["options"] = terms.options }
        if profile == .gm { body["user_id"] = terms.userID.map { .string($0) } }
        body["valid_for"] = validFor.map { .string($0) }
        let answer = try await send(.post, "/v1/signing-keys", body).json()
        guard let bindingID = answer["binding_id"]?.uuid else {
            throw UnexpectedAnswer("the key lacks its binding")
        }
        let key = DeviceSigningKey(
            id: try answer.text("key_id"), profile: profile, algorithm: algorithm, bindingID: bindingID,
            createdAt: answer["created_at"]?.date ?? now(), expiresAt: answer["expires_at"]?.date,
            privateKey: fresh.privateKey,
            secret: try answer["secret"]?.string.map { try Self.secret($0, of: profile) }, terms: terms)
        // Only a key that signs is worth keeping.
        _ = try key.signingKey()
        try await change { $0.signingKeys.append(key) }
        return key
    }

    /// The keys in the device file that still hold for its binding, the newest first.
    package func signingKeys() async throws -> [DeviceSigningKey] {
        guard let record = try await store.load(), let binding = record.binding else {
            throw DeviceFileError.notActivated
        }
        let now = now()
        return record.signingKeys.reversed().filter { $0.bindingID == binding.id && $0.holds(at: now) }
    }

    /// The newest key of this device for a profile; nil where it has none that holds for another minute.
    package func signingKey(
        for profile: Profile, algorithm: SignatureAlgorithm? = nil
    ) async throws -> DeviceSigningKey? {
        let now = now()
        return try await signingKeys().first {
            $0.profile == profile && (algorithm == nil || $0.algorithm == algorithm)
                && $0.holds(at: now, margin: 60)
        }
    }

    /// All keys of this device as the server knows them; secrets are not among it.
    package func registeredSigningKeys() async throws -> APIResponse {
        try await send(.get, "/v1/signing-keys", nil)
    }

    /// Revokes a key at the server, then forgets it.
    package func revokeSigningKey(_ id: String) async throws -> APIResponse {
        guard id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }) else {
            throw UnexpectedAnswer("a key id is letters and digits")
        }
        let answer = try await send(.post, "/v1/signing-keys/\(id)/revocation", [:])
        try await change { $0.signingKeys.removeAll { $0.id == id } }
        return answer
    }

    /// A client that signs with a key of this device and calls the server where it is activated.
    package func signedClient(
        _ key: DeviceSigningKey, options: SigningOptions = SigningOptions(), deadline: Duration = .seconds(30)
    ) async throws -> SignedClient {
        guard let binding = try await store.load()?.binding else { throw DeviceFileError.notActivated }
        return try SignedClient(
            RequestSigner(key.profile, key: try key.signingKey(), options: options),
            server: try configuration.server ?? ServerAddress(binding.server),
            trustedCAFile: configuration.trustedCAFile, deadline: deadline, now: now)
    }

    /// 32 bytes in base64url for two profiles, and text for the others.
    private static func secret(_ text: String, of profile: Profile) throws -> Data {
        guard profile == .v320 || profile == .rfc9421 else { return Data(text.utf8) }
        guard let bytes = Base64URL.decode(text) else {
            throw UnexpectedAnswer("the key's secret is not base64url")
        }
        return bytes
    }
}
