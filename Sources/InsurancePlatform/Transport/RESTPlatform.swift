import Foundation
import HTTPTypes
import RequestSigning

/// The platform over HTTP: fsi envelopes as JSON, each transaction at its own path.
public final class RESTPlatform: Platform {
    public let site: FsiSite
    private let options: TransportOptions
    private let http: PlatformHTTP

    /// - Throws: `malformed_field` for an address that isn't https, or a timeout that isn't shorter than the
    ///   signature's window.
    public init(site: FsiSite, options: TransportOptions) throws(FsiError) {
        self.site = site
        self.options = options
        http = try PlatformHTTP(options, baseURL: site.baseURL)
    }

    /// Ends all connections; no call may follow.
    public func shutDown() async throws { try await http.shutDown() }

    public func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let message: HTTPMessage
        let url: String
        if let route = site.bareRoutes[call.infno] {
            (url, message) = try bare(call, route)
        } else {
            url = site.url(infno: call.infno)
            let body = try FsiEnvelope.encode(call, site: site, now: options.clock())
            message = HTTPMessage(.json(.post, target(of: url)), body: body)
        }
        let reply = try await http.send(message, url: url, signature: options.signature)
        if call.infno == FileDownload.infno, reply.isFile {
            let file = FileDownload.Answer(
                filename: call.input["fsDownloadIn"]?["filename"]?.string ?? "", content: reply.body)
            return PlatformAnswer(infcode: 0, refMessageID: "", output: file.output)
        }
        let body = try options.signature?.open(reply.body, now: options.clock()) ?? reply.body
        do {
            return try PlatformAnswer(fsi: body)
        } catch {
            throw .unknown(.unreadableAnswer, detail: error.sentence)
        }
    }

    /// A call without its envelope: the input's `data` as the query of GET, or as the body.
    private func bare(
        _ call: PlatformCall, _ route: FsiSite.BareRoute
    ) throws(PlatformFailure) -> (url: String, message: HTTPMessage) {
        guard let data = call.input["data"], let members = data.members else {
            throw .notSent(.badRequest, detail: "input.data: an object is due")
        }
        var url = site.baseURL + route.path
        var body: [UInt8] = []
        if route.method == .get {
            var query: [String] = []
            for (name, value) in members.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
                guard let text = value.string else {
                    throw .notSent(.badRequest, detail: "input.data.\(name): a query holds texts and numbers")
                }
                query.append("\(Self.escaped(name))=\(Self.escaped(text))")
            }
            if !query.isEmpty { url += "?" + query.joined(separator: "&") }
        } else {
            body = data.text()
        }
        var head = HTTPRequest.json(route.method, target(of: url))
        if let name = HTTPField.Name("X-Request-Id") { head.headerFields[name] = call.msgid }
        return (url, HTTPMessage(head, body: body))
    }

    private func target(of url: String) -> String {
        let behindScheme = url.dropFirst("https://".count)
        guard let start = behindScheme.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
        let target = behindScheme[start...]
        return target.hasPrefix("/") ? String(target) : "/" + target
    }

    /// Everything but the unreserved characters of RFC 3986 §2.3 as percent and two digits.
    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            if MessageID.isPlain(byte) || "-._~".utf8.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}

extension PlatformHTTP.Reply {
    /// A file as it is, which 9102 answers with at some sites: it says so, or it starts as a ZIP archive.
    fileprivate var isFile: Bool {
        contentType.hasPrefix("application/octet-stream") || contentType.hasPrefix("application/zip")
            || body.starts(with: [0x50, 0x4B, 0x03, 0x04])
    }
}

extension HTTPRequest {
    fileprivate static func json(_ method: Method, _ target: String) -> HTTPRequest {
        var request = HTTPRequest(method: method, scheme: "https", authority: nil, path: target)
        if method != .get { request.headerFields[.contentType] = "application/json; charset=utf-8" }
        request.headerFields[.accept] = "application/json"
        return request
    }
}
