internal import NIOSSL

extension TLSExaminationCourse {
    /// Which findings belong to which step.
    private static let steps: [TLSStep.Name: Set<TLSFault>] = [
        .chain: [.sm2Certificate, .wrongOrder, .intermediateMissing, .unreadableCertificate],
        .time: [.expired, .notYetValid, .expiresSoon],
        .name: [.nameMismatch, .nameConstraint],
        .usage: [.notAnAuthority, .authorityKeyUsage, .serverKeyUsage, .pathTooLong],
        .trust: [.unknownRoot, .wrongSignature],
    ]

    /// - Parameter der: as served.
    /// - Returns: whether our own judgement finds nothing that forbids a connection.
    mutating func judge(_ der: [[UInt8]]) -> Bool {
        let roots = options.roots.compactMap { try? $0.toDERBytes() }.compactMap { CertificateFacts(der: $0) }
        report.chain = der.compactMap { CertificateFacts(der: $0) }
        if report.chain.count < der.count {
            let first = der.firstIndex { CertificateFacts(der: $0) == nil }
            report.findings.append(TLSFinding(.unreadableCertificate, certificate: first))
        }
        let judge = ChainJudge(
            served: report.chain, roots: roots, host: report.serverName, now: options.now)
        report.findings += judge.findings
        for step in [TLSStep.Name.chain, .time, .name, .usage] {
            let found = report.findings.filter { Self.steps[step]?.contains($0.fault) ?? false }
            add(step, found, else: text(step))
        }
        let root = judge.isAnchored ? judge.path.last?.subject ?? "" : ""
        let untrusted = report.findings.filter { Self.steps[.trust]?.contains($0.fault) ?? false }
        if judge.isAnchored || !untrusted.isEmpty {
            add(.trust, untrusted, else: root)
        } else {
            report.steps.append(TLSStep(name: .trust, state: .failed, text: judge.path.last?.issuer ?? ""))
        }
        return report.verdict != .failed
    }

    private mutating func add(_ step: TLSStep.Name, _ found: [TLSFinding], else text: String) {
        let state: TLSStep.State =
            found.contains { !$0.fault.isWarning } ? .failed : found.isEmpty ? .ok : .warning
        let shown = found.isEmpty ? text : found.map(\.fault.rawValue).joined(separator: ", ")
        report.steps.append(TLSStep(name: step, state: state, text: shown))
    }

    private func text(_ step: TLSStep.Name) -> String {
        guard let leaf = report.chain.first else { return "" }
        switch step {
        case .chain: return "\(report.chain.count)"
        case .time: return "\(TLSDate.text(leaf.notBefore)) – \(TLSDate.text(leaf.notAfter))"
        case .name: return report.serverName
        default: return "\(leaf.keyAlgorithm), \(leaf.signatureAlgorithm)"
        }
    }

    /// A chain without an anchor may be one that a proxy made: asked for a name that nobody has, it makes one too.
    mutating func lookForProxy(_ probe: TLSProbe) async {
        let isUntrusted = report.findings.contains {
            $0.fault == .unknownRoot || $0.fault == .intermediateMissing
        }
        guard isUntrusted else { return }
        let invented = TLSProbe(address: probe.address, serverName: options.inventedName, options: options)
        let outcome = await invented.run(.look)
        let made = outcome.chain.first.flatMap { CertificateFacts(der: $0) }
        if let made, made.names(options.inventedName),
            !(report.chain.first?.names(options.inventedName) ?? true)
        {
            report.findings.append(
                TLSFinding(
                    .proxyInTheWay,
                    "对编造的域名 \(options.inventedName) 也出示了证书，签发者 \(made.issuer)",
                    "it shows a certificate for the invented name \(options.inventedName) too, issued by \(made.issuer)"
                ))
        } else if let product = Self.inspectors.first(where: { name in
            report.chain.contains { $0.issuer.lowercased().contains(name) }
        }) {
            report.findings.append(
                TLSFinding(
                    .proxyInTheWay, certainty: .likely, "签发者的名称像安全设备：\(product)",
                    "the issuer's name is like that of a security appliance: \(product)"))
        }
    }

    /// Parts of names, in lower case, that appliances and debugging proxies give their own CA.
    private static let inspectors = [
        "zscaler", "fortinet", "fortigate", "sangfor", "深信服", "blue coat", "bluecoat", "palo alto",
        "netskope",
        "checkpoint", "check point", "sophos", "mitmproxy", "charles proxy", "fiddler", "squid", "topsec",
        "天融信",
        "qianxin", "奇安信", "venustech", "启明星辰", "hillstone", "山石网科", "mcafee web gateway", "forcepoint",
        "burp", "portswigger", "ssl inspection", "ssl-inspection", "ssl proxy",
    ]
}
