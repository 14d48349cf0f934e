import InsurancePlatform
import RequestSigning

/// A report on a TLS server for people to read, in one language or both.
struct DoctorTLSText {
    var languages: [DoctorSignature.Language]

    func text(_ report: TLSReport) -> String {
        var lines = [label(verdict(report.verdict))]
        var place = "\(report.host):\(report.port)"
        if let address = report.address, address != report.host { place += " (\(address))" }
        lines.append(([place] + [report.version].compactMap { $0 }).joined(separator: ", "))
        for (index, finding) in report.findings.enumerated() {
            let kind = finding.fault.isWarning ? BilingualText("提醒", "warning") : BilingualText("故障", "fault")
            let certainty =
                finding.certainty == .proven ? BilingualText("已证实", "proven") : BilingualText("很可能", "likely")
            let which = finding.certificate.map { " [\($0)]" } ?? ""
            lines += [
                "",
                "\(index + 1). \(label(kind)), \(label(certainty)) (\(finding.fault.rawValue))\(which)",
            ]
            lines += each(finding.cause, "原因：", "cause: ")
            if !finding.detail.english.isEmpty { lines += each(finding.detail, "本次：", "here:  ") }
            lines += each(finding.cure, "解决办法：", "cure:  ")
        }
        lines += ["", label(BilingualText("逐步检查", "step by step"))]
        var steps = Table()
        for step in report.steps { steps.add(["  \(mark(step.state))", label(step.title), step.text]) }
        lines += steps.text.split(separator: "\n").map(String.init)
        if !report.chain.isEmpty {
            lines += ["", label(BilingualText("服务器发来的证书", "certificates as served"))]
        }
        for (index, one) in report.chain.enumerated() { lines += certificate(one, index) }
        // Texts hold what the server sent, which must not steer the terminal.
        return lines.map { $0.withoutControls }.joined(separator: "\n")
    }

    private func certificate(_ one: CertificateFacts, _ index: Int) -> [String] {
        var table = Table()
        table.add(["  [\(index)]", label(BilingualText("主体", "subject")), one.subject])
        table.add(["", label(BilingualText("签发者", "issuer")), one.issuer])
        table.add(["", label(BilingualText("有效期", "validity")), one.validity])
        table.add(["", label(BilingualText("公钥", "key")), "\(one.keyAlgorithm); \(one.signatureAlgorithm)"])
        let usages =
            (one.isAuthority ? ["CA:TRUE"] : []) + (one.keyUsage ?? []) + (one.extendedKeyUsage ?? [])
        table.add(["", label(BilingualText("用途", "usage")), usages.joined(separator: ", ")])
        let names = one.dnsNames + one.addresses
        if !names.isEmpty {
            table.add(["", label(BilingualText("名称", "names")), names.joined(separator: ", ")])
        }
        for location in one.issuerLocations { table.add(["", "AIA", location]) }
        table.add(["", "SHA-256", one.fingerprint])
        return table.text.split(separator: "\n").map(String.init)
    }

    private func label(_ text: BilingualText) -> String {
        languages.map { $0 == .zh ? text.chinese : text.english }.joined(separator: " / ")
    }

    private func each(_ text: BilingualText, _ chinese: String, _ english: String) -> [String] {
        languages.map { $0 == .zh ? "   \(chinese)\(text.chinese)" : "   \(english)\(text.english)" }
    }

    private func verdict(_ verdict: TLSReport.Verdict) -> BilingualText {
        switch verdict {
        case .sound: BilingualText("可以连接", "a connection can be made")
        case .warning: BilingualText("可以连接，但请注意", "a connection can be made, but take note")
        case .failed: BilingualText("无法连接", "no connection can be made")
        }
    }

    private func mark(_ state: TLSStep.State) -> String {
        switch state {
        case .ok: "ok"
        case .warning: "!"
        case .failed: "FAILED"
        case .skipped: "–"
        }
    }
}
