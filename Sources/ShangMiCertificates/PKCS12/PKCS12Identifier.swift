internal import SwiftASN1

/// The object identifiers of PKCS#12 files.
enum PKCS12Identifier {
    static let data: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 1]
    static let encryptedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 6]

    static let keyBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 1]
    static let shroudedKeyBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 2]
    static let certificateBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 3]
    static let revocationBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 4]
    static let secretBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 5]
    static let nestedBag: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 12, 10, 1, 6]

    static let x509Certificate: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 22, 1]
    static let friendlyName: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 20]
    static let localKeyID: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 21]

    static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
    static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
    static let hmacSHA1: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 7]
    static let hmacSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 9]
    static let hmacSM3: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 401, 2]
    static let aes128CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 2]
    static let aes192CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 22]
    static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
    static let sm4CBC: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 104, 2]

    static let sha256: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    static let sha384: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 2]
    static let sha512: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 3]
    static let sm3: ASN1ObjectIdentifier = [1, 2, 156, 10197, 1, 401]

    /// MD5 and SHA-1, which codes were made with; the RC4, RC2 and 3DES of RFC 7292, C; and PBES1 (RFC 8018,
    /// A.3).
    static let legacy: Set<ASN1ObjectIdentifier> = [
        [1, 2, 840, 113549, 2, 5], [1, 3, 14, 3, 2, 26],
        [1, 2, 840, 113549, 1, 12, 1, 1], [1, 2, 840, 113549, 1, 12, 1, 2],
        [1, 2, 840, 113549, 1, 12, 1, 3], [1, 2, 840, 113549, 1, 12, 1, 4],
        [1, 2, 840, 113549, 1, 12, 1, 5], [1, 2, 840, 113549, 1, 12, 1, 6],
        [1, 2, 840, 113549, 1, 5, 1], [1, 2, 840, 113549, 1, 5, 3], [1, 2, 840, 113549, 1, 5, 4],
        [1, 2, 840, 113549, 1, 5, 6], [1, 2, 840, 113549, 1, 5, 10], [1, 2, 840, 113549, 1, 5, 11],
        // Ciphers that PBES2 can name: RC2, 3DES and DES in CBC.
        [1, 2, 840, 113549, 3, 2], [1, 2, 840, 113549, 3, 7], [1, 3, 14, 3, 2, 7],
    ]

    /// What to say of an algorithm that isn't read.
    static func refusal(of algorithm: ASN1ObjectIdentifier) -> PKCS12Error {
        legacy.contains(algorithm) ? .legacyAlgorithm : .unsupportedAlgorithm
    }
}
