public import ShangMi
public import X509

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// Verifies chains of SM2 certificates (RFC 5280, 6.1) to roots that the caller trusts.
///
/// Every certificate, the root too, must be within its validity. Every issuer must be an authority that may
/// sign certificates, and names must match byte by byte. Not looked at: revocation, policies, and the names
/// that a leaf is for, which are the caller's to compare.
public struct SM2ChainVerifier: Sendable {
    /// What a leaf's key is to be used for.
    public enum KeyUse: Sendable, CaseIterable {
        case any
        /// Signatures: digitalSignature or nonRepudiation.
        case signing
        /// Receiving encrypted data or keys: keyEncipherment, dataEncipherment or keyAgreement.
        case encryption
    }

    public let roots: [SM2Certificate]
    private let userID: SM2.UserID

    /// - Parameters:
    ///   - roots: trusted as they are; their own signatures don't matter.
    ///   - userID: what every authority of the chain signs under.
    public init(roots: some Sequence<SM2Certificate>, userID: SM2.UserID = .default) {
        self.roots = Array(roots)
        self.userID = userID
    }

    /// Looks for a chain from `leaf` through any of `intermediates`, in any order, to a root.
    ///
    /// - Parameters:
    ///   - date: when the chain must be valid.
    ///   - use: what the leaf's key usage, if it has one, must allow.
    ///   - purpose: what the extended key usages below the root, where there are any, must allow.
    public func verify(
        _ leaf: SM2Certificate, intermediates: [SM2Certificate] = [], at date: Date = Date(),
        for use: KeyUse = .any, purpose: ExtendedKeyUsage.Usage? = nil
    ) -> SM2ChainVerdict {
        var search = ChainSearch(
            roots: roots, intermediates: intermediates, userID: userID, date: date, purpose: purpose)
        return search.verdict(on: leaf, for: use)
    }
}
