/// A signature as a field or member writes it.
enum SignatureText {
    /// - Throws: `signature_missing`, or `signature_malformed` unless the text is padded Base64 (RFC 4648
    ///   §4).
    static func base64(_ text: String?, in place: String) throws(SigningRefusal) -> [UInt8] {
        let text = try present(text, in: place)
        guard let bytes = ByteSequence.decode(Array(text.utf8)[...]), !bytes.isEmpty else {
            throw SigningRefusal(.signatureMalformed, "\(place) isn't Base64 with padding.")
        }
        return bytes
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        ByteSequence.append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func present(_ text: String?, in place: String) throws(SigningRefusal) -> String {
        guard let text, !text.isEmpty else {
            throw SigningRefusal(.signatureMissing, "\(place) holds the signature, and the request has none.")
        }
        return text
    }
}
