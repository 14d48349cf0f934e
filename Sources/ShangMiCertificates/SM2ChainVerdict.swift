/// What a verifier thinks of a certificate. Being refused is an answer, not an error.
public enum SM2ChainVerdict: Sendable, Hashable {
    /// The certificate, the authorities above it, and the given root last.
    case trusted([SM2Certificate])
    case refused(SM2ChainRefusal)
}

/// Why no chain from a certificate to a root holds.
///
/// Where several chains fail, this is the failure of the one that got furthest.
public struct SM2ChainRefusal: Error, Sendable, Hashable {
    /// The rule that was broken; raw values stay the same from version to version.
    public enum Code: String, Sendable, CaseIterable {
        /// No certificate given has the issuer's name.
        case unknownIssuer
        /// The chain ends in a self-issued certificate that isn't among the roots.
        case untrustedRoot
        /// The time lies before the validity.
        case notYetValid
        /// The time lies behind the validity.
        case expired
        /// The issuer's key didn't make the signature.
        case invalidSignature
        /// Signed with another algorithm than SM2 with SM3, or by another key than one of SM2.
        case unsupportedAlgorithm
        /// The issuer isn't an authority (RFC 5280, 4.2.1.9).
        case notAuthority
        /// The issuer's key usage doesn't have keyCertSign (RFC 5280, 4.2.1.3).
        case mayNotSignCertificates
        /// More authorities than one of them allows below it (RFC 5280, 4.2.1.9).
        case pathLengthExceeded
        /// A critical extension, or one with name constraints, that this library doesn't judge.
        case unhandledCriticalExtension
        /// The leaf's key usage isn't for what is asked.
        case wrongKeyUsage
        /// A certificate below the root has purposes, and not the one asked for (RFC 5280, 4.2.1.12).
        case wrongPurpose
        /// More certificates, or more tries to put them together, than anybody needs.
        case chainTooLong
    }

    public let code: Code
    /// The one that breaks the rule.
    public let certificate: SM2Certificate
}

extension SM2ChainRefusal: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(certificate.subject)" }
}
