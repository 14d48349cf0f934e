public import Crypto
import Foundation

// The lease as a JWS in compact form: RFC 7515, EdDSA by RFC 8037, claims by RFC 7519, 7800 and 8693.
extension Lease {
    static let tokenType = "hufu-lease+jwt"

    /// - Returns: the compact token, three base64url parts.
    /// - Throws: what signing throws.
    public func signed(by key: Curve25519.Signing.PrivateKey, keyID: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = ["alg": "EdDSA", "kid": keyID, "typ": Self.tokenType]
        let parts = [try encoder.encode(header), try encoder.encode(Claims(self))]
        let input = parts.map { Base64URL.encode($0) }.joined(separator: ".")
        return input + "." + Base64URL.encode(try key.signature(for: Data(input.utf8)))
    }

    /// Checks form, algorithm, type, key id and signature, in this order; then reads the claims. Says nothing
    /// about time: ask ``isCurrent(at:lastSeen:)``.
    ///
    /// - Parameters:
    ///   - key: the issuer's, obtained beforehand; the token never names the key that it is checked with.
    ///   - keyID: the id that the token must carry; `nil` accepts any.
    public static func verified(
        _ token: String, by key: Curve25519.Signing.PublicKey, keyID: String?
    ) throws(LeaseError) -> Lease {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Substring($0) }
        // 64 scopes of 64 characters and the rest fit many times over.
        guard token.utf8.count <= 16_384, parts.count == 3,
            let headerBytes = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]),
            // Strings only: that refuses `crit` and `b64`, which would change what the signature covers.
            let header = try? JSONDecoder().decode([String: String].self, from: headerBytes),
            let algorithm = header["alg"]
        else { throw .malformed }
        guard algorithm == "EdDSA" else { throw .wrongAlgorithm }
        guard header["typ"] == tokenType, header.count == 3, let signedBy = header["kid"] else {
            throw .malformed
        }
        guard keyID == nil || keyID == signedBy else { throw .wrongKey }
        let input = Data("\(parts[0]).\(parts[1])".utf8)
        guard key.isValidSignature(signature, for: input) else { throw .badSignature }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: payload), let lease = claims.lease
        else {
            throw .malformed
        }
        return lease
    }
}

/// The claims as they stand in the token. Members that this version doesn't know are ignored: RFC 7519 §4.
private struct Claims: Codable {
    struct Confirmation: Codable {
        var jkt: String
    }

    var iss: String
    var sub: String
    var codeIndex: Int
    var bindingID: String
    var scope: String
    /// Seconds since 1970, with a fraction of up to three digits where there is one.
    var iat: Double
    var exp: Double
    var maximumStaleness: Int
    var cnf: Confirmation

    enum CodingKeys: String, CodingKey {
        case iss, sub, scope, iat, exp, cnf
        case codeIndex = "code_index"
        case bindingID = "binding_id"
        case maximumStaleness = "max_stale"
    }

    init(_ lease: Lease) {
        iss = lease.issuer
        sub = lease.codeID.uuidString.lowercased()
        codeIndex = lease.codeIndex
        bindingID = lease.bindingID.uuidString.lowercased()
        scope = lease.scopes.joined(separator: " ")
        iat = Double(lease.issuedAt.milliseconds) / 1000
        exp = Double(lease.expiresAt.milliseconds) / 1000
        maximumStaleness = lease.maximumStaleness
        cnf = Confirmation(jkt: Base64URL.encode(lease.keyThumbprint))
    }

    var lease: Lease? {
        guard let codeID = UUID(uuidString: sub), let bindingID = UUID(uuidString: bindingID),
            codeIndex >= 0, maximumStaleness >= 0,
            let thumbprint = Base64URL.decode(cnf.jkt), thumbprint.count == 32
        else { return nil }
        return Lease(
            issuer: iss, codeIndex: codeIndex, codeID: codeID, bindingID: bindingID,
            scopes: scope.split(separator: " ").map(String.init),
            issuedAt: Date(timeIntervalSince1970: iat), expiresAt: Date(timeIntervalSince1970: exp),
            maximumStaleness: maximumStaleness, keyThumbprint: thumbprint)
    }
}
