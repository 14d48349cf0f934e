/// The requests of a HAR file (HTTP Archive 1.2), as browsers and proxies save them.
public struct HARFile: Sendable {
    public struct Entry: Sendable {
        public let method: String
        public let url: String
        /// By the recording machine's clock, in unix milliseconds; nil where the file doesn't say.
        public let startedAt: Int64?
        let content: JSONValue
        /// What came back; nil where the file doesn't say.
        let response: JSONValue?
    }

    public let entries: [Entry]

    /// - Parameter limits: files of browsers are long; 64 MiB unless told otherwise.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = JSONLimits(bytes: 64 << 20)
    ) throws(UnreadableRequest) {
        let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        guard let document = try? JSONDocument(parsing: Array(bytes.dropFirst(start)), limits: limits),
            let list = document.value(at: ["log", "entries"]), list.kind == .array
        else { throw UnreadableRequest(.notHAR) }
        entries = list.elements.compactMap { entry in
            guard let request = entry["request"], let method = request["method"]?.string,
                let url = request["url"]?.string
            else { return nil }
            let started = entry["startedDateTime"]?.string
            return Entry(
                method: method, url: url, startedAt: started.flatMap(CalendarTime.milliseconds(rfc3339:)),
                content: request, response: entry["response"])
        }
    }

    /// Reads one entry as a request.
    ///
    /// - Parameter index: among ``entries``; out of their range is `no_such_entry`.
    public func request(at index: Int) throws(UnreadableRequest) -> SavedRequest {
        guard entries.indices.contains(index) else { throw UnreadableRequest(.noSuchEntry, "\(index)") }
        return try entries[index].request()
    }

    /// Reads the only entry that looks like a signed call, or the last one if there are several.
    public func signedRequest() throws(UnreadableRequest) -> SavedRequest {
        for entry in entries.reversed() {
            guard let request = try? entry.request() else { continue }
            if (try? RequestVerifier.profile(of: request.message)) != nil { return request }
        }
        throw UnreadableRequest(.noSuchEntry)
    }
}
