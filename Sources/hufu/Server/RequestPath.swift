import Foundation

/// Builds the target of a request from what a person typed.
enum RequestPath {
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// - Parameters:
    ///   - segments: each is one segment, whatever it contains.
    ///   - query: absent values are left out.
    static func make(_ segments: String..., query: [(String, String?)] = []) -> String {
        let path = "/v1/" + segments.map(encode).joined(separator: "/")
        let pairs = query.compactMap { name, value in value.map { "\(encode(name))=\(encode($0))" } }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    static func encode(_ text: String) -> String {
        // "." and ".." would be taken for a step up on the way.
        if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
