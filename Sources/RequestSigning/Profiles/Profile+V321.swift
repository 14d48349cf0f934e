import Crypto
import CryptoExtras

extension Profile {
    /// v3.2.1: RSASSA-PSS (RFC 8017 §8.1) with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes, keys of
    /// 2048 bits or more; `X-Signature` is the Base64 of as many bytes as the modulus has.
    public static let v321 = Profile(
        id: "v3.2.1", keyKinds: [.rsa], scheme: SignedTriple(form: .python, algorithm: PSSOfTriple()))
}

private struct PSSOfTriple: TripleAlgorithm {
    func isValid(
        _ signature: [UInt8], for text: [UInt8], key: VerificationKey.Material
    ) throws(SigningRefusal) -> Bool {
        guard case .rsa(let key) = key else { throw DueSignature.unfit }
        guard signature.count == (key.keySizeInBits + 7) / 8 else {
            throw .malformedSignature("as long as the RSA modulus")
        }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: text),
            padding: .PSS)
    }

    func signature(for text: [UInt8], key: SigningKey.Material) throws(SigningRefusal) -> [UInt8] {
        guard case .rsa(let key) = key else { throw DueSignature.unfit }
        do {
            return Array(try key.signature(for: SHA256.hash(data: text), padding: .PSS).rawRepresentation)
        } catch {
            throw SigningRefusal(.keyMalformed, "The RSA key can't sign.")
        }
    }
}
