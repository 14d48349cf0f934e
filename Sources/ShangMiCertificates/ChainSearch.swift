internal import ShangMi
internal import X509

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

/// One search, depth first, for a chain that holds.
struct ChainSearch {
    private static let longestChain = 10

    let roots: [SM2Certificate]
    let intermediates: [SM2Certificate]
    let userID: SM2.UserID
    let date: Date
    let purpose: ExtendedKeyUsage.Usage?

    /// Somebody else chooses the intermediates, and could choose many that all issue each other.
    private var triesLeft = 100
    /// The failure that was found furthest up.
    private var failure: (length: Int, refusal: SM2ChainRefusal)?

    init(
        roots: [SM2Certificate], intermediates: [SM2Certificate], userID: SM2.UserID, date: Date,
        purpose: ExtendedKeyUsage.Usage?
    ) {
        self.roots = roots
        self.intermediates = intermediates
        self.userID = userID
        self.date = date
        self.purpose = purpose
    }

    mutating func verdict(on leaf: SM2Certificate, for use: SM2ChainVerifier.KeyUse) -> SM2ChainVerdict {
        if let code = flaw(in: leaf) { return .refused(SM2ChainRefusal(code: code, certificate: leaf)) }
        if let usage = leaf.trust.keyUsage, !use.isAllowed(by: usage) {
            return .refused(SM2ChainRefusal(code: .wrongKeyUsage, certificate: leaf))
        }
        if let chain = extend([leaf], leaf) { return .trusted(chain) }
        return .refused(failure?.refusal ?? SM2ChainRefusal(code: .unknownIssuer, certificate: leaf))
    }

    /// - Parameters:
    ///   - chain: from the leaf on, all in order.
    ///   - last: its last certificate.
    private mutating func extend(_ chain: [SM2Certificate], _ last: SM2Certificate) -> [SM2Certificate]? {
        if roots.contains(last) { return chain }
        let issuers = issuers(of: last, excluding: chain)
        if issuers.isEmpty {
            let isSelfIssued = last.issuerBytes == last.subjectBytes
            note(isSelfIssued ? .untrustedRoot : .unknownIssuer, last, chain.count)
        }
        for issuer in issuers {
            guard chain.count < Self.longestChain, triesLeft > 0 else {
                note(.chainTooLong, last, chain.count + 1)
                return nil
            }
            triesLeft -= 1
            if let (code, certificate) = flaw(between: issuer, and: last, of: chain) {
                note(code, certificate, chain.count)
            } else if let found = extend(chain + [issuer], issuer) {
                return found
            }
        }
        return nil
    }

    /// Roots first, and before all those whose key has the identifier that `certificate` names.
    private func issuers(
        of certificate: SM2Certificate, excluding chain: [SM2Certificate]
    ) -> [SM2Certificate] {
        let all = (roots + intermediates).filter {
            $0.subjectBytes == certificate.issuerBytes && !chain.contains($0)
        }
        guard let wanted = try? certificate.extensions.authorityKeyIdentifier?.keyIdentifier else {
            return all
        }
        let isNamed = { (issuer: SM2Certificate) in
            (try? issuer.extensions.subjectKeyIdentifier)?.keyIdentifier == wanted
        }
        return all.filter(isNamed) + all.filter { !isNamed($0) }
    }

    /// Why `issuer` doesn't hold as the issuer of the last certificate of the chain, and which of them it is
    /// that doesn't.
    private func flaw(
        between issuer: SM2Certificate, and last: SM2Certificate, of chain: [SM2Certificate]
    ) -> (SM2ChainRefusal.Code, SM2Certificate)? {
        guard last.signature != nil, let key = issuer.publicKey else { return (.unsupportedAlgorithm, last) }
        guard last.isSigned(by: key, userID: userID) else { return (.invalidSignature, last) }
        guard let authority = issuer.trust.authority else { return (.notAuthority, issuer) }
        guard issuer.trust.keyUsage?.keyCertSign ?? true else { return (.mayNotSignCertificates, issuer) }
        // Self-issued ones, by which authorities change their keys, don't count (RFC 5280, 4.2.1.9).
        let below = chain.dropFirst().count { $0.issuerBytes != $0.subjectBytes }
        guard authority.maxPathLength ?? below >= below else { return (.pathLengthExceeded, issuer) }
        return flaw(in: issuer).map { ($0, issuer) }
    }

    /// What must hold for certificates wherever they stand.
    private func flaw(in certificate: SM2Certificate) -> SM2ChainRefusal.Code? {
        let second = date.timeIntervalSince1970.rounded(.down)
        guard second >= Double(certificate.form.content.notBefore.seconds) else { return .notYetValid }
        guard second <= Double(certificate.form.content.notAfter.seconds) else { return .expired }
        guard certificate.trust.unhandled.isEmpty else { return .unhandledCriticalExtension }
        if let purpose, let purposes = certificate.trust.purposes, !roots.contains(certificate),
            !purposes.contains(purpose), !purposes.contains(.any)
        {
            return .wrongPurpose
        }
        return nil
    }

    private mutating func note(_ code: SM2ChainRefusal.Code, _ certificate: SM2Certificate, _ length: Int) {
        guard length > failure?.length ?? 0 else { return }
        failure = (length, SM2ChainRefusal(code: code, certificate: certificate))
    }
}

extension SM2ChainVerifier.KeyUse {
    func isAllowed(by usage: KeyUsage) -> Bool {
        switch self {
        case .any: true
        case .signing: usage.digitalSignature || usage.nonRepudiation
        case .encryption: usage.keyEncipherment || usage.dataEncipherment || usage.keyAgreement
        }
    }
}
