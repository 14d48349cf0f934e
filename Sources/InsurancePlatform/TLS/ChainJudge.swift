/// Says what is wrong with a chain as it was served. The TLS library has the last word on whether it holds; this
/// finds the reason, which the library does not tell.
struct ChainJudge {
    private static let longest = 10

    let served: [CertificateFacts]
    let roots: [CertificateFacts]
    let host: String
    let now: Int64
    private(set) var findings: [TLSFinding] = []
    /// From the server's certificate up, as far as issuers were found.
    private(set) var path: [CertificateFacts] = []
    /// The path ends in a trusted root.
    private(set) var isAnchored = false

    init(served: [CertificateFacts], roots: [CertificateFacts], host: String, now: Int64) {
        self.served = served
        self.roots = roots
        self.host = host
        self.now = now
        guard let leaf = served.first else { return }
        judgeAlgorithms()
        buildPath(from: leaf)
        for certificate in path { judgeTime(certificate) }
        for (depth, issuer) in path.enumerated().dropFirst() { judgeIssuer(issuer, depth, leaf) }
        judgeUsage(leaf)
        judgeName(leaf)
        judgeOrder()
    }

    private func place(_ certificate: CertificateFacts) -> Int? {
        served.firstIndex { $0.der == certificate.der }
    }

    private mutating func judgeAlgorithms() {
        guard let first = served.firstIndex(where: \.usesSM2) else { return }
        let one = served[first]
        findings.append(
            TLSFinding(
                .sm2Certificate, certificate: first,
                "\(one.subject)：公钥 \(one.keyAlgorithm)，签名 \(one.signatureAlgorithm)",
                "\(one.subject): key \(one.keyAlgorithm), signature \(one.signatureAlgorithm)"))
    }

    private mutating func buildPath(from leaf: CertificateFacts) {
        path = [leaf]
        while path.count <= Self.longest, let last = path.last {
            if roots.contains(where: { $0.der == last.der }) {
                isAnchored = true
                return
            }
            let trusted = roots.filter { last.isIssued(by: $0) }
            if let root = trusted.first(where: { last.isSigned(by: $0) == true }) {
                path.append(root)
                isAnchored = true
                return
            }
            let others = served.filter { last.isIssued(by: $0) && !path.contains($0) }
            guard let next = others.first(where: { last.isSigned(by: $0) == true }) else {
                judgeEnd(last, namesakes: trusted + others)
                return
            }
            path.append(next)
        }
    }

    /// The path ends here, in no trusted root: why?
    private mutating func judgeEnd(_ last: CertificateFacts, namesakes: [CertificateFacts]) {
        // A signature of SM2 can't be followed, and is told already.
        if last.usesSM2 || namesakes.contains(where: \.usesSM2) { return }
        if last.isSelfIssued, last.isSigned(by: last) == true {
            findings.append(
                TLSFinding(
                    .unknownRoot, certificate: place(last),
                    "\(last.subject)（自签名），SHA-256 \(last.fingerprint)",
                    "\(last.subject) (self-signed), SHA-256 \(last.fingerprint)"))
        } else if namesakes.contains(where: { last.isSigned(by: $0) == false }) {
            findings.append(
                TLSFinding(
                    .wrongSignature, certificate: place(last), "\(last.subject) 的签发者 \(last.issuer)",
                    "\(last.subject), issued by \(last.issuer)"))
        } else {
            judgeAbsentIssuer(last)
        }
    }

    /// Its issuer is neither served nor trusted: an intermediate that the server owes, or a root that is unknown.
    /// A server certificate that says where its issuer's lies has an intermediate above it; and so has one whose
    /// issuer belongs to an organization of which a root is trusted.
    private mutating func judgeAbsentIssuer(_ last: CertificateFacts) {
        let isRelated =
            last.issuerOrganization.map { name in roots.contains { $0.organization == name } } ?? false
        let isIntermediate = isRelated || (path.count == 1 && !last.issuerLocations.isEmpty)
        let location = last.issuerLocations.first
        findings.append(
            TLSFinding(
                isIntermediate ? .intermediateMissing : .unknownRoot, certainty: .likely,
                certificate: place(last),
                "\(last.subject) 的签发者“\(last.issuer)”既没有发来，也不在信任列表中"
                    + (location.map { "；AIA 给出的下载地址：\($0)" } ?? "；证书没有 AIA 下载地址"),
                "\(last.issuer), the issuer of \(last.subject), is neither served nor trusted"
                    + (location.map { "; by its AIA it lies at \($0)" }
                        ?? "; there is no AIA to say where it lies")))
    }

    private mutating func judgeTime(_ certificate: CertificateFacts) {
        let span = "\(TLSDate.text(certificate.notBefore)) – \(TLSDate.text(certificate.notAfter))"
        let here = (
            "\(certificate.subject)：\(span)，本机时间 \(TLSDate.text(now))",
            "\(certificate.subject): \(span), the time here is \(TLSDate.text(now))"
        )
        let soon = Int64(TLSMaterial.Health.warningDays) * 86_400_000
        let fault: TLSFault? =
            certificate.notAfter < now
            ? .expired
            : certificate.notBefore > now
                ? .notYetValid : certificate.notAfter - now < soon ? .expiresSoon : nil
        guard let fault else { return }
        findings.append(TLSFinding(fault, certificate: place(certificate), here.0, here.1))
    }

    private mutating func judgeIssuer(_ issuer: CertificateFacts, _ depth: Int, _ leaf: CertificateFacts) {
        let certificate = place(issuer)
        let subject = issuer.subject
        if !issuer.isAuthority {
            findings.append(TLSFinding(.notAnAuthority, certificate: certificate, subject, subject))
        } else if !issuer.maySignCertificates || !issuer.allows(.serverAuth) {
            let usages = ((issuer.keyUsage ?? []) + (issuer.extendedKeyUsage ?? [])).joined(separator: ", ")
            findings.append(
                TLSFinding(
                    .authorityKeyUsage, certificate: certificate, "\(subject)：\(usages)",
                    "\(subject): \(usages)"))
        }
        let between = path[1..<depth].count { !$0.isSelfIssued }
        if let limit = issuer.pathLength, between > limit {
            findings.append(
                TLSFinding(
                    .pathTooLong, certificate: certificate, "\(subject)：pathlen \(limit)，实际 \(between)",
                    "\(subject): pathlen \(limit), and there are \(between)"))
        }
        if let name = issuer.forbiddenName(of: leaf) {
            findings.append(
                TLSFinding(
                    .nameConstraint, certificate: certificate, "\(subject) 不允许 \(name)",
                    "\(subject) does not allow \(name)"))
        }
    }

    private mutating func judgeUsage(_ leaf: CertificateFacts) {
        // Key exchange with an RSA key (TLS 1.2 only) enciphers; all others sign.
        let isRSA = leaf.keyAlgorithm.hasPrefix("RSA")
        let maySign =
            leaf.keyUsage.map { $0.contains("digitalSignature") || isRSA && $0.contains("keyEncipherment") }
            ?? true
        guard !maySign || !leaf.allows(.serverAuth) else { return }
        let usages = ((leaf.keyUsage ?? []) + (leaf.extendedKeyUsage ?? [])).joined(separator: ", ")
        findings.append(
            TLSFinding(
                .serverKeyUsage, certificate: 0, "\(leaf.subject)：\(usages)", "\(leaf.subject): \(usages)"))
    }

    private mutating func judgeName(_ leaf: CertificateFacts) {
        guard !leaf.names(host) else { return }
        let names = (leaf.dnsNames + leaf.addresses).joined(separator: ", ")
        let shown = names.isEmpty ? "subjectAltName –, \(leaf.subject)" : names
        findings.append(
            TLSFinding(
                .nameMismatch, certificate: 0, "访问的名称 \(host)，证书中的名称 \(shown)",
                "asked for \(host), the certificate has \(shown)"))
    }

    private mutating func judgeOrder() {
        let places = path.compactMap { place($0) }
        let isInOrder = places == Array(places.indices)
        guard !isInOrder || (isAnchored && places.count < served.count) else { return }
        let names = served.map(\.subject).joined(separator: " | ")
        findings.append(TLSFinding(.wrongOrder, names, names))
    }
}
