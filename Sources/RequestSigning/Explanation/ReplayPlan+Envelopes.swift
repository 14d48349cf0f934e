internal import Crypto

extension ReplayPlan {
    /// envelope: sorted `k=v` of the outer map with the canonical data, and the secret, so the frame isn't
    /// shown.
    static func envelope(_ source: Source) -> ReplayPlan? {
        guard case .envelope(let terms, _) = source.evidence.key?.material,
            let outer = try? JSONDocument(parsing: source.body), let data = source.content?.parameters,
            let members = try? EnvelopeText.members(of: outer)
        else { return nil }
        let secret = terms.appSecret.key
        let text: @Sendable (Replay) -> [UInt8] = {
            EnvelopeText.joined(members, data: $0.parameters, order: terms.keyOrder)
        }
        var base = source.replay(.envelope) { replay in
            text(replay) + Array("&key=".utf8) + secret.withUnsafeBytes { Array($0) }
        }
        base.content = ReplayedContent(FormValue(data.root), .envelope(terms.keyOrder))
        let frames = [
            Alteration(.otherText, .frame, "签名文本末尾没有加 &key=", "The signed text lacks &key= at its end") {
                $0.frame = text
            },
            Alteration(.otherText, .frame, "只签了 data", "Only data was signed") { replay in
                replay.frame = { $0.parameters }
            },
        ]
        var known = source.keyAlterations(.envelope) + Alteration.order + Alteration.empties
        known += Alteration.numbers + Alteration.space + Alteration.names + Alteration.text
        known += source.evidence.gbk.map(Alteration.gbk) ?? []
        return ReplayPlan(base, known + Alteration.separators + frames)
    }

    /// fsi-sm: the exact bytes of `input`'s JSON; what was signed instead of them is some other writing of
    /// it.
    static func fsi(_ source: Source) -> ReplayPlan? {
        guard let exact = source.content?.bytes else { return nil }
        var base = source.replay(.fsi) { $0.parameters }
        base.whole = exact
        if let input = try? JSONDocument(parsing: exact) {
            var content = ReplayedContent(FormValue(input.root), .jcs)
            content.names = { $0 }
            content.space = { $0 }
            content.form = WrittenForm(order: .source, numbers: .source)
            base.content = content
        }
        var known = source.keyAlterations(.fsi)
        known.append(
            Alteration(.otherText, .whole, "签的是重新序列化的 JSON，而不是发送的字节", "The JSON was written anew for signing")
            {
                $0.whole = nil
            })
        let altered = Alteration.order + Alteration.numbers + Alteration.empties + Alteration.names
        known += (altered + Alteration.text + Alteration.space + Alteration.separators).map { alteration in
            Alteration(
                alteration.mistake, alteration.stage, alteration.told.chinese, alteration.told.english
            ) { replay in
                replay.whole = nil
                alteration.change(&replay)
            }
        }
        let body = try? JSONDocument(parsing: source.body)
        if let encrypted = body?["input"]?.string {
            known.append(
                Alteration(.otherText, .whole, "签的是加密后的 input", "The encrypted input was signed") {
                    $0.whole = Array(encrypted.utf8)
                })
        }
        if let encode = source.evidence.gbk, let gbk = encode(String(decoding: exact, as: UTF8.self)) {
            known.append(
                Alteration(.textEncoding, .whole, "签名文本按 GBK 编码", "The signed text was encoded as GBK") {
                    $0.whole = gbk
                })
        }
        return ReplayPlan(base, known)
    }
}
