import ActivationClient
import Crypto
import CryptoExtras
import Foundation
import RequestSigning
import ShangMi

/// Keys and secrets for signatures, out of files in the forms that people have.
enum SigningKeyFile {
    /// The key to sign with.
    ///
    /// - Parameters:
    ///   - keyFile: PEM, DER or a bare number; nil where the profile needs only a secret.
    ///   - secretFile: the shared secret; for `envelope` the application's.
    static func signingKey(
        _ profile: Profile, id: String, keyFile: String?, secretFile: String?, terms: SigningKeyTerms
    ) throws -> SigningKey {
        if let keyFile, profile != .envelope, profile != .fsiSM, profile != .gm {
            return SigningKey(id: id, try privateKey(profile, keyFile))
        }
        let secret = try secretFile.map { try bytes(ofSecret: $0, for: profile) }
        let number: [UInt8]? = try keyFile.map {
            let key: SM2.Signing.PrivateKey = try SM2KeyFile.privateKey($0, passwordFile: nil)
            return Array(key.rawRepresentation)
        }
        let material = try terms.material(
            of: profile, id: id, privateKey: number, secret: secret,
            algorithm: profile == .rfc9421 ? .hmacSHA256 : nil)
        return SigningKey(id: id, material)
    }

    /// The key to verify with: a public key (that of a private key will do), a secret, or both for `envelope`.
    static func verificationKey(
        _ profile: Profile, id: String, keyFile: String?, secretFile: String?, terms: SigningKeyTerms
    ) throws -> VerificationKey {
        let secret = try secretFile.map { try bytes(ofSecret: $0, for: profile) }
        guard let keyFile else {
            let material = try terms.material(
                of: profile, id: id, privateKey: nil, secret: secret,
                algorithm: profile == .rfc9421 ? .hmacSHA256 : nil)
            return SigningKey(id: id, material).verificationKey
        }
        switch profile {
        case .envelope, .fsiSM, .gm:
            let key: SM2.Signing.PublicKey = try SM2KeyFile.publicKey(keyFile, passwordFile: nil)
            return VerificationKey(id: id, try material(profile, id, key, secret, terms))
        default:
            return VerificationKey(id: id, try publicKey(profile, keyFile))
        }
    }

    private static func material(
        _ profile: Profile, _ id: String, _ key: SM2.Signing.PublicKey, _ secret: [UInt8]?,
        _ terms: SigningKeyTerms
    ) throws -> VerificationKey.Material {
        switch profile {
        case .gm: return .sm2(key, userID: try terms.sm2UserID())
        case .fsiSM: return .fsi(try ClientTerms(clientID: id), key)
        default:
            guard let secret else {
                throw CommandFailure(
                    .environment,
                    "error: an envelope is opened with the application's secret\n  cure: --secret-file FILE")
            }
            let agreed = try EnvelopeTerms(
                appID: id, appSecret: SharedSecret(secret), keyOrder: terms.keyOrder, signer: terms.signer,
                version: terms.version)
            return .envelope(agreed, key)
        }
    }

    private static func privateKey(_ profile: Profile, _ path: String) throws -> SigningKey.Material {
        let data = try ByteFiles.data(of: path)
        let text = String(decoding: data, as: UTF8.self)
        if text.contains("-----BEGIN ") { return try SigningKey.Material(profile: profile, pem: text) }
        try requirePEM(profile)
        return try first(data) { try SigningKey.Material(profile: profile, raw: $0) }
    }

    private static func publicKey(_ profile: Profile, _ path: String) throws -> VerificationKey.Material {
        let data = try ByteFiles.data(of: path)
        let text = String(decoding: data, as: UTF8.self)
        if text.contains("PRIVATE KEY-----") {
            let material = try SigningKey.Material(profile: profile, pem: text)
            return SigningKey(id: "x", material).verificationKey.material
        }
        if text.contains("-----BEGIN ") { return try VerificationKey.Material(profile: profile, pem: text) }
        try requirePEM(profile)
        return try first(data) { try VerificationKey.Material(profile: profile, raw: $0) }
    }

    /// Bare bytes do not tell which of several algorithms they are for.
    private static func requirePEM(_ profile: Profile) throws {
        guard profile != .rfc9421 else {
            throw CommandFailure(
                .environment, "error: a key for rfc9421 is read as PEM, which names its kind")
        }
    }

    /// Hexadecimal, Base64 or the bytes themselves: the first that makes a key.
    private static func first<Key>(_ data: Data, _ make: ([UInt8]) throws -> Key) throws -> Key {
        for form in [ByteForm.hex, .base64] {
            if let bytes = form.decode(data), let key = try? make(bytes) { return key }
        }
        return try make(Array(data))
    }

    /// v3.2.0 and rfc9421: bytes, as base64url, Base64, hexadecimal or themselves. Other profiles: the file's
    /// first line as text.
    private static func bytes(ofSecret path: String, for profile: Profile) throws -> [UInt8] {
        guard profile == .v320 || profile == .rfc9421 else {
            return Array(try SecretInput.read("secret", file: path).utf8)
        }
        let data = try ByteFiles.data(of: path)
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        let readings = [
            ByteForm.hex.decode(Data(text.utf8)), ByteForm.base64.decode(Data(padded.utf8)), Array(data),
            Array(text.utf8),
        ]
        if let bytes = readings.compactMap({ $0 }).first(where: { $0.count == 32 }) { return bytes }
        guard profile != .v320 else {
            throw CommandFailure(.environment, "error: \(path): a secret of v3.2.0 has 32 bytes")
        }
        return Array(text.utf8)
    }
}
