/// Broken input or a contradictory request, of certificates and certificate requests.
///
/// A well-formed certificate that isn't trusted is no error but a ``SM2ChainVerdict``.
public struct SM2CertificateError: Error, Sendable, Hashable {
    /// What is wrong; raw values stay the same from version to version.
    public enum Code: String, Sendable, CaseIterable {
        /// Not DER, or not the structure of RFC 5280, RFC 2986 or RFC 7468.
        case malformed
        /// Readable, but not the one encoding of what it says.
        case notCanonical
        /// An X.509 version other than 3, or a request's other than 1.
        case unsupportedVersion
        /// Neither the key nor the signature is SM2's, or a request's aren't both.
        case unsupportedAlgorithm
        /// The key says that it is SM2's but is no point of the curve in uncompressed form.
        case invalidPublicKey
        /// An extension that decides about trust can't be read.
        case malformedExtension
        /// A template whose certificate nobody could accept.
        case invalidTemplate
        /// The private key isn't the issuer's, or the issuer is no authority.
        case wrongIssuer
    }

    public let code: Code
    /// For people; may change from version to version.
    public let context: String

    init(_ code: Code, _ context: String) { (self.code, self.context) = (code, context) }

    /// What a parser threw, if it isn't one of these already.
    init(_ error: any Error, as code: Code = .malformed) {
        self = error as? SM2CertificateError ?? SM2CertificateError(code, String(describing: error))
    }
}

extension SM2CertificateError: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(context)" }
}
