import HTTPTypes

/// The parts of a request's address, normalized as RFC 9421 §2.2 wants them.
struct RequestTarget {
    private let request: HTTPRequest

    init(_ request: HTTPRequest) {
        self.request = request
    }

    /// The host in lower case, with its port unless that is the scheme's own (RFC 9110 §4.2.3).
    var authority: String? {
        guard let authority = request.authority, !authority.isEmpty else { return nil }
        guard !authority.utf8.contains(UInt8(ascii: "@")) else { return nil }
        let hasCapitals = authority.utf8.contains { 0x41...0x5A ~= $0 }
        let lowered = hasCapitals ? authority.lowercased() : authority
        guard let colon = lowered.utf8.lastIndex(of: UInt8(ascii: ":")) else { return lowered }
        let port = lowered[lowered.utf8.index(after: colon)...]
        switch (scheme, port) {
        case (_, ""), ("http", "80"), ("https", "443"): return String(lowered[..<colon])
        default: return lowered
        }
    }

    var scheme: String? { request.scheme?.lowercased() }

    /// The path before decoding; "/" if it is empty; nil for `*`, CONNECT and a target in absolute form.
    var path: Substring? {
        guard let target = originForm else { return nil }
        let path = target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
        return path.isEmpty ? "/" : path
    }

    /// What follows the first question mark, empty if none does; nil where there is no ``path``.
    var query: Substring? {
        guard let target = originForm else { return nil }
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return target[target.utf8.index(after: mark)...]
    }

    /// The target as HTTP/1.1 writes it in the request line (RFC 9112 §3.2).
    var requestTarget: String? { request.method == .connect ? request.authority : request.path }

    /// Scheme, authority, path and query (RFC 9110 §7.1).
    var uri: String? {
        guard let scheme, let authority else { return nil }
        if request.path == "*" { return "\(scheme)://\(authority)" }
        guard let path, let target = request.path else { return nil }
        let query = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { target[$0...] } ?? ""
        return "\(scheme)://\(authority)\(path)\(query)"
    }

    private var originForm: String? {
        guard request.method != .connect, let target = request.path else { return nil }
        switch target.utf8.first {
        case nil, UInt8(ascii: "/"), UInt8(ascii: "?"): return target
        default: return nil
        }
    }
}
