import AuditLog
import Crypto
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

/// What an institution is told of its own refused calls: `GET /v1/refused-calls`.
@Suite("Refused calls, explained to their institution")
struct RefusedCallTests {
    /// A device in a running server, and what becomes of its calls.
    private struct Scene: Sendable {
        let server: RunningServer
        let device: CallingDevice

        /// What the server has for now, in unix milliseconds.
        var now: Int64 { server.clock.nanoseconds() / 1_000_000 }

        func signed(_ message: HTTPMessage? = nil, at time: Int64? = nil) throws -> HTTPMessage {
            try device.signed(message ?? device.message(), at: time ?? now)
        }

        /// Sends a call that is refused, and answers the code and the mistakes found, the surest first.
        func told(_ message: HTTPMessage) async throws -> Told {
            let id = "refused-" + UUID().uuidString.lowercased()
            let answer = try await server.send(message, headers: ["X-Request-Id": id])
            let list = try await server.expect(200, "GET", "/v1/refused-calls", token: device.token)
            #expect(list["items"]?.array?.first?["id"]?.string == id, "\(answer.text)")
            let entry = try #require(try await server.entry(ofRequest: id))
            #expect(entry["data"]?["key_id"]?.string == device.signer.key.id)
            #expect(entry["data"]?["binding_id"]?.string == device.bindingID)
            #expect(entry["subject"]?["id"]?.string == device.code.id)
            let told = try await server.expect(200, "GET", "/v1/refused-calls/\(id)", token: device.token)
            #expect(told["verdict"]?.string == "refused" && told["refusal"]?["code"]?.string == answer.code)
            return Told(code: answer.code, findings: told["findings"]?.array ?? [])
        }
    }

    private struct Told {
        let code: String?
        let findings: [JSON]
        var mistake: String? { findings.first?["mistake"]?.string }
        var number: Int? { findings.first?["number"]?.integer }
        var certainty: String? { findings.first?["certainty"]?.string }
        var detail: String { findings.first?["detail"]?["en"]?.string ?? "" }
    }

    private static func run(
        _ way: String, in directory: String? = nil, _ scenario: (Scene) async throws -> Void
    ) async throws {
        try await RunningServer.run(in: directory) {
            $0.upstream = .echo
        } scenario: { server in
            let device = try await CallingDevice(
                server, way, code: server.issueCode(policy: CallingDevice.allScopes))
            try await scenario(Scene(server: server, device: device))
        }
    }

    private static func set(_ name: String, _ value: String?, in message: inout HTTPMessage) throws {
        message.head.headerFields[try #require(HTTPField.Name(name))] = value
    }

    private static func field(_ name: String, of message: HTTPMessage) throws -> String {
        let name = try #require(HTTPField.Name(name))
        return try #require(message.head.headerFields[name])
    }

    @Test("(2, 3) A time in milliseconds, missing, or no number", arguments: ["v3.2.0", "gm", "tif"])
    func times(way: String) async throws {
        try await Self.run(way) { scene in
            let field = way == "tif" ? "x-tif-timestamp" : "X-Timestamp"
            for (time, number, code) in [
                ("\(scene.now)", 2, "timestamp_in_milliseconds"), (nil, 3, "timestamp_missing"),
                ("yesterday", 3, "timestamp_not_a_number"),
            ] {
                var sent = try scene.signed()
                try Self.set(field, time, in: &sent)
                let told = try await scene.told(sent)
                #expect(told.code == code && told.number == number, "\(told)")
            }
        }
    }

    @Test("(1, 5) A slow clock is told from a queue by the time at which the client says it sent")
    func queued() async throws {
        try await Self.run("v3.2.0") { scene in
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            for (sentAt, number) in [(scene.now, 5), (scene.now - 400_000, 1)] {
                var sent = try scene.signed(at: scene.now - 400_000)
                let date = Date(timeIntervalSince1970: Double(sentAt) / 1000)
                try Self.set("Date", format.string(from: date), in: &sent)
                let told = try await scene.told(sent)
                #expect(told.code == "timestamp_too_old" && told.number == number, "\(told)")
                #expect(told.certainty == "proven")
            }
        }
    }

    @Test("(8, 12) A nonce badly drawn, and one that was decoded on its way", arguments: ["v3.2.0", "tif"])
    func nonces(way: String) async throws {
        try await Self.run(way) { scene in
            let name = way == "tif" ? "x-tif-nonce" : "X-Nonce"
            var short = try scene.signed()
            try Self.set(name, "short", in: &short)
            let drawn = try await scene.told(short)
            #expect(drawn.code == "nonce_malformed")
            #expect(drawn.findings.contains { $0["number"]?.integer == 8 }, "\(drawn)")
            let nonce = "abcdefghijkl+nopqrstuvwx"
            let time = scene.now / 1000
            guard case .secret(let secret) = scene.device.signer.key.material else {
                throw MissingMember(name: "secret")
            }
            var message = try scene.signed(scene.device.message("/v3/insured/status"), at: scene.now)
            let key = secret.withUnsafeBytes { Array($0) }
            let signature =
                way == "tif"
                ? Self.hex(SHA256.hash(data: Array("\(time)".utf8) + key + Array("\(nonce)\(time)".utf8)))
                : Data(
                    HMAC<SHA256>.authenticationCode(
                        for: Data("\(time)|\(nonce)|{}".utf8), using: SymmetricKey(data: key))
                ).base64EncodedString()
            try Self.set(way == "tif" ? "x-tif-signature" : "X-Signature", signature, in: &message)
            try Self.set(way == "tif" ? "x-tif-timestamp" : "X-Timestamp", "\(time)", in: &message)
            try Self.set(name, nonce.replacing("+", with: " "), in: &message)
            let decoded = try await scene.told(message)
            #expect(decoded.code == "nonce_malformed" && decoded.number == 12, "\(decoded)")
        }
    }

    @Test(
        "(17) A right signature in another encoding is named as that",
        arguments: [
            ("v3.2.0", "X-Signature"), ("v3.3.0", "X-Signature"), ("gm", "X-Signature"),
            ("csb", "_api_signature"), ("tif", "x-tif-signature"),
        ])
    func encodings(way: String, name: String) async throws {
        try await Self.run(way) { scene in
            for isFirst in [true, false] {
                var sent = try scene.signed()
                let text = try Self.field(name, of: sent)
                let bytes = way == "tif" ? try Self.bytes(hex: text) : try #require(Data(base64Encoded: text))
                let hex = way == "tif" ? bytes.base64EncodedString() : Self.hex(bytes)
                try Self.set(name, isFirst ? hex : Self.base64URL(bytes), in: &sent)
                let told = try await scene.told(sent)
                #expect(told.number == 17 && told.certainty == "proven", "\(told)")
            }
        }
    }

    @Test("(17) A message signature in base64url is named by its form")
    func messageEncoding() async throws {
        try await Self.run("rfc9421 ed25519") { scene in
            var sent = try scene.signed()
            try Self.set("Signature", "sig1=:_-_-" + String(repeating: "A", count: 82) + ":", in: &sent)
            let told = try await scene.told(sent)
            #expect(told.code == "signature_malformed" && told.number == 17, "\(told)")
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    private static func bytes(hex: String) throws -> Data {
        let digits = Array(hex)
        return Data(
            try stride(from: 0, to: digits.count, by: 2).map {
                let pair = String(digits[$0..<$0 + 2])
                return try #require(UInt8(pair, radix: 16))
            })
    }

    private static func base64URL(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    @Test("(17) Signed with another key of the device, or a revoked one; and no known version at all")
    func otherKeys() async throws {
        try await Self.run("v3.2.0") { scene in
            let other = try await scene.device.registering(scene.server, .v320)
            try await scene.server.expect(
                200, "POST", "/v1/signing-keys/\(other.key.id)/revocation", token: scene.device.token,
                body: [:])
            let now = scene.now
            var sent = try other.sign(scene.device.message(), at: now, nonce: Nonce.fresh())
            try Self.set("X-Key-Id", scene.device.signer.key.id, in: &sent)
            let told = try await scene.told(sent)
            #expect(told.code == "signature_mismatch" && told.number == 17 && told.certainty == "proven")
            #expect(told.detail.contains(other.key.id), "\(told)")
            var unversioned = try scene.signed()
            try Self.set("X-Api-Version", "v3.2", in: &unversioned)
            let unknown = try await scene.told(unversioned)
            #expect(unknown.code == "unknown_version" && unknown.number == 17, "\(unknown)")
        }
    }

    @Test("(15) A text in GBK under the signature")
    func gbk() async throws {
        try await Self.run("v3.3.0") { scene in
            guard case .p256(let key) = scene.device.signer.key.material else {
                throw MissingMember(name: "p256")
            }
            var message = scene.device.message("/v3/claims")
            message.head.method = .post
            message.body = Array(#"{"name":"张三"}"#.utf8)
            var sent = try scene.signed(message)
            let frame = try "\(Self.field("X-Timestamp", of: sent))|\(Self.field("X-Nonce", of: sent))|"
            let text = Array("\(frame){\"name\":\"".utf8) + [0xD5, 0xC5, 0xC8, 0xFD] + Array("\"}".utf8)
            let signature = try key.signature(for: text).derRepresentation.base64EncodedString()
            try Self.set("X-Signature", signature, in: &sent)
            let told = try await scene.told(sent)
            #expect(told.code == "signature_mismatch" && told.number == 15, "\(told)")
        }
    }

    @Test("(6, 9) A nonce replayed is told from one that was used before the restart")
    func replays() async throws {
        try await TemporaryDirectory.use { directory in
            let data = directory.path + "/data"
            var saved: (HTTPMessage, CallingDevice)?
            try await Self.run("v3.2.0", in: data) { scene in
                let sent = try scene.signed()
                #expect(try await scene.server.send(sent).status == 200)
                let told = try await scene.told(sent)
                #expect(told.code == "nonce_replayed" && told.number == 6, "\(told)")
                saved = (sent, scene.device)
            }
            let (sent, device) = try #require(saved)
            try await RunningServer.run(in: data) {
                $0.upstream = .echo
            } scenario: { server in
                let scene = Scene(server: server, device: device)
                let told = try await scene.told(sent)
                #expect(told.code == "nonce_replayed" && told.number == 9, "\(told)")
                let fresh = try scene.signed()
                #expect(try await server.send(fresh).status == 200)
                #expect(try await scene.told(fresh).number == 6)
            }
        }
    }

    @Test("One institution's many refused calls leave another's in the list, and of its own the newest")
    func bound() async throws {
        try await Self.run("v3.2.0") { scene in
            let noisy = try await CallingDevice(
                scene.server, "v3.2.0", code: scene.server.issueCode(policy: CallingDevice.allScopes))
            var broken = try scene.signed()
            try Self.set("X-Nonce", "short", in: &broken)
            _ = try await scene.told(broken)
            var other = try noisy.signed(noisy.message(), at: scene.now)
            try Self.set("X-Nonce", "short", in: &other)
            for number in 0..<300 {
                _ = try await scene.server.send(other, headers: ["X-Request-Id": "noise-number-\(number)"])
            }
            let theirs = try await scene.server.expect(200, "GET", "/v1/refused-calls", token: noisy.token)
            let ids = theirs["items"]?.array?.compactMap { $0["id"]?.string }
            #expect(ids == (268..<300).reversed().map { "noise-number-\($0)" })
            let own = try await scene.server.expect(
                200, "GET", "/v1/refused-calls", token: scene.device.token)
            #expect(own["items"]?.array?.count == 1)
        }
    }
}
