internal import Crypto

extension Alteration {
    /// JSON with spaces, as Python's `json.dumps` and others write it unless told otherwise.
    static let separators: [Alteration] = [
        Alteration(
            .otherText, .separators, "签名文本在逗号和冒号后有空格（json.dumps 默认）",
            "The signed text has spaces after commas and colons (json.dumps by default)"
        ) { $0.content?.form.separators = (", ", ": ") },
        Alteration(
            .otherText, .separators, "签名文本在冒号后有空格", "The signed text has a space after every colon"
        ) { $0.content?.form.separators = (",", ": ") },
    ]

    /// Another text in place of the canonical parameters.
    static func wholes(body: [UInt8], query: String) -> [Alteration] {
        var texts: [(BilingualText, [UInt8])] = []
        if !body.isEmpty {
            texts.append((BilingualText("直接签了原始正文", "The raw body was signed"), body))
            let trimmed = WhiteSpace.ascii.trimmed(String(decoding: body, as: UTF8.self))
            texts.append(
                (
                    BilingualText("直接签了去掉首尾空白的正文", "The raw body without its outer white space was signed"),
                    Array(trimmed.utf8)
                ))
        }
        if !query.isEmpty {
            let pairs = query.split(separator: "&").sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let decoded = PercentCoding.decode(query.utf8, plusIsSpace: true)
            texts.append((BilingualText("直接签了查询串", "The raw query was signed"), Array(query.utf8)))
            texts.append(
                (
                    BilingualText("签了排序后的查询串", "The sorted query was signed"),
                    Array(pairs.joined(separator: "&").utf8)
                ))
            texts.append((BilingualText("签了解码后的查询串", "The decoded query was signed"), decoded))
        }
        texts.append((BilingualText("签名里没有业务参数", "The parameters weren't signed at all"), []))
        texts.append((BilingualText("签了空对象 {}", "An empty object was signed"), Array("{}".utf8)))
        let fixed = texts.map { told, text in
            Alteration(.otherText, .whole, told.chinese, told.english) { $0.whole = text }
        }
        return fixed + rewritten
    }

    /// The parameters written as something else than JSON.
    private static let rewritten: [Alteration] = [
        Alteration(
            .otherText, .whole, "签了 k=v&k=v 形式的参数", "The parameters were signed as k=v&k=v"
        ) { replay in
            guard let content = replay.content, case .object(let members) = content.value else { return }
            let pairs = members.map { member in
                let name = content.names(member.name)
                guard case .string(let text) = member.value else {
                    return name + "=" + String(decoding: content.form.write(member.value), as: UTF8.self)
                }
                return name + "=" + text
            }
            let sorted = pairs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            replay.whole = Array(sorted.joined(separator: "&").utf8)
        },
        Alteration(
            .otherText, .whole, "签的是业务参数的 SHA-256 十六进制", "The SHA-256 of the parameters in hex was signed"
        ) { replay in
            replay.whole = Array(HexText.encode(Array(SHA256.hash(data: replay.parameters))).utf8)
        },
    ]

    /// Time, nonce and parameters put together another way.
    static func frames(method: String, target: String) -> [Alteration] {
        [
            framed("时间、nonce 与参数之间的分隔符是换行", "Time, nonce and parameters were joined by line ends", "\n"),
            framed("时间、nonce 与参数之间没有分隔符", "Time, nonce and parameters were joined without a separator", ""),
            framed("时间、nonce 与参数之间的分隔符是 &", "Time, nonce and parameters were joined by &", "&"),
            framed("时间、nonce 与参数之间的分隔符是 .", "Time, nonce and parameters were joined by .", "."),
            framed("时间、nonce 与参数之间的分隔符是 :", "Time, nonce and parameters were joined by :", ":"),
            framed("顺序是 nonce、时间、参数", "The order signed was nonce, time, parameters") {
                [Array($0.nonce.utf8), Array($0.time.utf8), $0.parameters]
            },
            framed("顺序是参数、时间、nonce", "The order signed was parameters, time, nonce") {
                [$0.parameters, Array($0.time.utf8), Array($0.nonce.utf8)]
            },
            framed("顺序是参数、nonce、时间", "The order signed was parameters, nonce, time") {
                [$0.parameters, Array($0.nonce.utf8), Array($0.time.utf8)]
            },
            framed("只签了参数，没有时间和 nonce", "The parameters alone were signed, without time and nonce") {
                [$0.parameters]
            },
            framed("只签了时间和参数，没有 nonce", "Time and parameters were signed, without the nonce") {
                [Array($0.time.utf8), $0.parameters]
            },
            framed("多签了请求方法和路径", "Method and path were signed too") {
                [
                    Array(method.utf8), Array(target.utf8), Array($0.time.utf8), Array($0.nonce.utf8),
                    $0.parameters,
                ]
            },
            framed("签名文本末尾多了换行", "The signed text has a line end at its end") {
                [Array($0.time.utf8), Array($0.nonce.utf8), $0.parameters + [0x0a]]
            },
        ]
    }

    private static func framed(
        _ chinese: String, _ english: String, _ separator: String = "|",
        _ parts: @escaping @Sendable (Replay) -> [[UInt8]] = {
            [Array($0.time.utf8), Array($0.nonce.utf8), $0.parameters]
        }
    ) -> Alteration {
        Alteration(.otherText, .frame, chinese, english) { replay in
            replay.frame = { Array(parts($0).joined(separator: separator.utf8)) }
        }
    }
}
