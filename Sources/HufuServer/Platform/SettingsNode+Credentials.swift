import Foundation
import HTTPTypes
import InsurancePlatform
import RequestSigning
import ShangMi

extension SettingsNode {
    private enum GrantName: String, CaseIterable {
        case authorizationCode = "authorization_code"
        case clientCredentials = "client_credentials"
        case password
    }

    /// The environment variable that holds the client's secret where no file does.
    private static let secretVariable = "HUFU_PLATFORM_CLIENT_SECRET"

    /// How tokens are got, below the platform's own address unless others are given.
    ///
    /// - Parameter environment: may hold the client's secret.
    func login(base: String, _ environment: [String: String]) throws -> OAuth2Configuration {
        try allow([
            "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "client_id",
            "client_secret_file", "authentication", "scopes", "grant", "redirect_uri", "user",
            "password_file",
        ])
        var endpoints = OAuth2Configuration.Endpoints(base: base)
        endpoints.authorization = try text("authorization_endpoint", else: endpoints.authorization)
        endpoints.token = try text("token_endpoint", else: endpoints.token)
        endpoints.keys = try text("jwks_uri", else: endpoints.keys)
        let secret =
            try file("client_secret_file").map { try Redacted(firstLineOf: $0) }
            ?? environment[Self.secretVariable].map(Self.secret)
        let grant: OAuth2Configuration.Grant
        switch try choice("grant", else: GrantName.authorizationCode) {
        case .authorizationCode:
            grant = .authorizationCode(
                redirect: try RedirectURI(try text("redirect_uri", else: "http://127.0.0.1:53682/callback")))
        case .clientCredentials: grant = .legacyClientCredentials
        case .password:
            guard let file = try file("password_file") else { throw wrong("password_file", "a file") }
            grant = .legacyPassword(user: try text("user"), password: try Redacted(firstLineOf: file))
        }
        let authentication = try optionalText("authentication").map { _ in
            try choice("authentication", else: OAuth2Configuration.ClientAuthentication.none)
        }
        return try OAuth2Configuration(
            issuer: try text("issuer", else: base), endpoints: endpoints, clientID: try text("client_id"),
            clientSecret: secret, authentication: authentication, scopes: try list("scopes"), grant: grant)
    }

    /// A variable that is set but empty is a mistake: somebody meant to give a secret.
    private static func secret(_ value: String) throws -> Redacted {
        guard !value.allSatisfy(\.isWhitespace) else {
            throw PlatformSettings.Unusable(
                description: "\(secretVariable) is set but empty: give it the client's secret, or unset it")
        }
        return Redacted(value)
    }

    /// Who signs the requests to the platform, and how; and whose signature its answers bear.
    func signature() throws -> PlatformSignature {
        try allow([
            "profile", "key_id", "key_file", "user_id", "app_secret_file", "key_order", "signer", "version",
            "family", "uppercase_hex", "resolution", "api_name", "api_version", "platform_key_file",
        ])
        guard let profile = Profile(id: try text("profile")) else {
            throw wrong("profile", "one of " + Profile.all.map(\.id).joined(separator: ", "))
        }
        let id = try text("key_id")
        let options = SigningOptions(
            family: try choice("family", else: .tif), usesUppercaseHex: try flag("uppercase_hex"),
            resolution: try choice("resolution", else: .milliseconds))
        let material = try reading("key_file", "a key that \(profile.id) uses") {
            try self.material(profile, id: id)
        }
        let signer = RequestSigner(
            profile, key: SigningKey(id: id, material), options: options, limits: FsiRequest.limits)
        return PlatformSignature(
            signer, answerKey: try answerKey(material, id: id), fields: try fields(profile))
    }

    /// The service that a `csb` signature names.
    private func fields(_ profile: Profile) throws -> HTTPFields {
        var fields = HTTPFields()
        guard profile == .csb else { return fields }
        for (field, value) in [
            ("_api_name", try text("api_name")), ("_api_version", try text("api_version", else: "1.0.0")),
        ] {
            if let name = HTTPField.Name(field) { fields[name] = value }
        }
        return fields
    }

    /// The platform's own key, where its answers are enveloped as well.
    private func answerKey(_ material: SigningKey.Material, id: String) throws -> VerificationKey? {
        guard let path = try file("platform_key_file") else { return nil }
        guard case .envelope(let terms, _) = material else {
            throw wrong("platform_key_file", "the profile envelope")
        }
        return try reading("platform_key_file", "an SM2 public key in PEM") { () -> VerificationKey in
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw PlatformSettings.Unusable(description: "signature: the file \(path) can't be read")
            }
            let key = try SM2.Signing.PublicKey(pemRepresentation: String(decoding: bytes, as: UTF8.self))
            return VerificationKey(id: id, .envelope(terms, key))
        }
    }

    /// A file of a key: what its readers throw beside refusals says nothing to people.
    private func reading<Value>(_ name: String, _ due: String, _ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch let error as TokenFailure {
            throw PlatformSettings.Unusable(description: "signature: \(error.detail)")
        } catch {
            throw error is PlatformSettings.Unusable || error is SigningRefusal ? error : wrong(name, due)
        }
    }

    private func material(_ profile: Profile, id: String) throws -> SigningKey.Material {
        guard let path = try file("key_file") else { throw wrong("key_file", "a file") }
        if [.tif, .csb].contains(profile) {
            return .secret(SharedSecret(try Redacted(firstLineOf: path).exposed))
        }
        let key = try Redacted(contentsOf: path).exposed
        switch profile {
        case .envelope:
            guard let secretFile = try file("app_secret_file") else {
                throw wrong("app_secret_file", "a file")
            }
            let secret = try Redacted(firstLineOf: secretFile)
            let terms = try EnvelopeTerms(
                appID: id, appSecret: SharedSecret(Array(secret.exposed.utf8)),
                keyOrder: try choice("key_order", else: .codePoint),
                signer: try choice("signer", else: .appSecret), version: try text("version", else: "2.0.1"))
            return .envelope(terms, try sm2(key))
        case .fsiSM: return .fsi(try ClientTerms(clientID: id), try sm2(key))
        default: break
        }
        let userID = try userID()
        if key.contains("-----BEGIN ") {
            return try SigningKey.Material(profile: profile, pem: key, userID: userID)
        }
        let text = key.trimmingCharacters(in: .whitespacesAndNewlines)
        // 64 digits would be Base64 too, of 48 bytes, which no key has.
        if text.utf8.count == 64, let raw = Data(hexadecimal: text) {
            return try SigningKey.Material(profile: profile, raw: Array(raw), userID: userID)
        }
        guard let raw = Data(base64Encoded: text) else {
            throw wrong("key_file", "PEM, or the Base64 or 64 hexadecimal digits of the key,")
        }
        return try SigningKey.Material(profile: profile, raw: Array(raw), userID: userID)
    }

    private func userID() throws -> SM2.UserID {
        guard let text = try optionalText("user_id") else { return .default }
        guard let id = try? SM2.UserID(Array(text.utf8)) else { throw wrong("user_id", "a shorter text") }
        return id
    }

    private func sm2(_ key: String) throws -> SM2.Signing.PrivateKey {
        if key.contains("-----BEGIN ") { return try SM2.Signing.PrivateKey(pemRepresentation: key) }
        return try SigningKey.Material.sm2PrivateKey(
            base64: key.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
