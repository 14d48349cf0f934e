internal import NIOSSL

extension TLSExaminationCourse {
    /// The handshake as a client makes it, which has the last word.
    ///
    /// - Parameter isSound: our own judgement of the chain.
    mutating func examine(_ probe: TLSProbe, judged isSound: Bool) async {
        let outcome = await probe.run(.connect)
        report.version = outcome.version.map(Self.name)
        if !isSound { await lookForProxy(probe) }
        if outcome.end == .otherName, !report.findings.contains(where: { $0.fault == .nameMismatch }) {
            report.findings.append(
                TLSFinding(.nameMismatch, certificate: 0, report.serverName, report.serverName))
        }
        if outcome.reasons.contains("CERTIFICATE_VERIFY_FAILED") || outcome.end == .otherName {
            if report.verdict != .failed {
                report.findings.append(TLSFinding(.refusedByLibrary, Self.text(outcome), Self.text(outcome)))
            }
            report.steps.append(TLSStep(name: .handshake, state: .failed, text: Self.text(outcome)))
            return
        }
        if outcome.isComplete { trustLibrary() }
        judgeClientCertificate(outcome)
        let isRefused = report.findings.contains {
            $0.fault == .clientCertificateRequired || $0.fault == .clientCertificateRefused
        }
        if outcome.end == nil, outcome.isComplete {
            pass(.handshake, report.version ?? "")
        } else {
            if !isRefused, report.verdict != .failed { reportBroken(outcome) }
            report.steps.append(TLSStep(name: .handshake, state: .failed, text: Self.text(outcome)))
        }
    }

    /// The library accepts the chain: what we found against it does not forbid it.
    private mutating func trustLibrary() {
        report.findings.removeAll { !$0.fault.isWarning }
        for place in report.steps.indices where report.steps[place].state == .failed {
            let step = report.steps[place]
            report.steps[place] = TLSStep(name: step.name, state: .warning, text: step.text)
        }
    }

    private mutating func judgeClientCertificate(_ outcome: TLSProbeOutcome) {
        let text = Self.text(outcome)
        guard outcome.isCertificateAsked else {
            if outcome.isComplete { pass(.clientCertificate, "–") }
            return
        }
        if outcome.isComplete, outcome.end == nil {
            if options.chain.isEmpty {
                fail(.clientCertificate, TLSFinding(.clientCertificateAsked))
            } else {
                pass(.clientCertificate, options.subject)
            }
        } else if options.chain.isEmpty {
            fail(.clientCertificate, TLSFinding(.clientCertificateRequired, text, text))
        } else {
            fail(
                .clientCertificate,
                TLSFinding(
                    .clientCertificateRefused, "\(options.subject)：\(text)", "\(options.subject): \(text)"))
        }
    }

    /// It broke off for a reason that is neither the chain nor the client certificate.
    private mutating func reportBroken(_ outcome: TLSProbeOutcome) {
        let fault: TLSFault
        switch outcome.end {
        case .timeout: fault = .handshakeTimeout
        case .failed(let reasons) where reasons.contains("KEY_USAGE_BIT_INCORRECT"): fault = .serverKeyUsage
        case .failed: fault = .refusedByLibrary
        default: fault = .closedInHandshake
        }
        if fault == .serverKeyUsage {
            reportUnusableKey(Self.text(outcome))
        } else {
            report.findings.append(TLSFinding(fault, Self.text(outcome), Self.text(outcome)))
        }
    }

    /// The library refuses the key for what the handshake needs it for.
    mutating func reportUnusableKey(_ reason: String) {
        if !report.findings.contains(where: { $0.fault == .serverKeyUsage }) {
            let usages = (report.chain.first?.keyUsage ?? []).joined(separator: ", ")
            let text = usages.isEmpty ? reason : "\(reason): \(usages)"
            report.findings.append(TLSFinding(.serverKeyUsage, certificate: 0, text, text))
        }
        report.steps.removeAll { $0.name == .usage }
        report.steps.append(TLSStep(name: .usage, state: .failed, text: TLSFault.serverKeyUsage.rawValue))
    }

    static func text(_ outcome: TLSProbeOutcome) -> String {
        switch outcome.end {
        case .failed(let reasons): reasons.sorted().joined(separator: ", ")
        case .timeout: "timeout"
        case .closed: "closed"
        case .otherName: "host name mismatch"
        case .broken, nil: ""
        }
    }

    private static func name(_ version: TLSVersion) -> String {
        switch version {
        case .tlsv13: "TLS 1.3"
        case .tlsv12: "TLS 1.2"
        case .tlsv11: "TLS 1.1"
        case .tlsv1: "TLS 1.0"
        }
    }
}

extension TLSExaminationOptions {
    /// The client certificate's subject.
    fileprivate var subject: String {
        chain.first.flatMap { try? $0.toDERBytes() }.flatMap { CertificateFacts(der: $0) }?.subject ?? ""
    }
}
