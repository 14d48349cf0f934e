internal import HTTPTypes

/// Goes through a request as the verifier does, but on past what is wrong, and takes down what it sees.
struct SignatureExamination {
    let message: HTTPMessage
    let evidence: SignatureEvidence
    private(set) var profile: Profile?
    private(set) var parts: PresentedParts
    /// The first thing wrong, in the gateway's order.
    private(set) var refusal: SigningRefusal?
    private(set) var steps: [SignatureStep] = []
    private(set) var findings: [SignatureFinding] = []
    private(set) var content: SignedContent?

    init(_ message: HTTPMessage, _ evidence: SignatureEvidence) {
        self.message = message
        self.evidence = evidence
        parts = PresentedParts(message, profile: "")
    }

    /// The surest first; what isn't a mistake comes last.
    var rankedFindings: [SignatureFinding] {
        let order = SignatureFinding.Certainty.allCases
        let remarks = findings.filter { $0.mistake == .windowEdge }
        let mistakes = findings.filter { $0.mistake != .windowEdge }
        return order.flatMap { certainty in mistakes.filter { $0.certainty == certainty } } + remarks
    }

    mutating func run() {
        do throws(SigningRefusal) {
            let profile = try RequestVerifier.profile(of: message)
            self.profile = profile
            parts = PresentedParts(message, profile: profile.id)
            note("识别签名版本", "Find the version", .passed, profile.id)
            examine(RequestVerifier(profile))
        } catch {
            refuse(error)
            note("识别签名版本", "Find the version", .failed, error.detail)
        }
        addGatewaysWord()
    }

    private mutating func examine(_ verifier: RequestVerifier) {
        let presented = read(verifier)
        let isTimely = checkTime(verifier, presented)
        showParameters(verifier.profile)
        let isSigned = checkSignature(verifier, presented)
        if isSigned || evidence.key == nil, isTimely { checkNonceUse(presented.time) }
    }

    mutating func note(
        _ chinese: String, _ english: String, _ outcome: SignatureStep.Outcome, _ text: String = ""
    ) {
        steps.append(SignatureStep(chinese, english, outcome, text))
    }

    private mutating func refuse(_ refusal: SigningRefusal) { refuse(refusal, as: refusal.finding) }

    mutating func refuse(_ refusal: SigningRefusal, as finding: SignatureFinding?) {
        self.refusal = self.refusal ?? refusal
        if let finding { add(finding) }
    }

    mutating func add(_ finding: SignatureFinding) {
        guard !findings.contains(where: { $0.mistake == finding.mistake && $0.detail == finding.detail })
        else {
            return
        }
        findings.append(finding)
    }
}

extension SignatureExamination {
    /// What the request presents; where the verifier refuses its form, as much of it as there is.
    private mutating func read(_ verifier: RequestVerifier) -> PresentedSignature {
        let shown = [
            ("key id", parts.keyID), ("time", parts.time), ("nonce", parts.nonce),
            ("signature", parts.signature.map { "\($0.utf8.count) characters" }),
        ].map { "\($0.0): \($0.1.map { ShownText.line($0, limit: 200) } ?? "–")" }.joined(separator: "\n")
        do throws(SigningRefusal) {
            let presented = try verifier.read(message)
            note("读取签名字段", "Read the signature's fields", .passed, shown)
            return presented
        } catch {
            // What a nonce or a signature of another form was meant to be is searched for.
            self.refusal = error
            if error.code != .nonceMalformed, error.code != .signatureMalformed, let finding = error.finding {
                add(finding)
            }
            note("读取签名字段", "Read the signature's fields", .failed, shown + "\n" + error.detail)
            return leniently(verifier.profile)
        }
    }

    private func leniently(_ profile: Profile) -> PresentedSignature {
        let signature = SignatureForm.all(
            of: parts.signature ?? "", due: profile.id == "tif" ? .hex : .base64)
        return PresentedSignature(
            profile: profile, keyID: parts.keyID ?? "", time: 0, timeText: parts.time ?? "",
            isWholeSeconds: true,
            nonce: profile.hasNonce ? parts.nonce ?? "" : nil,
            signature: signature.first { $0.told == nil }?.bytes ?? [],
            messageSignature: (try? MessageSignature.all(in: message.head.headerFields))?.first,
            document: try? JSONDocument(parsing: message.body))
    }

    private mutating func checkTime(_ verifier: RequestVerifier, _ presented: PresentedSignature) -> Bool {
        let judged = TimeFindings(
            parts.time, form: verifier.profile.timeForm, window: verifier.profile.window, evidence: evidence)
        judged.findings.forEach { add($0) }
        let mistakes = judged.findings.filter { $0.mistake != .windowEdge }
        if let refusal, refusal.code.rawValue.hasPrefix("timestamp_"), mistakes.isEmpty {
            add(SignatureFinding(.unreadableTime, .proven, "时间戳格式不对。\(refusal.detail)", refusal.detail))
        }
        guard let receivedAt = evidence.receivedAt else {
            note("比较时间", "Compare the time", .skipped)
            return mistakes.isEmpty
        }
        var isTimely = mistakes.isEmpty
        if refusal == nil {
            do throws(SigningRefusal) {
                try verifier.checkTime(presented, now: receivedAt)
                isTimely = true
            } catch {
                refuse(error)
                isTimely = false
            }
        }
        let age = judged.time.map { "\(receivedAt.subtractingReportingOverflow($0).partialValue) ms" } ?? "–"
        note(
            "比较时间", "Compare the time", isTimely ? .passed : .failed,
            "received − signed: \(age), window: ±\(verifier.profile.window) s")
        return isTimely
    }

    /// The canonical form's steps, for the profiles that have one; none of them needs the key.
    private mutating func showParameters(_ profile: Profile) {
        guard let form = ReplayedProfile.triples.first(where: { $0.id == profile.id })?.canonicalForm else {
            return
        }
        do throws(SigningRefusal) {
            let source = ReplayPlan.Source(message: message, parts: parts, evidence: evidence, content: nil)
            let query = try JSONDocument(query: source.query)
            let sent = try message.body.isEmpty ? query : JSONDocument(parsing: message.body).merging(query)
            note("解析业务参数", "Parse the parameters", .passed, ShownText.text(sent.bytes))
            let named = try sent.convertingNames(to: .snakeCase)
            note("字段名转为 snake_case", "Convert names to snake_case", .passed, ShownText.text(named.bytes))
            let canonical = try named.canonical(form)
            note("写成规范文本", "Write the canonical text", .passed, ShownText.text(canonical))
        } catch {
            refuse(error)
            note("写成规范文本", "Write the canonical text", .failed, error.detail)
        }
    }

    private mutating func checkSignature(_ verifier: RequestVerifier, _ presented: PresentedSignature) -> Bool
    {
        let hasBadNonce = refusal?.code == .nonceMalformed
        guard let key = evidence.key else {
            note("验证签名", "Verify the signature", .skipped)
            addSuspicions(verifier.profile)
            if hasBadNonce { addNonceFinding() }
            return false
        }
        do throws(SigningRefusal) {
            let named = try admitName(presented, key)
            let content = try verifier.content(named, of: message, key: key)
            self.content = content
            note("得到签名文本", "Put together the signed text", .passed, ShownText.text(content.bytes))
            _ = try verifier.verify(named, content, key: key)
            note("验证签名", "Verify the signature", .passed)
            if hasBadNonce { addNonceFinding() }
            return true
        } catch {
            self.refusal = self.refusal ?? error
            note("验证签名", "Verify the signature", .failed, error.detail)
            let searched: [SigningRefusal.Code] = [
                .signatureMismatch, .signatureMalformed, .keyNotForProfile,
            ]
            if searched.contains(error.code), search(verifier.profile) {
                if hasBadNonce, !findings.contains(where: { $0.mistake == .decodedNonce }) {
                    addNonceFinding()
                }
                return false
            }
            // A signature that couldn't even be read says more than what is missing without it.
            let named = self.refusal?.code == .signatureMalformed ? self.refusal : error
            if let finding = named?.finding { add(finding) }
            if hasBadNonce { addNonceFinding() }
            return false
        }
    }

    /// The signature as if it named the key given; that it names another one is taken down.
    private mutating func admitName(
        _ presented: PresentedSignature, _ key: VerificationKey
    ) throws(SigningRefusal) -> PresentedSignature {
        guard presented.keyID != key.id else { return presented }
        let refusal = SigningRefusal(.unknownKey, "The key isn't the one that the request names.")
        let (named, given) = (ShownText.line(presented.keyID, limit: 128), ShownText.line(key.id, limit: 128))
        refuse(
            refusal,
            as: SignatureFinding(
                .versionKeyOrEncoding, .proven, "请求写的密钥编号是“\(named)”，而密钥是“\(given)”。",
                "The request names the key “\(named)”, and the key is “\(given)”."))
        return PresentedSignature(
            profile: presented.profile, keyID: key.id, time: presented.time, timeText: presented.timeText,
            isWholeSeconds: presented.isWholeSeconds, nonce: presented.nonce, signature: presented.signature,
            messageSignature: presented.messageSignature, document: presented.document)
    }
}
