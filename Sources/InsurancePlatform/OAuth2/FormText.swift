import Foundation

/// `application/x-www-form-urlencoded`, as OAuth 2.0 writes its requests and redirects (RFC 6749 appendix B).
enum FormText {
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// Nil where a name comes twice (RFC 6749 §3.1 allows none to) or the text is not UTF-8.
    static func decode(_ text: some StringProtocol) -> [String: String]? {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = plain(parts[0]), let value = parts.count == 2 ? plain(parts[1]) : "",
                values.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return values
    }

    private static func plain(_ text: some StringProtocol) -> String? {
        String(text).replacing("+", with: " ").removingPercentEncoding
    }
}
