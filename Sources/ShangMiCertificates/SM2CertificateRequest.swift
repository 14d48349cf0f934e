public import ShangMi
internal import SwiftASN1
public import X509

/// A request for a certificate (PKCS#10, RFC 2986) with an SM2 key, signed by that key with SM3.
public struct SM2CertificateRequest: Sendable {
    private let form: SignedForm<RequestBody>
    public let publicKey: SM2.Signing.PublicKey
    /// What is asked for; it is the authority's to decide.
    public let extensions: Certificate.Extensions

    private static var labels: [String] { ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"] }

    /// A new request.
    ///
    /// - Parameter extensions: what the authority is asked to put into the certificate.
    public init(
        subject: DistinguishedName, extensions: Certificate.Extensions = Certificate.Extensions(),
        key: SM2.Signing.PrivateKey, userID: SM2.UserID = .default
    ) throws(SM2CertificateError) {
        let bytes: [UInt8]
        do {
            var attributes = CertificateSigningRequest.Attributes()
            if !extensions.isEmpty {
                try attributes.insert(.init(ExtensionRequest(extensions: extensions)))
            }
            let body = RequestBody(
                subject: subject, key: SubjectKey(key.publicKey), attributes: attributes)
            bytes = try SignedForm.sign(body, with: key, userID: userID)
        } catch {
            throw SM2CertificateError(error, as: .invalidTemplate)
        }
        try self.init(derRepresentation: bytes)
    }

    /// - Parameter derRepresentation: refused unless it is the one encoding of a request. Its signature isn't
    ///   verified here.
    public init(derRepresentation: some Sequence<UInt8>) throws(SM2CertificateError) {
        form = try SignedForm(Array(derRepresentation))
        guard let key = form.content.key.sm2, form.algorithm.isSM2WithSM3 else {
            throw SM2CertificateError(.unsupportedAlgorithm, "the key or the signature isn't SM2's")
        }
        publicKey = key
        do {
            extensions = try form.content.attributes.extensionRequest?.extensions ?? Certificate.Extensions()
        } catch {
            throw SM2CertificateError(error, as: .malformedExtension)
        }
    }

    /// One `CERTIFICATE REQUEST` block (RFC 7468); several are refused.
    public init(pemRepresentation: String) throws(SM2CertificateError) {
        try self.init(derRepresentation: PEMDocument.bytes(of: pemRepresentation, labels: Self.labels))
    }

    public var derRepresentation: [UInt8] { form.bytes }

    public var pemRepresentation: String {
        PEMDocument(type: "CERTIFICATE REQUEST", derBytes: derRepresentation).pemString
    }

    public var subject: DistinguishedName { form.content.subject }

    /// Everything beside the subject and the key, the extensions too.
    public var attributes: CertificateSigningRequest.Attributes { form.content.attributes }

    /// CertificationRequestInfo in DER: what the signature is over.
    public var infoBytes: [UInt8] { form.contentBytes }

    /// Did the owner of the key make the request? An authority that doesn't ask certifies others' keys.
    public func hasValidSignature(userID: SM2.UserID = .default) -> Bool {
        form.isSigned(by: publicKey, userID: userID)
    }
}

extension SM2CertificateRequest: Hashable {
    public static func == (a: Self, b: Self) -> Bool { a.derRepresentation == b.derRepresentation }

    public func hash(into hasher: inout Hasher) { hasher.combine(derRepresentation) }
}
