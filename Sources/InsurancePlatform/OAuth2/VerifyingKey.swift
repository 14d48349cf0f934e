import Foundation
import JWTKit
import RequestSigning

/// A public key that signs id_tokens, as a JWK (RFC 7517) of the server's set gives it.
struct VerifyingKey: Sendable {
    enum Algorithm: String, Sendable { case rs256 = "RS256", es256 = "ES256" }

    private enum Material: Sendable {
        case rsa(Insecure.RSA.PublicKey)
        case p256(ES256PublicKey)
    }

    let id: String?
    let algorithm: Algorithm
    private let material: Material

    /// Nil for a key of another kind, for another use, or with a weak or malformed value: the set may hold
    /// keys that are none of our business.
    init?(_ jwk: JSONValue) {
        if let use = jwk["use"]?.string, use != "sig" { return nil }
        if let operations = jwk["key_ops"]?.elements, !operations.contains(where: { $0.string == "verify" }) {
            return nil
        }
        switch (jwk["kty"]?.string, jwk["crv"]?.string) {
        case ("RSA", _):
            guard let n = jwk["n"]?.string, let e = jwk["e"]?.string, Self.isStrong(modulus: n),
                let key = try? Insecure.RSA.PublicKey(modulus: n, exponent: e)
            else { return nil }
            algorithm = .rs256
            material = .rsa(key)
        case ("EC", "P-256"):
            guard let x = jwk["x"]?.string, let y = jwk["y"]?.string,
                URLSafeBase64.decode(x)?.count == 32, URLSafeBase64.decode(y)?.count == 32,
                let key = try? ES256PublicKey(parameters: (x: x, y: y))
            else { return nil }
            algorithm = .es256
            material = .p256(key)
        default: return nil
        }
        if let named = jwk["alg"]?.string, named != algorithm.rawValue { return nil }
        id = jwk["kid"]?.string
    }

    /// 2048 to 8192 bits: less is weak, and more only costs time.
    private static func isStrong(modulus: String) -> Bool {
        guard let bytes = URLSafeBase64.decode(modulus)?.drop(while: { $0 == 0 }), let first = bytes.first
        else { return false }
        return (2048...8192).contains(bytes.count * 8 - first.leadingZeroBitCount)
    }

    /// Under this key and its one algorithm, whatever the token's header says.
    func verifies(_ token: String) async -> Bool {
        let keys = JWTKeyCollection()
        switch material {
        case .rsa(let key): await keys.add(rsa: key, digestAlgorithm: .sha256)
        case .p256(let key): await keys.add(ecdsa: key)
        }
        return (try? await keys.verify(token, as: AnyClaims.self)) != nil
    }

    /// The claims are read by `IDToken`, with the parser that knows duplicates.
    private struct AnyClaims: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }
}
