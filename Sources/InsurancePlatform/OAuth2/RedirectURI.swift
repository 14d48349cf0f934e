import Foundation

/// Where the authorization server sends the person's browser back to: compared as it stands, character by
/// character.
public struct RedirectURI: Sendable, Hashable, CustomStringConvertible {
    public let text: String
    public let scheme: String
    public let host: String
    public let port: Int
    /// As it stands in a request to it.
    public let path: String

    /// Absolute, without a query, a fragment or a user; `https`, or `http` to this machine with a port.
    public init(_ text: String) throws(TokenFailure) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, let host = parts.host,
            !host.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil,
            parts.password == nil,
            scheme == "https" || (scheme == "http" && PlatformURL.isLoopback(host) && parts.port != nil)
        else {
            throw TokenFailure(
                .configuration,
                "the redirect URI must be https, or http://127.0.0.1:PORT/…, without query and fragment")
        }
        self.text = text
        self.scheme = scheme
        self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        port = parts.port ?? 443
        path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
    }

    /// On this machine, where `LoopbackRedirect` can listen.
    public var isLoopback: Bool { scheme == "http" }

    public var description: String { text }

    /// Whether both name one place, as browsers show it: the host in small letters, the scheme's own port
    /// left out, a slash for no path.
    func isSame(as other: RedirectURI) -> Bool {
        scheme == other.scheme && host.lowercased() == other.host.lowercased() && port == other.port
            && path == other.path
    }
}

/// The addresses that secrets may travel to.
enum PlatformURL {
    static func check(_ text: String, _ name: String) throws(TokenFailure) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            parts.fragment == nil, parts.user == nil, parts.password == nil,
            parts.scheme == "https" || (parts.scheme == "http" && isLoopback(host))
        else {
            throw TokenFailure(.configuration, "the \(name) must be https (plain http only to this machine)")
        }
    }

    static func isLoopback(_ host: String) -> Bool {
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if bare == "localhost" || bare == "::1" { return true }
        let octets = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && octets[0] == 127 && octets.allSatisfy { $0 != nil }
    }
}
