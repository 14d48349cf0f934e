import Crypto
import CryptoExtras
import Foundation
public import RequestSigning
import ShangMi

/// What the sandbox's one client calls it with. Everything lies in files of the data directory; the same values
/// are here for tests that run the sandbox in their own process.
public struct SandboxCredentials: Sendable {
    public let clientID: String
    public let clientSecret: RequestSigning.SharedSecret
    /// Who signs in at the login page.
    public let userName: String
    public let password: RequestSigning.SharedSecret
    /// A key for each profile of ``Profile/all``.
    public let signingKeys: [Profile: SigningKey]
    /// With which the sandbox signs the answers of the envelope face.
    public let envelopeAnswerKey: SigningKey

    public func signingKey(for profile: Profile) -> SigningKey? { signingKeys[profile] }

    /// The key's identifier of a profile: `fsi-sm` takes exactly 16 characters, `envelope` at least as many.
    public static func keyID(of profile: Profile) -> String {
        switch profile {
        case .fsiSM: "hufusandboxfsi01"
        case .envelope: "hufu-sandbox-app-01"
        default: "sandbox-\(profile.id)"
        }
    }

    /// Reads the files, and makes those that are missing.
    init(in directory: SandboxDirectory) throws {
        clientID = try directory.secret("client/client-id") { "hufu-sandbox-client" }
        clientSecret = RequestSigning.SharedSecret(
            try directory.secret("client/client-secret", make: Self.randomText))
        userName = try directory.secret("client/login-name") { "tester" }
        password = RequestSigning.SharedSecret(
            try directory.secret("client/login-password", make: Self.randomText))
        var keys: [Profile: SigningKey] = [:]
        for profile in Profile.all { keys[profile] = try Self.key(profile, directory) }
        signingKeys = keys
        let platform = try Self.sm2("platform-envelope", directory, publicIn: "client/keys/")
        envelopeAnswerKey = SigningKey(
            id: Self.keyID(of: .envelope), .envelope(try Self.terms(directory), platform))
    }

    /// The file under `client/keys` that holds a profile's key: PEM, or a secret as text.
    static func keyFile(of profile: Profile) -> String {
        switch profile {
        case .v320, .tif, .csb: "client/keys/\(profile.id).secret"
        default: "client/keys/\(profile.id).key.pem"
        }
    }

    static let envelopeSecretFile = "client/keys/envelope.secret"

    private static func key(_ profile: Profile, _ directory: SandboxDirectory) throws -> SigningKey {
        let id = keyID(of: profile)
        let name = keyFile(of: profile)
        switch profile {
        case .v320:
            let text = try directory.secret(name, make: randomHex)
            guard let bytes = Hexadecimal.bytes(text), bytes.count == 32 else {
                throw SandboxError("\(directory.file(name)) doesn't hold 64 hexadecimal digits")
            }
            return SigningKey(id: id, .secret(RequestSigning.SharedSecret(bytes)))
        case .tif, .csb:
            return SigningKey(
                id: id, .secret(RequestSigning.SharedSecret(try directory.secret(name, make: randomText))))
        case .gm: return SigningKey(id: id, .sm2(try sm2(profile.id, directory), userID: .default))
        case .fsiSM:
            return SigningKey(
                id: id, .fsi(try ClientTerms(clientID: id), try sm2(profile.id, directory)))
        case .envelope:
            return SigningKey(id: id, .envelope(try terms(directory), try sm2(profile.id, directory)))
        case .v321:
            if !directory.exists(name) {
                try directory.write(name, _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation)
            }
            return SigningKey(id: id, .rsa(try .init(pemRepresentation: directory.read(name))))
        default:
            if !directory.exists(name) {
                try directory.write(name, P256.Signing.PrivateKey().pemRepresentation)
            }
            return SigningKey(id: id, .p256(try .init(pemRepresentation: directory.read(name))))
        }
    }

    private static func terms(_ directory: SandboxDirectory) throws -> EnvelopeTerms {
        let secret = try directory.secret(envelopeSecretFile, make: randomText)
        return try EnvelopeTerms(appID: keyID(of: .envelope), appSecret: RequestSigning.SharedSecret(secret))
    }

    private static func sm2(
        _ name: String, _ directory: SandboxDirectory, publicIn folder: String? = nil
    ) throws -> SM2.Signing.PrivateKey {
        let file = folder == nil ? "client/keys/\(name).key.pem" : "\(name).key.pem"
        if !directory.exists(file) {
            try directory.write(file, SM2.Signing.PrivateKey().pemRepresentation)
        }
        let key = try SM2.Signing.PrivateKey(pemRepresentation: directory.read(file))
        if let folder { try directory.write("\(folder)\(name).pub.pem", key.publicKey.pemRepresentation) }
        return key
    }

    private static func randomText() -> String { Hexadecimal.text(randomBytes(16)) }
    private static func randomHex() -> String { Hexadecimal.text(randomBytes(32)) }

    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
