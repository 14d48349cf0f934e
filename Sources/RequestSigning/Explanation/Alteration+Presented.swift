extension Alteration {
    /// (12) The nonce as it may have been before a box on the way changed it.
    static let nonce: [Alteration] = [
        undone("nonce 里的 + 在途中变成了空格", "A + in the nonce became a space on the way") {
            String($0.map { $0 == " " ? "+" : $0 })
        },
        undone("nonce 末尾的 + 在途中变成空格后被去掉", "A + at the nonce's end became a space and was cut off") {
            $0 + "+"
        },
        undone("nonce 末尾的两个 + 在途中变成空格后被去掉", "Two + at the nonce's end became spaces and were cut off") {
            $0 + "++"
        },
        undone("nonce 开头的 + 在途中变成空格后被去掉", "A + at the nonce's start became a space and was cut off") {
            "+" + $0
        },
        undone(
            "nonce 在途中被 URL 解码（%XX 变成了字符）", "The nonce was URL-decoded on the way (%XX became a character)"
        ) {
            String(decoding: PercentCoding.encode($0.utf8), as: UTF8.self)
        },
        undone(
            "nonce 在途中被 URL 编码（字符变成了 %XX）", "The nonce was URL-encoded on the way (a character became %XX)"
        ) {
            String(decoding: PercentCoding.decode($0.utf8), as: UTF8.self)
        },
        undone("nonce 在途中被表单编码（空格变成了 +）", "The nonce was form-encoded on the way (a space became +)") {
            String(decoding: PercentCoding.decode($0.utf8, plusIsSpace: true), as: UTF8.self)
        },
        undone("nonce 在途中被 URL 编码了两次", "The nonce was URL-encoded twice on the way") {
            String(decoding: PercentCoding.decode(PercentCoding.decode($0.utf8)), as: UTF8.self)
        },
        undone("签名用的是 URL 编码后的 nonce（小写十六进制）", "The nonce was signed URL-encoded, with small hex digits") {
            lowered(PercentCoding.encode($0.utf8))
        },
    ]

    /// (2) The time in another unit than it was sent in.
    static let time: [Alteration] = [
        Alteration(
            .milliseconds, .time, "签名文本里是毫秒，请求头里是秒", "Milliseconds were signed, and seconds sent"
        ) { if $0.time.utf8.count <= 10 { $0.time += "000" } },
        Alteration(
            .milliseconds, .time, "签名文本里是秒，请求头里是毫秒", "Seconds were signed, and milliseconds sent"
        ) { if $0.time.utf8.count > 10 { $0.time = String($0.time.dropLast(3)) } },
    ]

    private static func undone(
        _ chinese: String, _ english: String, _ change: @escaping @Sendable (String) -> String
    ) -> Alteration {
        Alteration(.decodedNonce, .nonce, chinese, english) { $0.nonce = change($0.nonce) }
    }

    private static func lowered(_ bytes: [UInt8]) -> String {
        var text = ""
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            text.unicodeScalars.append(Unicode.Scalar(byte))
            guard byte == UInt8(ascii: "%") else { continue }
            text += String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
            rest = rest.dropFirst(2)
        }
        return text
    }
}
