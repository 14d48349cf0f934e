import Foundation
import JWTKit

/// A key of the test's authorization server: signs id_tokens, and stands in its set.
struct TokenSigner: Sendable {
    let id: String
    let algorithm: String
    /// Without braces: members of a JWK.
    private let members: String
    private let keys = JWTKeyCollection()

    static let rsaKey: Result<Insecure.RSA.PrivateKey, any Error> = Result {
        try Insecure.RSA.PrivateKey(pem: try LoopbackCertificate.openSSL("genrsa", "2048"))
    }

    /// RS256 under the one RSA key of the run.
    static func rsa(_ id: String) async throws -> TokenSigner {
        let key = try rsaKey.get()
        let (modulus, exponent) = try key.publicKey.getKeyPrimitives()
        let signer = TokenSigner(
            id: id, algorithm: "RS256",
            members:
                #""kty":"RSA","n":"\#(TokenSigner.base64URL(modulus))","e":"\#(TokenSigner.base64URL(exponent))""#
        )
        await signer.keys.add(rsa: key, digestAlgorithm: .sha256)
        return signer
    }

    /// ES256 under a fresh key.
    static func p256(_ id: String) async -> TokenSigner {
        let key = ES256PrivateKey()
        let x = Data(base64Encoded: key.parameters?.x ?? "") ?? Data()
        let y = Data(base64Encoded: key.parameters?.y ?? "") ?? Data()
        let signer = TokenSigner(
            id: id, algorithm: "ES256",
            members:
                #""kty":"EC","crv":"P-256","x":"\#(TokenSigner.base64URL(x))","y":"\#(TokenSigner.base64URL(y))""#
        )
        await signer.keys.add(ecdsa: key)
        return signer
    }

    var jwk: String { #"{"kid":"\#(id)","use":"sig","alg":"\#(algorithm)",\#(members)}"# }

    /// A compact JWS; the header and the claims are JSON texts, so that a test may write what it likes.
    func token(header: String? = nil, claims: String) async throws -> String {
        let header = header ?? #"{"alg":"\#(algorithm)","kid":"\#(id)","typ":"JWT"}"#
        let signed = "\(TokenSigner.base64URL(Data(header.utf8))).\(TokenSigner.base64URL(Data(claims.utf8)))"
        let signature = try await keys.getKey().sign(Data(signed.utf8))
        return "\(signed).\(TokenSigner.base64URL(Data(signature)))"
    }

    static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
