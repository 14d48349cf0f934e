public import Crypto
public import CryptoExtras

/// The primitives of RFC 9421 §3.3. A key has one algorithm, whatever the message says, so nobody can have
/// a signature judged by a weaker one (§7.3.6).
extension SignatureBase {
    /// hmac-sha256, compared in constant time.
    public func isValid(_ signature: [UInt8], by key: SymmetricKey) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: bytes, using: key)
    }

    /// ed25519; 64 bytes.
    public func isValid(_ signature: [UInt8], by key: Curve25519.Signing.PublicKey) -> Bool {
        signature.count == 64 && key.isValidSignature(signature, for: bytes)
    }

    /// ecdsa-p256-sha256; r‖s, 64 bytes.
    public func isValid(_ signature: [UInt8], by key: P256.Signing.PublicKey) -> Bool {
        guard signature.count == 64, let pair = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
        else { return false }
        return key.isValidSignature(pair, for: bytes)
    }

    /// rsa-pss-sha512.
    public func isValid(_ signature: [UInt8], by key: _RSA.Signing.PublicKey) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return key.isValidSignature(signature, for: SHA512.hash(data: bytes), padding: .PSS)
    }

    /// hmac-sha256; 32 bytes.
    public func signature(by key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }

    /// ed25519; 64 bytes.
    /// - Throws: what the cryptographic library throws.
    public func signature(by key: Curve25519.Signing.PrivateKey) throws -> [UInt8] {
        Array(try key.signature(for: bytes))
    }

    /// ecdsa-p256-sha256; r‖s, 64 bytes.
    /// - Throws: what the cryptographic library throws.
    public func signature(by key: P256.Signing.PrivateKey) throws -> [UInt8] {
        Array(try key.signature(for: bytes).rawRepresentation)
    }

    /// rsa-pss-sha512; as long as the key's modulus.
    /// - Throws: what the cryptographic library throws.
    public func signature(by key: _RSA.Signing.PrivateKey) throws -> [UInt8] {
        Array(try key.signature(for: SHA512.hash(data: bytes), padding: .PSS).rawRepresentation)
    }
}
