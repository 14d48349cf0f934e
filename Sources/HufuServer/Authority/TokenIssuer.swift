import AuditLog
import Crypto
import Foundation
import JWTKit
import Storage
import Synchronization

/// Access tokens: JWTs under HMAC-SHA256, the only algorithm accepted, for at most 15 minutes. Only this
/// server reads them, so they need no public key.
package struct TokenIssuer: Sendable {
    /// Seconds.
    static let lifetime = 900

    struct Claims: JWTPayload {
        enum Kind: String, Codable { case person = "operator", device }

        var iss: String
        var sub: String
        var kind: Kind
        var iat: Int
        var exp: Int
        var jti: String
        /// The dense index of the code that a device is bound to.
        var index: Int?

        // Expiry is checked against the authority's clock, not the machine's.
        func verify(using algorithm: some JWTAlgorithm) {}
    }

    /// Tokens that verified, by SHA-256 of their text: a busy device sends the same one a thousand times.
    private final class Verified: Sendable {
        let claims = Mutex<[SHA256Digest: Claims]>([:])
        static let capacity = 10_000
    }

    private static let issuer = "hufu"
    private static let algorithm = "HS256"
    private let keys = JWTKeyCollection()
    private let verified = Verified()

    init(key: SymmetricKey) async {
        await keys.add(hmac: HMACKey(key: key), digestAlgorithm: .sha256)
    }

    func issue(_ kind: Claims.Kind, subject: UUID, index: Int? = nil, id: UUID, at now: Date) async throws
        -> String
    {
        let seconds = Int(now.timeIntervalSince1970)
        return try await keys.sign(
            Claims(
                iss: Self.issuer, sub: subject.lowercased, kind: kind, iat: seconds,
                exp: seconds + Self.lifetime, jti: id.lowercased, index: index))
    }

    /// The claims of a token that holds now; anything else is `unauthenticated`.
    func claims(of token: String, at now: Date) async throws -> Claims {
        let digest = SHA256.hash(data: Data(token.utf8))
        let claims: Claims
        if let known = verified.claims.withLock({ $0[digest] }) {
            claims = known
        } else {
            guard Self.namesPinnedAlgorithm(token),
                let fresh = try? await keys.verify(token, as: Claims.self),
                fresh.iss == Self.issuer
            else { throw InputError.unauthenticated }
            claims = fresh
            verified.claims.withLock { known in
                if known.count >= Verified.capacity { known.removeAll() }
                known[digest] = fresh
            }
        }
        let seconds = Int(now.timeIntervalSince1970)
        guard claims.exp > seconds, claims.exp - claims.iat <= Self.lifetime, claims.iat <= seconds + 60
        else {
            throw InputError.unauthenticated
        }
        return claims
    }

    /// The header must name HS256 and the one `typ` before any key is tried (RFC 8725 §3.1).
    private static func namesPinnedAlgorithm(_ token: String) -> Bool {
        guard token.utf8.count <= 2048, let header = token.split(separator: ".").first,
            let bytes = Data(base64URL: String(header)), let json = try? JSON(parsing: Array(bytes))
        else { return false }
        return json["alg"]?.string == algorithm && json["typ"]?.string == "JWT"
    }
}
