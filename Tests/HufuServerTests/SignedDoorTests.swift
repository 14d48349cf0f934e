import ActivationClient
import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

/// A signed call is decided alike, whichever way it takes into the server.
@Suite("Signed calls by either door")
struct SignedDoorTests {
    /// What sends a request to the router, by its last header lines; none is the direct door's.
    static let ways = ["", "TE: trailers\r\n", "Connection: close\r\n", "Transfer-Encoding: chunked\r\n"]

    /// The request's bytes.
    private static func text(_ message: HTTPMessage, _ way: String) -> String {
        var text = "\(message.head.method.rawValue) \(message.head.path ?? "/") HTTP/1.1\r\n"
        text += "Host: \(message.head.authority ?? "")\r\n"
        for field in message.head.headerFields { text += "\(field.name.rawName): \(field.value)\r\n" }
        let body = message.body
        guard way.contains("chunked") else {
            let length = body.isEmpty ? "" : "Content-Length: \(body.count)\r\n"
            return text + way + length + "\r\n" + String(decoding: body, as: UTF8.self)
        }
        text += way + "\r\n"
        for part in [body.prefix(5), body.dropFirst(5)] where !part.isEmpty {
            text += String(part.count, radix: 16) + "\r\n" + String(decoding: part, as: UTF8.self) + "\r\n"
        }
        return text + "0\r\n\r\n"
    }

    /// The answer's JSON.
    private static func send(_ message: HTTPMessage, _ way: String, to server: RunningServer) async throws
        -> JSON
    {
        let answer = try await RawExchange.run(port: server.port, [text(message, way)])
        let body = answer.components(separatedBy: "\r\n\r\n").dropFirst().joined()
        guard let start = body.firstIndex(of: "{"), let end = body.lastIndex(of: "}") else { return .null }
        return try JSON(parsing: Array(body[start...end].utf8))
    }

    private static func device(_ server: RunningServer, _ way: String) async throws -> CallingDevice {
        try await CallingDevice(server, way, code: server.issueCode(policy: CallingDevice.allScopes))
    }

    @Test(
        "GET and POST, with a body and without one, are admitted, and refused when the body was changed",
        arguments: ways, ["v3.2.0", "rfc9421 ed25519"])
    func bodies(way: String, version: String) async throws {
        try await RunningServer.run {
            $0.upstream = .echo
        } scenario: { server in
            let device = try await Self.device(server, version)
            let wrong: Set<String> = ["signature_mismatch", "content_digest_mismatch"]
            for method in [HTTPRequest.Method.get, .post] {
                for body in ["", #"{"amount":"100.00"}"#] {
                    var message = device.message()
                    message.head.method = method
                    message.body = Array(body.utf8)
                    let signed = try device.signed(message, at: server.clock.nanoseconds() / 1_000_000)
                    if !body.isEmpty {
                        var changed = signed
                        changed.body = Array(#"{"amount":"900.00"}"#.utf8)
                        let refused = try await Self.send(changed, way, to: server)
                        #expect(refused["code"]?.string.map(wrong.contains) == true, "\(refused)")
                    }
                    let answer = try await Self.send(signed, way, to: server)
                    #expect(answer["admitted"]?.bool == true, "\(method) \(body) \(answer)")
                    #expect(answer["body"]?["amount"]?.string == (body.isEmpty ? nil : "100.00"))
                }
            }
        }
    }

    @Test("What is no signed call is refused alike", arguments: ways)
    func unsigned(way: String) async throws {
        try await RunningServer.run { server in
            let message = HTTPMessage(
                HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/v3/insured/status"))
            let answer = try await Self.send(message, way, to: server)
            #expect(answer["code"]?.string == "unknown_version")
            var other = message
            other.head.path = "/fsi/api/fsiPsnInfoService/queryPsnInfo"
            let unrouted = try await Self.send(other, way, to: server)
            #expect(unrouted["code"]?.string == "route_not_found")
        }
    }

    /// Signed over the whole address.
    private static func covering(
        _ components: [MessageComponent], _ message: HTTPMessage, _ device: CallingDevice, at seconds: Int64
    ) throws -> HTTPMessage {
        guard case .ed25519(let key) = device.signer.key.material else {
            throw MissingMember(name: "ed25519")
        }
        let parameters = SignatureParameters(
            covering: components, created: seconds, nonce: Nonce.fresh(), keyID: device.signer.key.id)
        let base = try SignatureBase(parameters, of: message.head)
        let signature = MessageSignature(
            label: "sig1", parameters: parameters, bytes: try base.signature(by: key))
        var message = message
        message.head.headerFields[try #require(HTTPField.Name("Signature-Input"))] = signature.inputFieldValue
        message.head.headerFields[try #require(HTTPField.Name("Signature"))] = signature.fieldValue
        return message
    }

    private static let addresses: [[MessageComponent]] = [
        [.method, .targetURI], [.method, .scheme, .authority, .path, .query],
    ]

    @Test("A signature over the address holds where the server ends TLS itself")
    func overTLS() async throws {
        try await TemporaryDirectory.use { directory in
            let data = directory.path + "/data"
            let folder = TLSFolder(path: directory.path)
            try await folder.make("server")
            let roots = folder.file("server.pem")
            var made: CallingDevice?
            try await RunningServer.run(in: data) { made = try await Self.device($0, "rfc9421 ed25519") }
            let device = try #require(made)
            try await RunningServer.run(in: data) {
                $0.upstream = .echo
                $0.tls = .init(certificateFile: roots, keyFile: folder.file("server.key"))
            } scenario: { server in
                let address = "127.0.0.1:\(server.port)"
                let client = try APIConnection(ServerAddress("https://\(address)"), trustedCAFile: roots)
                for components in Self.addresses {
                    for way in [[:], ["TE": "trailers"]] {
                        let message = HTTPMessage(
                            HTTPRequest(
                                method: .get, scheme: "https", authority: address,
                                path: "/v3/insured/status?cardNo=1"))
                        let signed = try Self.covering(
                            components, message, device, at: server.clock.nanoseconds() / 1_000_000_000)
                        var fields = way
                        for field in signed.head.headerFields { fields[field.name.rawName] = field.value }
                        let answer = try await client.send(
                            .get, "/v3/insured/status?cardNo=1", headers: fields)
                        #expect(answer.status == 200)
                    }
                }
            }
        }
    }

    @Test("Behind a proxy the scheme is what a trusted one says, and nobody else", arguments: ways.prefix(3))
    func behindProxy(way: String) async throws {
        for (trusted, said, expected) in [
            ("127.0.0.0/8", "https", nil), ("127.0.0.0/8", "HTTPS", nil),
            ("127.0.0.0/8", "gopher", "signature_mismatch"), ("10.0.0.0/8", "https", "signature_mismatch"),
        ] {
            try await RunningServer.run {
                $0.upstream = .echo
                $0.trustedProxies = [trusted].compactMap { AddressRange($0) }
            } scenario: { server in
                let device = try await Self.device(server, "rfc9421 ed25519")
                for components in Self.addresses {
                    let message = HTTPMessage(
                        HTTPRequest(
                            method: .get, scheme: "https", authority: "hufu.example",
                            path: "/v3/insured/status?cardNo=1"))
                    let signed = try Self.covering(
                        components, message, device, at: server.clock.nanoseconds() / 1_000_000_000)
                    let answer = try await Self.send(
                        signed, "X-Forwarded-Proto: \(said)\r\n" + way, to: server)
                    #expect(answer["code"]?.string == expected, "\(answer)")
                }
            }
        }
    }
}
