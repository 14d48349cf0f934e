extension SignatureExamination {
    /// Tries the known mistakes; answers whether one, or a few together, explain the signature.
    mutating func search(_ profile: Profile) -> Bool {
        guard let plan = plan(profile) else { return false }
        let found = MistakeSearch.alterations(explaining: plan.base, among: plan.alterations)
        let title = ("尝试已知的错误", "Try the known mistakes")
        guard let found else {
            note(title.0, title.1, .failed, "\(plan.alterations.count) known, alone and together")
            addUnexplained(profile)
            return false
        }
        var replay = plan.base
        for alteration in found { alteration.change(&replay) }
        note(title.0, title.1, .passed, found.map(\.told.english).joined(separator: "\n"))
        // Only these frames hold no secret.
        if ReplayedProfile.triples.contains(where: { $0.id == profile.id }) {
            note("客户端实际签名的文本", "The text that the client signed", .passed, ShownText.text(replay.text))
        }
        for alteration in found { add(SignatureFinding(alteration.mistake, .proven, alteration.told)) }
        return true
    }

    /// What the request's form gives reason to suspect, where no key is there to prove it.
    mutating func addSuspicions(_ profile: Profile) {
        addShape(profile)
        guard refusal == nil, let plan = plan(profile) else { return }
        let suspected = Alteration.space + Alteration.empties + Alteration.names + Alteration.numbers
        for alteration in MistakeSearch.effective(
            suspected + Alteration.text + Alteration.order, on: plan.base)
        where !findings.contains(where: { $0.mistake == alteration.mistake }) {
            add(
                SignatureFinding(
                    alteration.mistake, .possible, "没有密钥，无法证实；若\(alteration.told.chinese)，结果会不同。",
                    "Can't be proven without the key; it would matter here: \(alteration.told.english)."))
        }
    }

    /// Whether the nonce was changed or was badly drawn from the start, as far as its form tells.
    mutating func addNonceFinding() {
        let nonce = parts.nonce ?? ""
        let isChanged = nonce.contains(" ") || PercentCoding.decode(nonce.utf8) != Array(nonce.utf8)
        guard evidence.key == nil, isChanged else {
            add(
                SignatureFinding(
                    .badNonce, .proven, "nonce 有 \(nonce.utf8.count) 个字符：\(ShownText.line(nonce, limit: 80))",
                    "The nonce has \(nonce.utf8.count) characters: \(ShownText.line(nonce, limit: 80))"))
            return
        }
        add(
            SignatureFinding(
                .decodedNonce, .likely, "nonce 含有空格或 %XX：\(ShownText.line(nonce, limit: 80))",
                "The nonce holds a space or %XX: \(ShownText.line(nonce, limit: 80))"))
    }

    /// The nonce's earlier use, which is looked at last.
    mutating func checkNonceUse(_ time: Int64) {
        let since = evidence.noncesKnownSince.map(UnixTime.seconds)
        if let use = evidence.earlierUse {
            refuseReplay(.nonceReplayed, use == .sameProcess ? .replayedNonce : .nonceUsedElsewhere)
        } else if let since, UnixTime.seconds(time) <= since {
            refuseReplay(.retryWithNewTimestamp, .nonceUsedElsewhere)
        } else {
            let isKnown = evidence.noncesKnownSince != nil
            note("检查 nonce 是否用过", "See whether the nonce was used", isKnown ? .passed : .skipped)
        }
    }

    private mutating func refuseReplay(_ code: SigningRefusal.Code, _ mistake: SignatureMistake) {
        refuse(SigningRefusal(code), as: SignatureFinding(mistake, .proven, mistake.cause))
        note("检查 nonce 是否用过", "See whether the nonce was used", .failed, code.rawValue)
    }

    /// What the gateway said counts where the replay sees nothing wrong: it knows nonces and clocks.
    mutating func addGatewaysWord() {
        guard refusal == nil, let said = evidence.refusal else { return }
        switch said.code {
        case .timestampTooOld:
            add(SignatureFinding(.slowClock, .likely, SignatureMistake.slowClock.cause))
            add(SignatureFinding(.queued, .possible, SignatureMistake.queued.cause))
        case .timestampInFuture: add(SignatureFinding(.fastClock, .proven, SignatureMistake.fastClock.cause))
        case .signatureMismatch where evidence.key != nil:
            add(
                SignatureFinding(
                    .versionKeyOrEncoding, .likely, "用这里的密钥验证是对的：网关持有的密钥可能不同。",
                    "It is right under the key given here: the gateway may hold another one."))
        default:
            if let finding = said.finding { add(finding) }
        }
    }

    private func plan(_ profile: Profile) -> ReplayPlan? {
        ReplayPlan(
            ReplayPlan.Source(message: message, parts: parts, evidence: evidence, content: content),
            profile: profile)
    }

    private mutating func addUnexplained(_ profile: Profile) {
        addShape(profile)
        add(
            SignatureFinding(
                .versionKeyOrEncoding, .possible, "已知的错误都不能解释：最可能是密钥本身不同。",
                "No known mistake explains it: most probably the key is another one."))
        add(
            SignatureFinding(
                .changedMessage, .possible, "也可能签名之后内容被改动。",
                "Or the content was changed after it was signed."))
    }

    /// A signature whose text or size can't be one of the profile.
    private mutating func addShape(_ profile: Profile) {
        guard let text = parts.signature,
            let due = ReplayedProfile.all(evidence).first(where: { $0.id == profile.id })
        else { return }
        let forms = SignatureForm.all(of: text, due: due.encoding)
        guard let form = forms.first(where: { $0.told == nil }) else {
            let told =
                forms.first?.told ?? BilingualText("签名不是可识别的编码", "The signature is in no known encoding")
            return add(SignatureFinding(.versionKeyOrEncoding, .likely, told))
        }
        guard !due.scheme.sizes.contains(form.bytes.count) else { return }
        let guess = CheckingKey.Scheme.guess(byteCount: form.bytes.count)
        add(
            SignatureFinding(
                .versionKeyOrEncoding, .likely,
                "签名有 \(form.bytes.count) 字节，不是 \(profile.id) 的长度\(guess.map { "，像是 \($0)" } ?? "")。",
                "The signature has \(form.bytes.count) bytes, which isn't a length of \(profile.id)"
                    + (guess.map { ", but one of \($0)." } ?? ".")))
    }
}

extension CheckingKey.Scheme {
    /// How many bytes a signature has.
    var sizes: ClosedRange<Int> {
        switch self {
        case .hmacSHA256, .tokenDigest: 32...32
        case .hmacSHA1: 20...20
        case .rsaPSS256, .rsaPSS512: 256...1024
        case .derECDSA, .derSM2: 66...72
        case .rawECDSA, .rawSM2, .ed25519: 64...64
        }
    }

    static func guess(byteCount: Int) -> String? {
        switch byteCount {
        case 16: "MD5"
        case 20: "HMAC-SHA1"
        case 32: "HMAC-SHA256"
        case 64: "r‖s"
        case 68...72: "DER"
        case 256, 384, 512: "RSA"
        default: nil
        }
    }
}
