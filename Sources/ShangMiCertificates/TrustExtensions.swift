internal import SwiftASN1
internal import X509

/// The extensions that decide whether a certificate may stand where it stands in a chain, read once.
struct TrustExtensions: Sendable {
    /// Nil in a certificate that isn't an authority's.
    let authority: Authority?
    /// Nil where the key may be used for everything.
    let keyUsage: KeyUsage?
    /// Nil where the certificate is good for every purpose.
    let purposes: [ExtendedKeyUsage.Usage]?
    /// Critical ones that nothing here judges, and name constraints, critical or not: to overlook them is to
    /// trust an authority with more than it was given.
    let unhandled: [ASN1ObjectIdentifier]

    struct Authority: Sendable {
        /// How many authorities may stand between this one and the leaf; nil for any number.
        let maxPathLength: Int?
    }

    private static let handled: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName,
    ]

    init(_ extensions: Certificate.Extensions) throws(SM2CertificateError) {
        do {
            authority =
                switch try extensions.basicConstraints {
                case .isCertificateAuthority(let length): Authority(maxPathLength: length)
                default: nil
                }
            keyUsage = try extensions.keyUsage
            purposes = try extensions.extendedKeyUsage.map(Array.init)
        } catch {
            throw SM2CertificateError(error, as: .malformedExtension)
        }
        guard authority?.maxPathLength ?? 0 >= 0 else {
            throw SM2CertificateError(.malformedExtension, "the path length is negative")
        }
        unhandled = extensions.compactMap { found in
            let counts = found.critical || found.oid == .X509ExtensionID.nameConstraints
            return counts && !Self.handled.contains(found.oid) ? found.oid : nil
        }
    }
}
