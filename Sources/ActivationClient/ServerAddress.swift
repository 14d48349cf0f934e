import Foundation

/// Where a server listens: `https://host[:port][/prefix]`, or plain `http` on this machine.
///
/// Codes, passwords and tokens travel in requests, so plain `http` to another machine is refused instead of
/// leaving it to luck who listens on the way.
public struct ServerAddress: Sendable, Hashable, CustomStringConvertible {
    /// Without a trailing slash.
    public let text: String

    public init(_ text: String) throws(ServerAddressError) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty else {
            throw ServerAddressError(text: text, allowed: "https://host[:port]")
        }
        guard parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil else {
            throw ServerAddressError(text: text, allowed: "https://host[:port], without query or user")
        }
        switch parts.scheme?.lowercased() {
        case "https": break
        case "http" where Self.isLoopback(host): break
        case "http": throw ServerAddressError(text: text, allowed: "https (plain http only to this machine)")
        default: throw ServerAddressError(text: text, allowed: "https://host[:port]")
        }
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    public var description: String { text }

    private static func isLoopback(_ host: String) -> Bool {
        let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if bare == "localhost" || bare.hasSuffix(".localhost") || bare == "::1" { return true }
        let octets = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && octets[0] == 127 && octets.allSatisfy { $0 != nil }
    }
}

public struct ServerAddressError: Error, Equatable, CustomStringConvertible {
    public var text: String
    public var allowed: String

    public var description: String { "the address “\(text)” can't be used; allowed: \(allowed)" }
}
