import Foundation
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
    func login(base: String) throws -> OAuth2Configuration {
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
            ?? ProcessInfo.processInfo.environment[Self.secretVariable].map { Redacted($0) }
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

    /// Who signs the requests to the platform, and how.
    func signer() throws -> RequestSigner {
        try allow([
            "profile", "key_id", "key_file", "user_id", "app_secret_file", "key_order", "signer", "version",
            "family", "uppercase_hex", "resolution",
        ])
        guard let profile = Profile(id: try text("profile")) else {
            throw wrong("profile", "one of " + Profile.all.map(\.id).joined(separator: ", "))
        }
        let id = try text("key_id")
        let options = SigningOptions(
            family: try choice("family", else: .tif), usesUppercaseHex: try flag("uppercase_hex"),
            resolution: try choice("resolution", else: .milliseconds))
        return RequestSigner(
            profile, key: SigningKey(id: id, try material(profile, id: id)), options: options,
            limits: FsiRequest.limits)
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
        let userID = try optionalText("user_id").map { try SM2.UserID(Array($0.utf8)) } ?? .default
        if key.contains("-----BEGIN ") {
            return try SigningKey.Material(profile: profile, pem: key, userID: userID)
        }
        let text = key.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let raw = Data(base64Encoded: text) else {
            throw wrong("key_file", "PEM, or the Base64 of the key's bytes,")
        }
        return try SigningKey.Material(profile: profile, raw: Array(raw), userID: userID)
    }

    private func sm2(_ key: String) throws -> SM2.Signing.PrivateKey {
        if key.contains("-----BEGIN ") { return try SM2.Signing.PrivateKey(pemRepresentation: key) }
        return try SigningKey.Material.sm2PrivateKey(
            base64: key.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
