import RequestSigning

/// An explanation for people to read, in one language or both.
struct ExplanationText {
    var languages: [DoctorSignature.Language]

    func text(_ explanation: SignatureExplanation) -> String {
        var lines = [label(verdict(explanation.verdict))]
        var facts = [label(BilingualText("版本", "version")), explanation.profileID ?? "–"].joined(
            separator: ": ")
        if let id = explanation.keyID { facts += ", \(label(BilingualText("密钥", "key"))): \(id)" }
        lines.append(facts)
        if let refusal = explanation.refusal {
            lines.append("\(refusal.code.rawValue)" + (refusal.detail.isEmpty ? "" : ": \(refusal.detail)"))
        }
        for (index, finding) in explanation.findings.enumerated() {
            lines += [
                "", "\(index + 1). \(label(certainty(finding.certainty))) (\(finding.mistake.rawValue))",
            ]
            lines += each(finding.cause, "原因：", "cause: ")
            lines += each(finding.detail, "本次：", "here:  ")
            lines += each(finding.cure, "解决办法：", "cure:  ")
        }
        if !explanation.steps.isEmpty { lines += ["", label(BilingualText("逐步核对", "step by step"))] }
        for step in explanation.steps {
            lines.append("  \(mark(step.outcome)) \(label(step.title))")
            lines += step.text.split(separator: "\n").map { "         \($0)" }
        }
        // Texts hold what the request holds, which must not steer the terminal.
        return lines.map { $0.withoutControls }.joined(separator: "\n")
    }

    private func label(_ text: BilingualText) -> String {
        languages.map { $0 == .zh ? text.chinese : text.english }.joined(separator: " / ")
    }

    private func each(_ text: BilingualText, _ chinese: String, _ english: String) -> [String] {
        languages.map { $0 == .zh ? "   \(chinese)\(text.chinese)" : "   \(english)\(text.english)" }
    }

    private func verdict(_ verdict: SignatureExplanation.Verdict) -> BilingualText {
        switch verdict {
        case .accepted: BilingualText("通过", "accepted")
        case .refused: BilingualText("拒绝", "refused")
        case .undecided:
            BilingualText(
                "未发现错误，但缺少密钥或服务器时间，无法下结论",
                "nothing wrong is seen, but without the key or the server's time nothing is certain")
        }
    }

    private func certainty(_ certainty: SignatureFinding.Certainty) -> BilingualText {
        switch certainty {
        case .proven: BilingualText("已证实", "proven")
        case .likely: BilingualText("很可能", "likely")
        case .possible: BilingualText("有可能", "possible")
        }
    }

    private func mark(_ outcome: SignatureStep.Outcome) -> String {
        switch outcome {
        case .passed: "ok    "
        case .failed: "FAILED"
        case .skipped: "–     "
        }
    }
}
