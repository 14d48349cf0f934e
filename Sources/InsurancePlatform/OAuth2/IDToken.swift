import Crypto
import Foundation
import RequestSigning

/// A verified id_token (OpenID Connect Core §2): who logged in, proved by the authorization server.
public struct IDToken: Sendable, Hashable {
    public let issuer: String
    public let subject: Redacted
    public let audience: [String]
    /// Unix milliseconds.
    public let issuedAt: Int64
    public let expiresAt: Int64

    /// What it must say.
    public struct Expectation: Sendable {
        public var issuer: String
        /// The client id, which must stand in `aud`.
        public var audience: String
        /// Nil where none was sent: at a refresh.
        public var nonce: Redacted?
        /// The access token that came with it: a present `at_hash` must fit.
        public var access: Redacted?
        /// Who logged in first: at a refresh it must be the same.
        public var subject: Redacted?
        /// Milliseconds.
        public var clockSkew: Int64

        public init(
            issuer: String, audience: String, nonce: Redacted? = nil, access: Redacted? = nil,
            subject: Redacted? = nil, clockSkew: Int64 = 60_000
        ) {
            self.issuer = issuer
            self.audience = audience
            self.nonce = nonce
            self.access = access
            self.subject = subject
            self.clockSkew = clockSkew
        }
    }

    /// Checks the signature (RS256 or ES256 under a key of the set), then every claim (OpenID Connect Core
    /// §3.1.3.7). Throws `id_token_invalid` with the claim that failed, `key_unknown`, or why the keys can't be
    /// fetched.
    ///
    /// - Parameter now: unix milliseconds.
    public static func verify(
        _ text: String, keys: PlatformKeys, expecting expected: Expectation, now: Int64
    ) async throws(TokenFailure) -> IDToken {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 16_384, parts.count == 3, let header = document(parts[0]),
            let claims = document(parts[1]), URLSafeBase64.decode(parts[2]) != nil, header["crit"] == nil
        else { throw invalid("it is not a compact JWS") }
        guard let algorithm = header["alg"]?.string.flatMap(VerifyingKey.Algorithm.init(rawValue:)) else {
            throw invalid("alg is neither RS256 nor ES256")
        }
        let key = try await keys.key(id: header["kid"]?.string, algorithm, now: now)
        guard await key.verifies(text) else { throw invalid("the signature is wrong") }
        return try IDToken(claims, expected, now)
    }

    private init(_ claims: JSONDocument, _ expected: Expectation, _ now: Int64) throws(TokenFailure) {
        guard let issuer = claims["iss"]?.string, issuer == expected.issuer else {
            throw Self.invalid("iss is another issuer")
        }
        let audience = Self.audience(claims)
        guard audience.contains(expected.audience) else { throw Self.invalid("aud is another client") }
        let party = claims["azp"]?.string
        guard party == expected.audience || (party == nil && audience.count == 1) else {
            throw Self.invalid("azp is another client")
        }
        guard let expiresAt = Self.moment(claims, "exp"), now < expiresAt + expected.clockSkew else {
            throw Self.invalid("exp has passed")
        }
        guard let issuedAt = Self.moment(claims, "iat"), issuedAt <= now + expected.clockSkew else {
            throw Self.invalid("iat is in the future")
        }
        if let notBefore = Self.moment(claims, "nbf"), notBefore > now + expected.clockSkew {
            throw Self.invalid("nbf is in the future")
        }
        guard let subject = claims["sub"]?.string, !subject.isEmpty else {
            throw Self.invalid("sub is missing")
        }
        if let nonce = expected.nonce, claims["nonce"]?.string.map({ Redacted($0) }) != nonce {
            throw Self.invalid("nonce is not the one that was sent")
        }
        if let first = expected.subject, first != Redacted(subject) {
            throw Self.invalid("sub is somebody else")
        }
        if let hash = claims["at_hash"]?.string, let access = expected.access,
            hash != Self.hash(of: access)
        {
            throw Self.invalid("at_hash belongs to another access token")
        }
        self.issuer = issuer
        self.subject = Redacted(subject)
        self.audience = audience
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    private static func invalid(_ why: String) -> TokenFailure { TokenFailure(.idTokenInvalid, why) }

    private static func document(_ part: Substring) -> JSONDocument? {
        guard let bytes = URLSafeBase64.decode(part), let document = try? JSONDocument(parsing: Array(bytes)),
            document.isObject
        else { return nil }
        return document
    }

    private static func audience(_ claims: JSONDocument) -> [String] {
        guard let value = claims["aud"] else { return [] }
        if let one = value.string { return [one] }
        return value.elements.compactMap(\.string)
    }

    /// NumericDate (RFC 7519 §2): seconds, perhaps with a fraction, which is cut off.
    private static func moment(_ claims: JSONDocument, _ name: String) -> Int64? {
        guard let text = claims[name]?.numberText, let seconds = Int64(text.prefix { $0 != "." }),
            (0..<(1 << 40)).contains(seconds)
        else { return nil }
        return seconds * 1000
    }

    /// OpenID Connect Core §3.1.3.6: the left half of SHA-256, for both algorithms.
    private static func hash(of access: Redacted) -> String {
        URLSafeBase64.encode(Data(SHA256.hash(data: Data(access.exposed.utf8))).prefix(16))
    }
}
