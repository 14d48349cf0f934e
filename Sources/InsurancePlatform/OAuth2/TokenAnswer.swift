import RequestSigning

/// The token endpoint's answer (RFC 6749 §5.1).
struct TokenAnswer: Sendable {
    var access: Redacted
    var refresh: Redacted?
    /// In milliseconds; nil where the server doesn't say.
    var lifetime: Int64?
    /// Nil where the server grants what was asked for.
    var scopes: [String]?
    var idToken: Redacted?

    /// No token lives longer here, whatever the server says: in milliseconds.
    private static let longestLifetime: Int64 = 24 * 3_600_000
    /// A header that carries more is refused by most servers.
    private static let longestToken = 8192

    init(_ answer: OAuth2HTTP.Answer) throws(TokenFailure) {
        guard answer.status == 200 else { throw Self.refusal(answer) }
        guard let document = try? JSONDocument(parsing: answer.body) else { throw Self.unreadable }
        guard let access = document["access_token"]?.string, Self.isToken(access) else {
            throw Self.unreadable
        }
        if let type = document["token_type"]?.string, type.lowercased() != "bearer" {
            throw TokenFailure(.unreadableAnswer, "the token's type is not Bearer")
        }
        self.access = Redacted(access)
        refresh = document["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : Redacted($0) }
        idToken = document["id_token"]?.string.map { Redacted($0) }
        // Some servers write numbers as strings, some with a fraction.
        if let value = document["expires_in"], let text = value.numberText ?? value.string {
            guard let seconds = Int64(text.prefix { $0 != "." }), seconds > 0 else { throw Self.unreadable }
            lifetime = min(seconds, Self.longestLifetime / 1000) * 1000
        }
        scopes = document["scope"]?.string.map { $0.split(separator: " ").map(String.init) }
    }

    private static let unreadable = TokenFailure(
        .unreadableAnswer, "the token endpoint's answer is not one of RFC 6749")

    /// What fits into a header (RFC 6750 §2.1).
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longestToken
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func refusal(_ answer: OAuth2HTTP.Answer) -> TokenFailure {
        guard (400..<500).contains(answer.status) else {
            return TokenFailure(
                answer.status >= 500 ? .serverError : .unreadableAnswer,
                "the token endpoint answered \(answer.status)")
        }
        let code = (try? JSONDocument(parsing: answer.body))?["error"]?.string ?? ""
        return TokenFailure(.refused, Self.isErrorCode(code) ? code : "status \(answer.status)")
    }

    /// The one word of the server that is passed on; its sentences may hold anything.
    static func isErrorCode(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
    }
}
