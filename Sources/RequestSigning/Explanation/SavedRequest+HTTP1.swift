internal import HTTPTypes

extension SavedRequest {
    /// Reads a request as it stands on the wire of HTTP/1.1 (RFC 9112); bare line feeds will do.
    ///
    /// - Parameters:
    /// - bytes: request line, fields, empty line, body. Of the body as much is taken as `Content-Length` says
    /// (an editor's last line end stays out); a chunked one is put together.   - scheme: `http` or `https`,
    /// which this form doesn't tell.
    public init(http1 bytes: [UInt8], scheme: String = "https") throws(UnreadableRequest) {
        var lines = LineReader(bytes)
        var first = lines.next()
        while let line = first, line.isEmpty { first = lines.next() }
        guard let requestLine = first else { throw UnreadableRequest(.noRequestLine) }
        var head = try HTTPRequest(requestLine: requestLine, scheme: scheme)
        while let line = lines.next(), !line.isEmpty {
            let field = try HTTPField(line: line, number: lines.number)
            if field.name.isHost {
                head.authority = field.value
            } else {
                head.headerFields.append(field)
            }
        }
        let body = try Self.body(Array(lines.rest), fields: head.headerFields)
        self.init(HTTPMessage(head, body: body))
    }

    private static func body(_ rest: [UInt8], fields: HTTPFields) throws(UnreadableRequest) -> [UInt8] {
        if fields[.transferEncoding]?.lowercased().hasSuffix("chunked") == true { return try unchunked(rest) }
        guard let text = fields[.contentLength] else { return rest }
        guard let length = Int(text), length >= 0 else {
            throw UnreadableRequest(.badField, "Content-Length")
        }
        guard rest.count >= length else { throw UnreadableRequest(.bodyTooShort) }
        return Array(rest.prefix(length))
    }

    private static func unchunked(_ bytes: [UInt8]) throws(UnreadableRequest) -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while true {
            var lines = LineReader(rest)
            guard let line = lines.next(),
                let size = Int(
                    String(decoding: line.prefix { $0 != 0x3b && $0 != 0x20 }, as: UTF8.self), radix: 16),
                size >= 0, lines.rest.count >= size
            else { throw UnreadableRequest(.badChunk) }
            guard size > 0 else { return body }
            body += lines.rest.prefix(size)
            var after = LineReader(lines.rest.dropFirst(size))
            guard after.next()?.isEmpty == true else { throw UnreadableRequest(.badChunk) }
            rest = after.rest
        }
    }
}

extension HTTPRequest {
    /// `POST /path HTTP/1.1`, or with the whole address as a proxy gets it.
    fileprivate init(requestLine line: ArraySlice<UInt8>, scheme: String) throws(UnreadableRequest) {
        guard let space = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), space < last,
            line[last...].dropFirst().starts(with: "HTTP/".utf8),
            let method = Method(String(decoding: line[..<space], as: UTF8.self))
        else { throw UnreadableRequest(.noRequestLine) }
        let target = String(decoding: line[space..<last].dropFirst(), as: UTF8.self)
        guard target.contains("://"), !target.hasPrefix("/") else {
            self.init(method: method, scheme: scheme, authority: nil, path: target)
            return
        }
        let address = try RequestAddress(target, assumed: scheme)
        self.init(method: method, scheme: address.scheme, authority: address.authority, path: address.target)
    }
}

extension HTTPField {
    /// `Name: value`; white space around the value isn't part of it.
    fileprivate init(line: ArraySlice<UInt8>, number: Int) throws(UnreadableRequest) {
        guard let colon = line.firstIndex(of: 0x3a),
            let name = Name(String(decoding: line[..<colon], as: UTF8.self))
        else { throw UnreadableRequest(.badField, "line \(number)") }
        self.init(name: name, value: Array(line[colon...].dropFirst()))
    }
}
