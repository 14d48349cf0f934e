/// The name a request gives the key it is signed with.
enum KeyIdentifier {
    /// 1–128 characters from `!` to `~`; no comma, which would join two header lines.
    static func isWellFormed(_ id: String) -> Bool {
        let symbols = id.utf8
        return (1...128).contains(symbols.count)
            && symbols.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: ",") }
    }

    /// - Throws: `key_id_missing` for nil and the empty text, `key_id_malformed`.
    static func check(_ id: String?, in place: String) throws(SigningRefusal) -> String {
        guard let id, !id.isEmpty else {
            throw SigningRefusal(.keyIDMissing, "\(place) names the key, and the request has none.")
        }
        guard isWellFormed(id) else {
            throw SigningRefusal(
                .keyIDMalformed, "\(place) is 1 to 128 printable ASCII characters without spaces and commas.")
        }
        return id
    }
}
