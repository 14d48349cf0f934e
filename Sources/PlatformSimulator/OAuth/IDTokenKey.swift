import Crypto
import CryptoExtras
import Foundation

/// A key that signs id_tokens, and its entry in the JWKS (RFC 7517).
struct IDTokenKey: Sendable {
    enum Algorithm: String, Sendable, CaseIterable {
        case es256 = "ES256"
        case rs256 = "RS256"
    }

    private enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    let id: String
    let algorithm: Algorithm
    private let key: Key

    init(id: String, _ algorithm: Algorithm) throws {
        self.id = id
        self.algorithm = algorithm
        key =
            switch algorithm {
            case .es256: .p256(P256.Signing.PrivateKey())
            case .rs256: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            }
    }

    /// A compact JWS (RFC 7515) over the claims.
    func sign(_ claims: JSONText) throws -> String {
        let header: JSONText = .object([
            "alg": .string(algorithm.rawValue), "kid": .string(id), "typ": .string("JWT"),
        ])
        let text = URLSafeBase64.text(header.bytes) + "." + URLSafeBase64.text(claims.bytes)
        let signature: Data =
            switch key {
            case .p256(let key): try key.signature(for: Data(text.utf8)).rawRepresentation
            case .rsa(let key):
                try key.signature(for: SHA256.hash(data: Data(text.utf8)), padding: .insecurePKCS1v1_5)
                    .rawRepresentation
            }
        return text + "." + URLSafeBase64.text(signature)
    }

    func jwk() throws -> JSONText {
        switch key {
        case .p256(let key):
            let point = key.publicKey.rawRepresentation
            return .object([
                "kty": .string("EC"), "crv": .string("P-256"), "use": .string("sig"),
                "alg": .string(algorithm.rawValue), "kid": .string(id),
                "x": .string(URLSafeBase64.text(point.prefix(32))),
                "y": .string(URLSafeBase64.text(point.suffix(32))),
            ])
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            return .object([
                "kty": .string("RSA"), "use": .string("sig"), "alg": .string(algorithm.rawValue),
                "kid": .string(id), "n": .string(URLSafeBase64.text(numbers.modulus)),
                "e": .string(URLSafeBase64.text(numbers.publicExponent)),
            ])
        }
    }
}
