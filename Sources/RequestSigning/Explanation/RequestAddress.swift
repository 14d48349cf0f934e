internal import HTTPTypes

/// The parts of an absolute URL that a request carries: where it goes, and its target without the fragment.
struct RequestAddress {
    let scheme: String
    let authority: String
    let target: String

    /// `https://host:8443/path?query`; an address without a scheme gets `assumed`.
    init(_ text: String, assumed: String) throws(UnreadableRequest) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { throw UnreadableRequest(.badTarget) }
        var rest = Substring(text.prefix { $0 != "#" })
        if let colon = rest.firstRange(of: "://") {
            scheme = rest[..<colon.lowerBound].lowercased()
            rest = rest[colon.upperBound...]
        } else {
            scheme = assumed
        }
        guard scheme == "http" || scheme == "https" else { throw UnreadableRequest(.badTarget, scheme) }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        // The name and password before the host aren't part of what is sent as the host.
        let host = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !host.isEmpty else { throw UnreadableRequest(.badTarget) }
        authority = String(host)
        rest = rest[end...]
        target = rest.hasPrefix("/") ? String(rest) : "/" + rest
    }

    private init(_ other: RequestAddress, target: String) {
        scheme = other.scheme
        authority = other.authority
        self.target = target
    }

    /// The address with the segments `.` and `..` taken out of its path (RFC 3986, clause 5.2.4).
    func resolvingDots() -> RequestAddress {
        let path = target.prefix { $0 != "?" }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.contains(where: { $0 == "." || $0 == ".." }) else { return self }
        var kept: [Substring] = []
        for segment in segments {
            if segment == ".." { _ = kept.popLast() } else if segment != "." { kept.append(segment) }
        }
        if segments.last == "." || segments.last == ".." { kept.append("") }
        return RequestAddress(self, target: "/" + kept.joined(separator: "/") + target.dropFirst(path.count))
    }
}
