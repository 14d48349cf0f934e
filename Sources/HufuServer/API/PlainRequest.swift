import HTTPTypes
import NIOCore

/// A request as most clients send it, read from the connection's bytes: HTTP/1.1 in its strictest form, its
/// body of a stated length. Everything else is left to the complete parser, untouched.
///
/// Strict means: `METHOD /path HTTP/1.1`, lines end in CRLF, names are tokens, values hold no control
/// characters, `Host` and `Content-Length` stand at most once, and nothing asks for more of HTTP than a body
/// and an answer (RFC 9112 sections 2 to 6). Two parsers can only disagree about what this one never takes.
struct PlainRequest {
    enum Reading {
        case request(PlainRequest, byteCount: Int)
        /// More bytes may make it one.
        case incomplete
        case notPlain
    }

    let head: HTTPRequest
    let body: ByteBuffer

    private static let largestHead = 16 * 1024
    private static let mostFields = 100

    /// Reads the request at the start of the bytes, with a body of at most `largestBody` bytes.
    ///
    /// - Parameter isSecure: whether the bytes came by TLS.
    static func read(_ bytes: ByteBuffer, largestBody: Int, isSecure: Bool) -> Reading {
        let scanned = bytes.withUnsafeReadableBytes { bytes in
            var scanner = Scanner(bytes: bytes, scheme: isSecure ? "https" : "http")
            return scanner.head()
        }
        let found: Found
        switch scanned {
        case .notPlain: return .notPlain
        case .incomplete: return bytes.readableBytes > largestHead ? .notPlain : .incomplete
        case .found(let whole): found = whole
        }
        guard found.headCount <= largestHead, found.contentLength <= largestBody else { return .notPlain }
        let count = found.headCount + found.contentLength
        guard bytes.readableBytes >= count,
            let body = bytes.getSlice(
                at: bytes.readerIndex + found.headCount, length: found.contentLength)
        else { return .incomplete }
        return .request(PlainRequest(head: found.head, body: body), byteCount: count)
    }

    private enum Scan {
        case found(Found)
        case incomplete
        case notPlain
    }

    private struct Found {
        let head: HTTPRequest
        let headCount: Int
        let contentLength: Int
    }

    /// Goes through a head from its start.
    private struct Scanner {
        let bytes: UnsafeRawBufferPointer
        let scheme: String
        var position = 0

        /// The next line without its end; nil when it is not whole yet. The byte behind CR is still to check.
        private mutating func line() -> Range<Int>? {
            var end = position
            while end < bytes.count {
                guard bytes[end] == UInt8(ascii: "\r") else {
                    end += 1
                    continue
                }
                guard end + 1 < bytes.count else { return nil }
                defer { position = end + 2 }
                return position..<end
            }
            return nil
        }

        mutating func head() -> Scan {
            guard let line = line() else { return .incomplete }
            guard bytes[line.upperBound + 1] == UInt8(ascii: "\n"), let (method, path) = request(line) else {
                return .notPlain
            }
            var fields = HTTPFields()
            fields.reserveCapacity(12)
            var authority: String?
            var length: Int?
            while true {
                guard let line = self.line() else { return .incomplete }
                guard bytes[line.upperBound + 1] == UInt8(ascii: "\n") else { return .notPlain }
                if line.isEmpty { break }
                guard fields.count < PlainRequest.mostFields, let field = field(line) else {
                    return .notPlain
                }
                if field.name.canonicalName == "host" {
                    guard authority == nil else { return .notPlain }
                    authority = field.value
                    continue
                }
                switch field.name {
                case .contentLength:
                    guard length == nil, let number = Self.number(field.value) else { return .notPlain }
                    length = number
                    fields.append(field)
                case .connection:
                    guard field.value.lowercased() == "keep-alive" else { return .notPlain }
                case .transferEncoding, .expect, .upgrade, .te, .trailer: return .notPlain
                default: fields.append(field)
                }
            }
            // A body whose end nobody told, or a missing host, is the complete parser's to judge.
            guard let authority, length != nil || method == .get else { return .notPlain }
            return .found(
                Found(
                    head: HTTPRequest(
                        method: method, scheme: scheme, authority: authority, path: path,
                        headerFields: fields),
                    headCount: position, contentLength: length ?? 0))
        }

        private func request(_ line: Range<Int>) -> (HTTPRequest.Method, String)? {
            let version: StaticString = " HTTP/1.1"
            let end = line.upperBound - version.utf8CodeUnitCount
            guard end > line.lowerBound,
                (0..<version.utf8CodeUnitCount).allSatisfy({ bytes[end + $0] == version.utf8Start[$0] }),
                let space = (line.lowerBound..<end).first(where: { bytes[$0] == UInt8(ascii: " ") }),
                space + 1 < end, bytes[space + 1] == UInt8(ascii: "/"),
                (space + 1..<end).allSatisfy({ (0x21...0x7E).contains(bytes[$0]) && bytes[$0] != 0x23 })
            else { return nil }
            let method: HTTPRequest.Method
            switch text(line.lowerBound..<space) {
            case "GET": method = .get
            case "POST": method = .post
            case "PUT": method = .put
            case "DELETE": method = .delete
            default: return nil
            }
            return (method, text(space + 1..<end))
        }

        private func field(_ line: Range<Int>) -> HTTPField? {
            guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }),
                let name = HTTPField.Name(text(line.lowerBound..<colon))
            else { return nil }
            var value = colon + 1..<line.upperBound
            while let first = value.first, bytes[first] == 0x20 || bytes[first] == 0x09 {
                value.removeFirst()
            }
            while let last = value.last, bytes[last] == 0x20 || bytes[last] == 0x09 { value.removeLast() }
            for index in value {
                let byte = bytes[index]
                guard byte >= 0x20 && byte < 0x7F || byte == 0x09 else { return nil }
            }
            return HTTPField(name: name, value: text(value))
        }

        private func text(_ range: Range<Int>) -> String {
            String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }

        /// One to seven digits.
        private static func number(_ text: String) -> Int? {
            guard (1...7).contains(text.utf8.count),
                text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            return Int(text)
        }
    }
}
