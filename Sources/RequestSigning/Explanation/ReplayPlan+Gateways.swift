internal import Crypto

extension ReplayPlan {
    /// tif: hex of SHA-256 over time ‖ token ‖ nonce ‖ time. The frame holds the token, so its text is never
    /// shown.
    static func tif(_ source: Source) -> ReplayPlan {
        guard case .secret(let secret) = source.key else {
            return ReplayPlan(source.replay(.tif) { _ in [] }, Alteration.nonce)
        }
        let base = source.replay(.tif) { replay in
            joined(secret, [replay.time], [replay.nonce, replay.time])
        }
        let frames = [
            framed("时间、令牌、nonce，末尾没有再加时间", "time, token, nonce without the time again at the end") {
                joined(secret, [$0.time], [$0.nonce])
            },
            framed("时间、nonce、令牌、时间", "time, nonce, token, time") {
                joined(secret, [$0.time, $0.nonce], [$0.time])
            },
            framed("令牌、时间、nonce", "token, time, nonce") { joined(secret, [], [$0.time, $0.nonce]) },
            framed("时间、nonce、令牌", "time, nonce, token") { joined(secret, [$0.time, $0.nonce], []) },
        ]
        let others = source.evidence.otherKeys.flatMap { other -> [Alteration] in
            guard case .secret(let token) = CheckingKey(other.material, keyID: other.id) else { return [] }
            return [
                Alteration(
                    .versionKeyOrEncoding, .frame, "签名用的是密钥 \(other.id) 的令牌",
                    "The token signed with is that of the key \(other.id)"
                ) { replay in
                    replay.frame = { joined(token, [$0.time], [$0.nonce, $0.time]) }
                }
            ]
        }
        let key = source.key.map { Alteration.checks(source.signature, key: $0, as: .tif) } ?? []
        return ReplayPlan(base, key + others + Alteration.nonce + Alteration.time + frames)
    }

    private static func framed(
        _ chinese: String, _ english: String, _ frame: @escaping @Sendable (Replay) -> [UInt8]
    ) -> Alteration {
        Alteration(.otherText, .frame, "拼接顺序是\(chinese)", "The parts were joined as \(english)") {
            $0.frame = frame
        }
    }

    private static func joined(_ secret: SymmetricKey, _ before: [String], _ after: [String]) -> [UInt8] {
        Array(before.joined().utf8) + secret.withUnsafeBytes { Array($0) } + Array(after.joined().utf8)
    }

    /// csb: HMAC-SHA1 over sorted pairs, which the verifier has put together.
    static func csb(_ source: Source) -> ReplayPlan {
        let text = source.content?.bytes ?? []
        var base = source.replay(.csb) { $0.parameters }
        base.whole = text
        let pairs = String(decoding: text, as: UTF8.self).split(separator: "&")
        let api = pairs.filter { $0.hasPrefix("_api_") }
        let texts: [(SignatureMistake, String, String, String)] = [
            (
                .memberOrder, "参数没有排序", "The pairs weren't sorted",
                (pairs.filter { !$0.hasPrefix("_api_") } + api).joined(separator: "&")
            ),
            (.otherText, "没有签表单参数", "The form's parameters weren't signed", api.joined(separator: "&")),
            (
                .otherText, "参数之间没有 & 分隔", "The pairs were joined without &", pairs.joined()
            ),
            (
                .textEncoding, "签名用的是百分号编码后的值", "Values were signed percent-encoded",
                pairs.map(encodedValue).joined(separator: "&")
            ),
        ]
        let others = texts.map { mistake, chinese, english, text in
            Alteration(mistake, .whole, chinese, english) { $0.whole = Array(text.utf8) }
        }
        return ReplayPlan(base, source.keyAlterations(.csb) + others)
    }

    private static func encodedValue(_ pair: Substring) -> String {
        let name = pair.prefix { $0 != "=" }
        let value = PercentCoding.encode(pair.dropFirst(name.count + 1).utf8)
        return name + "=" + String(decoding: value, as: UTF8.self)
    }
}
