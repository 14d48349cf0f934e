internal import NIOSSL
internal import SwiftASN1
internal import X509

/// What one X.509 certificate says, read without judging it, also where its key or signature are of a kind that the
/// TLS library can't use, as with SM2.
public struct CertificateFacts: Sendable, Hashable {
    /// Purposes that an extended key usage can limit a key to.
    enum Purpose { case serverAuth, clientAuth }

    public let der: [UInt8]
    /// As RFC 4514 writes names.
    public let subject: String
    public let issuer: String
    /// Hexadecimal.
    public let serialNumber: String
    /// Unix milliseconds, as ``notAfter``.
    public let notBefore: Int64
    public let notAfter: Int64
    /// Such as `RSA 2048`, `EC P-256`, `SM2`; otherwise the algorithm's identifier.
    public let keyAlgorithm: String
    /// Such as `SHA256 with RSA`, `SM3 with SM2`; otherwise the algorithm's identifier.
    public let signatureAlgorithm: String
    /// basicConstraints with CA:TRUE; or version 1, which knows no constraints, and issued by itself.
    public let isAuthority: Bool
    /// How many intermediates may follow, where that is limited.
    public let pathLength: Int?
    /// Names of RFC 5280, such as `keyCertSign`; nil where all is allowed.
    public let keyUsage: [String]?
    /// Identifiers, or `serverAuth` and `clientAuth`; nil where all is allowed.
    public let extendedKeyUsage: [String]?
    public let dnsNames: [String]
    public let addresses: [String]
    /// Where the issuer's certificate lies, by the authority information access extension.
    public let issuerLocations: [String]

    let commonName: String?
    let organization: String?
    let issuerOrganization: String?
    let addressBytes: [[UInt8]]
    let hasNames: Bool
    let constraints: NameConstraints?
    let certificate: Certificate?

    /// Nil for what is no certificate.
    public init?(der: [UInt8]) {
        guard let read = try? NIOSSLCertificate(bytes: der, format: .der),
            let body = try? CertificateBody(der)
        else { return nil }
        self.der = der
        subject = body.subject.description
        issuer = body.issuer.description
        serialNumber = read.serialNumber.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        notBefore = Int64(read.notValidBefore) * 1000
        notAfter = Int64(read.notValidAfter) * 1000
        keyAlgorithm = body.keyAlgorithm
        signatureAlgorithm = body.signatureAlgorithm
        let extensions = CertificateExtensions(body.extensions)
        isAuthority =
            extensions.isAuthority || (body.version == 1 && subject.lowercased() == issuer.lowercased())
        pathLength = extensions.pathLength
        keyUsage = extensions.keyUsage
        extendedKeyUsage = extensions.extendedKeyUsage
        dnsNames = extensions.dnsNames
        addresses = extensions.addresses
        addressBytes = extensions.addressBytes
        issuerLocations = extensions.issuerLocations
        hasNames = extensions.hasNames
        constraints = extensions.constraints
        commonName = body.subject.last(.commonName)
        organization = body.subject.last(.organizationName)
        issuerOrganization = body.issuer.last(.organizationName)
        certificate = try? Certificate(derEncoded: der)
    }

    /// Its key or its signature is of SM2: standard TLS can't use it.
    public var usesSM2: Bool { keyAlgorithm == "SM2" || signatureAlgorithm == "SM3 with SM2" }

    /// Both ends, RFC 3339 in UTC.
    public var validity: String { "\(TLSDate.text(notBefore)) – \(TLSDate.text(notAfter))" }

    var isSelfIssued: Bool { isIssued(by: self) }

    /// Whether the names fit; letters' case doesn't count.
    func isIssued(by other: CertificateFacts) -> Bool { issuer.lowercased() == other.subject.lowercased() }

    /// Nil where the algorithm is none that can be checked here.
    func isSigned(by other: CertificateFacts) -> Bool? {
        guard let certificate, let issuer = other.certificate else { return nil }
        return issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    func isValid(at now: Int64) -> Bool { notBefore <= now && now <= notAfter }

    var maySignCertificates: Bool { isAuthority && (keyUsage?.contains("keyCertSign") ?? true) }

    func allows(_ purpose: Purpose) -> Bool {
        guard let usages = extendedKeyUsage else { return true }
        return usages.contains("any") || usages.contains(purpose == .serverAuth ? "serverAuth" : "clientAuth")
    }
}

extension DistinguishedName {
    fileprivate func last(_ type: ASN1ObjectIdentifier) -> String? {
        var found: String?
        for part in self {
            for attribute in part where attribute.type == type { found = String(attribute.value) ?? found }
        }
        return found
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
    fileprivate static let organizationName: ASN1ObjectIdentifier = [2, 5, 4, 10]
}
