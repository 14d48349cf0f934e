/// The bytes that a presented signature's text may stand for.
struct SignatureForm: Sendable {
    let bytes: [UInt8]
    /// What is wrong with the text; nil for the form that is due.
    let told: BilingualText?
    var name: String

    /// All readings of the text, the due one first if it is one.
    static func all(of text: String, due: BinaryText) -> [SignatureForm] {
        var forms: [SignatureForm] = []
        for (spelling, bytes) in BinaryText.spellings(of: text) {
            let isDue = spelling == due && (due == .hex || SignatureText.base64(bytes) == text)
            forms.append(
                SignatureForm(bytes: bytes, told: isDue ? nil : told(spelling, due: due), name: "\(spelling)")
            )
            // Hex digits that were taken for the signature's bytes and encoded once more.
            if spelling != .hex, let inner = BinaryText.hex.decode(String(decoding: bytes, as: UTF8.self)) {
                forms.append(
                    SignatureForm(
                        bytes: inner,
                        told: BilingualText(
                            "签名先转成了十六进制文本，再做 Base64",
                            "The signature was turned into hex text and that into Base64"),
                        name: "\(spelling)-hex"))
            }
        }
        let ordered = forms.filter { $0.told == nil } + forms.filter { $0.told != nil }
        // Most Base64 is base64url as well, and would be tried twice.
        return ordered.reduce(into: []) { known, form in
            if !known.contains(where: { $0.bytes == form.bytes }) { known.append(form) }
        }
    }

    private static func told(_ spelling: BinaryText, due: BinaryText) -> BilingualText {
        let wanted = due == .hex ? ("十六进制", "hex") : ("标准 Base64（含填充）", "standard Base64 with padding")
        let given =
            switch spelling {
            case .hex: ("十六进制", "hex")
            case .base64URL: ("base64url", "base64url")
            case .base64: due == .base64 ? ("不规范的 Base64", "Base64 of another form") : ("Base64", "Base64")
            }
        return BilingualText(
            "签名用了\(given.0)，应为\(wanted.0)", "The signature is in \(given.1) where \(wanted.1) is due")
    }
}
