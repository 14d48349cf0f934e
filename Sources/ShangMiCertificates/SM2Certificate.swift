public import ShangMi
public import SwiftASN1
public import X509

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// An X.509 v3 certificate (RFC 5280, GM/T 0015) whose key or signature, or both, are SM2's.
///
/// Names, extensions and serial numbers are swift-certificates' own; its `Certificate` doesn't take SM2 keys.
/// China's applications give everybody two certificates, one to sign and one to receive encrypted data: they
/// are two of these, told apart by their key usage.
///
/// ```swift
/// let certificate = try SM2Certificate(pemRepresentation: pem)
/// let verdict = SM2ChainVerifier(roots: roots).verify(certificate, intermediates: others)
/// ```
public struct SM2Certificate: Sendable {
    let form: SignedForm<CertificateBody>
    let trust: TrustExtensions
    /// The names' DER, by which chains are put together.
    let issuerBytes: [UInt8]
    let subjectBytes: [UInt8]

    /// - Parameter derRepresentation: refused unless it is the one encoding of a certificate of version 3,
    ///   down to the last byte. Its signature is not verified here.
    public init(derRepresentation: some Sequence<UInt8>) throws(SM2CertificateError) {
        form = try SignedForm(Array(derRepresentation))
        let body = form.content
        guard body.algorithm == form.algorithm else {
            throw SM2CertificateError(.malformed, "the signed and the unsigned algorithm differ")
        }
        guard body.key.sm2 != nil || form.algorithm.isSM2WithSM3 else {
            throw SM2CertificateError(.unsupportedAlgorithm, "neither the key nor the signature is SM2's")
        }
        guard !body.issuer.isEmpty else { throw SM2CertificateError(.malformed, "the issuer has no name") }
        trust = try TrustExtensions(body.extensions)
        do {
            issuerBytes = try body.issuer.encoded
            subjectBytes = try body.subject.encoded
        } catch {
            throw SM2CertificateError(error)
        }
    }

    public var derRepresentation: [UInt8] { form.bytes }

    /// Positive, its most significant byte first.
    public var serialNumber: Certificate.SerialNumber { form.content.serialNumber }

    public var issuer: DistinguishedName { form.content.issuer }

    public var subject: DistinguishedName { form.content.subject }

    /// The first second in which the certificate is valid.
    public var notValidBefore: Date { form.content.notBefore.date }

    /// The last second in which the certificate is valid.
    public var notValidAfter: Date { form.content.notAfter.date }

    public var extensions: Certificate.Extensions { form.content.extensions }

    /// Nil where the key is of another algorithm.
    public var publicKey: SM2.Signing.PublicKey? { form.content.key.sm2 }

    /// The same key for encryption, in the certificate that is for that.
    public var encryptionKey: SM2.Encryption.PublicKey? {
        publicKey.flatMap { try? SM2.Encryption.PublicKey(x963Representation: $0.x963Representation) }
    }

    /// SubjectPublicKeyInfo in DER, of whatever algorithm.
    public var subjectPublicKeyInfoBytes: [UInt8] { form.content.key.encoded }

    /// 1.2.156.10197.1.501, or another algorithm's in a certificate that only has its key from SM2.
    public var signatureAlgorithm: ASN1ObjectIdentifier { form.algorithm.algorithm }

    /// Nil where the signature is of another algorithm.
    public var signature: SM2.Signing.Signature? { form.signature }

    /// The content of the signature's bit string, of whatever algorithm.
    public var signatureBytes: [UInt8] { form.signatureBytes }

    /// TBSCertificate in DER: what the signature is over.
    public var tbsCertificateBytes: [UInt8] { form.contentBytes }

    /// Is the certificate signed with SM2 by the owner of the key? Says nothing about trust otherwise.
    public func isSigned(by key: SM2.Signing.PublicKey, userID: SM2.UserID = .default) -> Bool {
        form.isSigned(by: key, userID: userID)
    }
}

extension SM2Certificate: CustomStringConvertible, CustomDebugStringConvertible {
    /// The subject and the serial number.
    public var description: String { "\(subject) (\(serialNumber))" }
    public var debugDescription: String { "SM2Certificate(\(description))" }
}

extension SM2Certificate: Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.derRepresentation == b.derRepresentation }

    public func hash(into hasher: inout Hasher) { hasher.combine(derRepresentation) }
}
