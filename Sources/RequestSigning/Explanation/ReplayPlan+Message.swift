internal import HTTPTypes

extension ReplayPlan {
    /// rfc9421: the signature base, of the request as it came and as it may have been where it was signed.
    static func message(_ source: Source) -> ReplayPlan {
        let profile = ReplayedProfile.message(source.key)
        var base = source.replay(profile) { $0.parameters }
        guard let presented = try? MessageSignature.all(in: source.message.head.headerFields).first else {
            return ReplayPlan(base, [])
        }
        let parameters = presented.parameters
        let text = (try? SignatureBase(parameters, of: source.message.head))?.bytes ?? []
        base.whole = text
        var known = source.keyAlterations(profile)
        known += Alteration.nonce.map { alteration in
            Alteration(
                alteration.mistake, .nonce, alteration.told.chinese, alteration.told.english
            ) { replay in
                let presented = replay.nonce
                alteration.change(&replay)
                replay.whole = replaced(text, ";nonce=\"\(presented)\"", ";nonce=\"\(replay.nonce)\"")
            }
        }
        for (told, head) in rewritten(source.message.head) {
            guard let bytes = (try? SignatureBase(parameters, of: head))?.bytes else { continue }
            known.append(
                Alteration(.changedMessage, .whole, told.chinese, told.english) { $0.whole = bytes })
        }
        let ends: [(String, String, [UInt8])] = [
            ("签名基文本末尾多了换行", "The signature base has a line end at its end", text + [0x0a]),
            ("签名基文本用了 CR LF 换行", "The signature base has CR LF for line ends", replaced(text, "\n", "\r\n")),
            (
                "签名基文本缺少 @signature-params 行", "The signature base lacks its line @signature-params",
                withoutLastLine(text)
            ),
        ]
        known += ends.map { chinese, english, bytes in
            Alteration(.otherText, .whole, chinese, english) { $0.whole = bytes }
        }
        return ReplayPlan(base, known)
    }

    /// The request as a proxy may have got it before it passed it on.
    private static func rewritten(_ head: HTTPRequest) -> [(BilingualText, HTTPRequest)] {
        var requests: [(BilingualText, HTTPRequest)] = []
        func add(_ chinese: String, _ english: String, _ change: (inout HTTPRequest) -> Void) {
            var other = head
            change(&other)
            requests.append((BilingualText(chinese, english), other))
        }
        let scheme = head.scheme == "http" ? "https" : "http"
        add("签名时的协议是 \(scheme)", "The scheme signed was \(scheme)") { $0.scheme = scheme }
        if let authority = head.authority {
            let host = String(authority.prefix { $0 != ":" })
            for port in ["", ":80", ":443", ":8080", ":8443"] where host + port != authority {
                add("签名时的主机是 \(host)\(port)", "The authority signed was \(host)\(port)") {
                    $0.authority = host + port
                }
            }
        }
        if let path = head.path {
            let decoded = String(decoding: PercentCoding.decode(path.utf8), as: UTF8.self)
            add("签名用的是解码后的路径", "The path was signed decoded") { $0.path = decoded }
            add("签名时没有查询串", "The path was signed without its query") {
                $0.path = String(path.prefix { $0 != "?" })
            }
            add("签名时路径末尾没有斜杠", "The path was signed without the slash at its end") {
                if path.hasSuffix("/") { $0.path = String(path.dropLast()) }
            }
        }
        return requests
    }

    private static func replaced(_ text: [UInt8], _ part: String, _ other: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text[...]
        while let byte = rest.first {
            if rest.starts(with: part.utf8) {
                result += other.utf8
                rest = rest.dropFirst(part.utf8.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func withoutLastLine(_ text: [UInt8]) -> [UInt8] {
        guard let end = text.lastIndex(of: 0x0a) else { return text }
        return Array(text[..<end])
    }
}
