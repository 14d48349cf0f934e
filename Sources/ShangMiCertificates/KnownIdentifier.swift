internal import SwiftASN1

/// The object identifiers of certificates with SM2.
enum KnownIdentifier {
    /// SM2 with SM3 (GM/T 0006).
    static let sm2WithSM3: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 501]
    /// id-ecPublicKey (RFC 5480).
    static let ellipticCurveKey: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    /// sm2p256v1 (GM/T 0006).
    static let sm2Curve: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 301]
}
