extension Alteration {
    /// (15) Text encoded another way.
    static let text: [Alteration] = [
        escaped(.raw, "非 ASCII 字符没有转义成 \\uXXXX", "Characters beyond ASCII were signed raw, not as \\uXXXX"),
        escaped(.python, "非 ASCII 字符被转义成 \\uXXXX", "Characters beyond ASCII were signed as \\uXXXX escapes"),
        escaped(
            TextEscapes(beyondASCII: .upperHex, isUpperHex: true), "\\uXXXX 用了大写十六进制",
            "The \\uXXXX escapes have capital hex digits"),
        escaped(
            TextEscapes(beyondASCII: .lowerHex, slash: true), "PHP json_encode 的转义（\\/ 与 \\uXXXX）",
            "The text was escaped as PHP's json_encode does (\\/ and \\uXXXX)"),
        escaped(
            TextEscapes(slash: true), "斜杠被转义成 \\/", "Slashes were escaped as \\/"),
        escaped(
            TextEscapes(always: "<>&", lineSeparators: true), "Go json.Marshal 的 HTML 转义（\\u003c）",
            "The text was escaped as Go's json.Marshal does for HTML (\\u003c)"),
        escaped(
            TextEscapes(always: "<>&='", lineSeparators: true), "Gson 的 HTML 转义（\\u003d）",
            "The text was escaped as Gson does for HTML (\\u003d)"),
        escaped(
            TextEscapes(
                beyondASCII: .upperHex, isUpperHex: true,
                always: "<>&'\"+`"),
            "System.Text.Json 的默认转义（\\u4E2D、\\u0022、\\u002B）",
            "The text was escaped as System.Text.Json does by default (\\u4E2D, \\u0022, \\u002B)"),
        escaped(
            TextEscapes(isUpperHex: true), "控制字符的 \\uXXXX 用了大写十六进制",
            "Escapes of control characters have capital hex digits"),
        escaped(
            TextEscapes(longControls: true), "\\b 和 \\f 写成了 \\u0008 和 \\u000c",
            "\\b and \\f were written as \\u0008 and \\u000c"),
        normalized("签名用 NFC，发送的不是 NFC", "Text was signed in NFC and sent otherwise") {
            $0.mappingStrings(NormalForm.composed)
        },
        normalized("签名用 NFD，发送的不是 NFD", "Text was signed in NFD and sent otherwise") {
            $0.mappingStrings(NormalForm.decomposed)
        },
        normalized("UTF-8 字节被当成 Latin-1 读取后签名", "UTF-8 was read as Latin-1 before it was signed") {
            $0.mappingStrings { String(String.UnicodeScalarView($0.utf8.map { Unicode.Scalar($0) })) }
        },
        normalized("签名用的是百分号编码后的值", "Values were signed percent-encoded") {
            $0.mappingTexts { String(decoding: PercentCoding.encode($0.utf8), as: UTF8.self) }
        },
        normalized("值里的 + 在传输中变成了空格", "A + in a value became a space on the way (send it as %2B)") {
            $0.mappingTexts { String($0.map { $0 == " " ? "+" : $0 }) }
        },
        encoded("签名文本按 Latin-1 编码", "The signed text was encoded as Latin-1", narrowed(below: 0x100)),
        encoded(
            "签名文本按 US-ASCII 编码，其余字符成了问号", "The signed text was encoded as ASCII, with ? for the rest",
            narrowed(below: 0x80)),
        encoded("签名文本开头带有 BOM", "The signed text starts with a BOM") { [0xef, 0xbb, 0xbf] + $0 },
    ]

    /// (15) The text in GBK; who asks for the explanation brings the table.
    static func gbk(_ encode: @escaping @Sendable (String) -> [UInt8]?) -> [Alteration] {
        [
            encoded("签名文本按 GBK 编码", "The signed text was encoded as GBK") { bytes in
                encode(String(decoding: bytes, as: UTF8.self)) ?? bytes
            }
        ]
    }

    private static func escaped(_ escapes: TextEscapes, _ chinese: String, _ english: String) -> Alteration {
        Alteration(.textEncoding, .escapes, chinese, english) { $0.content?.form.escapes = escapes }
    }

    private static func normalized(
        _ chinese: String, _ english: String, _ change: @escaping @Sendable (FormValue) -> FormValue
    ) -> Alteration {
        Alteration(.textEncoding, .text, chinese, english) { $0.content?.text = change }
    }

    private static func encoded(
        _ chinese: String, _ english: String, _ change: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> Alteration {
        Alteration(.textEncoding, .bytes, chinese, english) { $0.content?.bytes = change }
    }

    /// UTF-8 into one byte a character, as Java's `getBytes` does, with `?` for what doesn't fit.
    private static func narrowed(below limit: UInt32) -> @Sendable ([UInt8]) -> [UInt8] {
        { bytes in
            String(decoding: bytes, as: UTF8.self).unicodeScalars.map {
                $0.value < limit ? UInt8(truncatingIfNeeded: $0.value) : UInt8(ascii: "?")
            }
        }
    }
}
