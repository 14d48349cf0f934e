public import ShangMi
public import X509

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// What a certificate is to say, for an authority to sign.
///
/// ```swift
/// let root = try SM2CertificateTemplate(
///     subject: name, publicKey: key.publicKey, role: .authority(maxPathLength: 1),
///     notValidBefore: start, notValidAfter: end
/// ).selfSigned(with: key)
/// ```
public struct SM2CertificateTemplate: Sendable {
    /// What the key is certified for, by which a new template gets its extensions.
    public enum Role: Sendable, Hashable {
        /// Signs certificates and revocation lists.
        ///
        /// - Parameter maxPathLength: how many authorities may stand between it and a leaf; nil: any.
        case authority(maxPathLength: Int? = nil)
        /// Signs: the first of a pair of certificates.
        case signing
        /// Receives encrypted keys and data: the second of a pair.
        case encryption
    }

    public var subject: DistinguishedName
    public var publicKey: SM2.Signing.PublicKey
    /// Rounded down to a second.
    public var notValidBefore: Date
    /// Rounded down to a second, which is the last one.
    public var notValidAfter: Date
    /// Sixteen random bytes, unless set.
    public var serialNumber: Certificate.SerialNumber
    /// Basic constraints and key usage of the role, critical both; the keys' identifiers are added when the
    /// certificate is issued.
    public var extensions: Certificate.Extensions

    public init(
        subject: DistinguishedName, publicKey: SM2.Signing.PublicKey, role: Role, notValidBefore: Date,
        notValidAfter: Date
    ) throws(SM2CertificateError) {
        self.subject = subject
        self.publicKey = publicKey
        self.notValidBefore = notValidBefore
        self.notValidAfter = notValidAfter
        serialNumber = Self.randomSerialNumber()
        do {
            extensions = try Certificate.Extensions {
                Critical(role.basicConstraints)
                Critical(role.keyUsage)
            }
        } catch {
            throw SM2CertificateError(error, as: .invalidTemplate)
        }
    }

    /// The same for a key that is for encryption, in the role of that name.
    public init(
        subject: DistinguishedName, publicKey: SM2.Encryption.PublicKey, notValidBefore: Date,
        notValidAfter: Date
    ) throws(SM2CertificateError) {
        let key: SM2.Signing.PublicKey
        do {
            key = try SM2.Signing.PublicKey(x963Representation: publicKey.x963Representation)
        } catch {
            throw SM2CertificateError(error, as: .invalidPublicKey)
        }
        try self.init(
            subject: subject, publicKey: key, role: .encryption, notValidBefore: notValidBefore,
            notValidAfter: notValidAfter)
    }

    /// 16 bytes from the system's random generator: never 0, and positive without another byte for the sign.
    private static func randomSerialNumber() -> Certificate.SerialNumber {
        var source = SystemRandomNumberGenerator()
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &source) }
        bytes[0] = UInt8.random(in: 1...0x7f, using: &source)
        return Certificate.SerialNumber(bytes: bytes)
    }
}

extension SM2CertificateTemplate.Role {
    fileprivate var basicConstraints: BasicConstraints {
        switch self {
        case .authority(let maxPathLength): .isCertificateAuthority(maxPathLength: maxPathLength)
        case .signing, .encryption: .notCertificateAuthority
        }
    }

    fileprivate var keyUsage: KeyUsage {
        switch self {
        case .authority: KeyUsage(keyCertSign: true, cRLSign: true)
        case .signing: KeyUsage(digitalSignature: true, nonRepudiation: true)
        case .encryption: KeyUsage(keyEncipherment: true, dataEncipherment: true, keyAgreement: true)
        }
    }
}
