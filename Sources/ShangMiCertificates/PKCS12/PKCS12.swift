/// The private keys and certificates of a PKCS#12 file (RFC 7292), also known as PFX or .p12.
///
/// Reads what current software writes: integrity by HMAC with SM3 or SHA-2 under the password, encryption by
/// PBES2 with PBKDF2 and AES or SM4 in CBC. Older ciphers are refused with
/// ``PKCS12Error/legacyAlgorithm``, whose description says how to convert a file.
///
/// ```swift
/// let file = try PKCS12(derRepresentation: bytes, password: password)
/// let key = file.privateKeys.first?.sm2SigningKey
/// ```
public struct PKCS12: Sendable {
    /// In the file's order.
    public let privateKeys: [PrivateKey]
    /// In the file's order, authorities among them.
    public let certificates: [Certificate]

    /// Verifies the code over the whole file before it decrypts anything.
    ///
    /// Revocation lists and secrets in a file are skipped.
    public init(
        derRepresentation: some Sequence<UInt8>, password: String
    ) throws(PKCS12Error) {
        let bags = try SafeReader.read(Array(derRepresentation), password: password)
        privateKeys = bags.keys
        certificates = bags.certificates
    }

    /// The certificates that the file pairs with a key: those with its local identifier.
    public func certificates(for key: PrivateKey) -> [Certificate] {
        guard let identifier = key.localKeyID else { return [] }
        return certificates.filter { $0.localKeyID == identifier }
    }
}
