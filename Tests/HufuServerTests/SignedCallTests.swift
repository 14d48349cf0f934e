import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

@Suite("Signed calls through the gateway")
struct SignedCallTests {
    private static func run(
        in directory: String? = nil, clock: TestClock = TestClock(),
        _ scenario: (RunningServer) async throws -> Void
    ) async throws {
        try await RunningServer.run(in: directory, clock: clock) {
            $0.upstream = .echo
        } scenario: {
            try await scenario($0)
        }
    }

    @Test("A bound device calls by every version, and each call has its entry", arguments: CallingDevice.ways)
    func everyVersion(way: String) async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, way, code: server.issueCode(policy: CallingDevice.allScopes))
            for _ in 0..<2 {
                let answer = try await server.call(device, headers: ["X-Request-Id": "signed-call-\(UUID())"])
                try #require(answer.status == 200, "\(answer.text)")
                #expect(answer["profile"]?.string == device.signer.profile.id)
                #expect(answer["binding_id"]?.string == device.bindingID)
                #expect(answer["scope"]?.string == "patient.read")
                let index = try #require(answer["log_index"]?.integer)
                let entry = try JSON(parsing: try await server.leaf(index))
                #expect(entry["event"]?.string == "call.admitted" && entry["outcome"]?.string == "success")
                #expect(entry["actor"]?["id"]?.string == device.bindingID)
                #expect(entry["subject"]?["id"]?.string == device.code.id)
                #expect(entry["data"]?["key_id"]?.string == device.signer.key.id)
                #expect(entry["commitments"]?["origin.address"] != nil)
            }
        }
    }

    @Test("A body travels on in snake_case or decrypted, and its serial number stands in the entry")
    func bodies() async throws {
        try await Self.run { server in
            let code = try await server.issueCode(policy: CallingDevice.allScopes)
            let hmac = try await CallingDevice(server, "v3.2.0", code: code)
            var message = hmac.message("/v3/claims")
            message.head.method = .post
            message.body = Array(#"{"psnName":" 张三 ","msgid":"H4403-0001","setlAmt":100.00}"#.utf8)
            let answer = try await server.call(hmac, message)
            #expect(answer["body"]?["psn_name"]?.string == " 张三 " && answer["scope"]?.string == "claim.write")
            let entry = try JSON(parsing: try await server.leaf(try #require(answer["log_index"]?.integer)))
            #expect(entry["serial_number"]?.string == "H4403-0001")
            for personal in ["li@hospital.example", "13812345678", "H11010119900307775X"] {
                message.body = Array(#"{"msgid":"\#(personal)"}"#.utf8)
                let answer = try await server.call(hmac, message)
                let leaf = try JSON(
                    parsing: try await server.leaf(try #require(answer["log_index"]?.integer)))
                #expect(leaf["serial_number"]?.string?.utf8.count == Nonce.freshLength, "\(personal)")
            }
            let envelope = try await CallingDevice(server, "envelope", code: code)
            let opened = try await server.call(envelope)
            #expect(opened.text.contains("张三") && opened.status == 200, "\(opened.text)")
        }
    }

    @Test("Revoked code, released device, revoked key: the very next call is refused")
    func revocation() async throws {
        try await Self.run { server in
            let code = try await server.issueCode(policy: CallingDevice.allScopes)
            let first = try await CallingDevice(server, "v3.2.0", code: code)
            let second = try await CallingDevice(server, "gm", code: code)
            let third = try await CallingDevice(server, "v3.3.0", code: code)
            for device in [first, second, third] { #expect(try await server.call(device).status == 200) }
            try await server.expect(
                200, "POST", "/v1/signing-keys/\(first.signer.key.id)/revocation", token: first.token,
                body: [:])
            let unknown = try await server.call(first)
            #expect(unknown.status == 401 && unknown.code == "unknown_key")
            try await server.expect(200, "DELETE", "/v1/bindings/\(second.bindingID)", as: .issuer)
            let released = try await server.call(second)
            #expect(released.status == 403 && released.code == "device_revoked")
            try await server.expect(
                200, "POST", "/v1/codes/\(code.id)/revocation", as: .issuer, body: ["reason": "superseded"])
            let revoked = try await server.call(third)
            #expect(revoked.status == 403 && revoked.code == "revoked")
            #expect(revoked["checks"]?.array?.first?["cure_zh"]?.string?.isEmpty == false)
        }
    }

    @Test("Scopes are the code's to grant")
    func decisions() async throws {
        try await Self.run { server in
            let reader = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: ["scopes": ["patient.read"]]))
            var writing = reader.message("/v3/claims")
            writing.head.method = .post
            writing.body = Array("{}".utf8)
            let refused = try await server.call(reader, writing)
            #expect(refused.status == 403 && refused.checks == ["scope_not_granted"])
            #expect(try await server.call(reader).status == 200)
        }
    }

    @Test(
        "A call from outside the code's addresses is refused, by either door, and one from inside is admitted"
    )
    func addresses() async throws {
        let addresses: [String: JSON] = ["ip_allow_list": ["203.0.113.0/24", "127.0.0.0/8"]]
        let policy = CallingDevice.allScopes.merging(addresses) { $1 }
        try await RunningServer.run {
            $0.upstream = .echo
            $0.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            let device = try await CallingDevice(server, "v3.2.0", code: server.issueCode(policy: policy))
            for door in [[:], ["TE": "trailers"]] {
                for (from, isAllowed) in [
                    ("203.0.113.5", true), ("198.51.100.1", false), ("203.0.113.5, 198.51.100.1", false),
                    ("198.51.100.1, 203.0.113.5", true), ("2001:db8::1", false), ("nonsense", false),
                ] {
                    let id = "called-\(UUID())"
                    let headers = ["X-Forwarded-For": from, "X-Request-Id": id].merging(door) { $1 }
                    let answer = try await server.call(device, headers: headers)
                    #expect(answer.status == (isAllowed ? 200 : 403), "\(from): \(answer.text)")
                    #expect(answer.checks == (isAllowed ? [] : ["ip_not_allowed"]), "\(from)")
                    let entry = try #require(try await server.entry(ofRequest: id))
                    #expect(entry["reason"]?.string == (isAllowed ? nil : "ip_not_allowed"))
                }
            }
            let now = server.clock.nanoseconds() / 1_000_000
            let message = try device.signed(device.message(), at: now)
            let outside = try await server.send(message, headers: ["X-Forwarded-For": "198.51.100.1"])
            #expect(outside.code == "ip_not_allowed")
            // What a refusal used up is used up.
            #expect(try await server.send(message).code == "nonce_replayed")
        }
        try await Self.run { server in
            let device = try await CallingDevice(server, "v3.2.0", code: server.issueCode(policy: policy))
            let answer = try await server.call(device, headers: ["X-Forwarded-For": "198.51.100.1"])
            #expect(answer.status == 200, "nobody's word was taken: \(answer.text)")
        }
    }

    @Test("A nonce is good once, across a restart too; other keys have their own")
    func replays() async throws {
        try await TemporaryDirectory.use { temporary in
            let clock = TestClock()
            var saved: HTTPMessage?
            var device: CallingDevice?
            try await Self.run(in: temporary.path + "/data", clock: clock) { server in
                let code = try await server.issueCode(policy: CallingDevice.allScopes)
                let caller = try await CallingDevice(server, "v3.2.0", code: code)
                let other = try await CallingDevice(server, "v3.2.0", code: code)
                let now = clock.nanoseconds() / 1_000_000
                let nonce = Nonce.fresh()
                let message = try caller.signed(caller.message(), at: now, nonce: nonce)
                #expect(try await server.send(message).status == 200)
                let again = try await server.send(message)
                #expect(again.status == 401 && again.code == "nonce_replayed")
                let stampedAnew = try caller.signed(caller.message(), at: now + 1000, nonce: nonce)
                #expect(try await server.send(stampedAnew).code == "nonce_replayed")
                #expect(
                    try await server.send(other.signed(other.message(), at: now, nonce: nonce)).status == 200)
                saved = message
                device = caller
            }
            try await Self.run(in: temporary.path + "/data", clock: clock) { server in
                let message = try #require(saved)
                #expect(try await server.send(message).code == "nonce_replayed")
                #expect(try await server.call(#require(device)).status == 200)
            }
        }
    }

    @Test("A captured csb call is refused in every other spelling, on other paths and with other bodies")
    func respelledReplays() async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, "csb", code: server.issueCode(policy: CallingDevice.allScopes))
            let sent = try device.signed(
                device.message("/v3/insured/status?cardNo=1%2B2&name=x"),
                at: server.clock.nanoseconds() / 1_000_000)
            #expect(try await server.send(sent).status == 200)
            for path in [
                "/v3/insured/status?name=x&cardNo=1%2B2", "/v3/insured/status?cardNo=1%2b2&name=%78",
                "/v3/claims?cardNo=1%2B2&name=x",
            ] {
                var other = sent
                other.head.path = path
                #expect(try await server.send(other).code == "nonce_replayed", "\(path)")
                other.head.method = .post
                other.body = Array(#"{"amount":1}"#.utf8)
                let again = try await server.send(other)
                #expect(again.code == "nonce_replayed", "\(path)")
                #expect(again["checks"]?.array?.first?["cure"]?.string?.contains("csb") == true)
            }
        }
    }

    @Test("Time: the edge of the window is in, a second beyond is out, milliseconds are named")
    func times() async throws {
        try await RunningServer.run(clock: .frozen) {
            $0.upstream = .echo
        } scenario: { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            let now = server.clock.nanoseconds() / 1_000_000
            for (offset, code) in [
                (-300, nil), (300, nil), (-301, "timestamp_too_old"), (302, "timestamp_in_future"),
            ] as [(Int64, String?)] {
                let message = try device.signed(device.message(), at: now + offset * 1000)
                #expect(try await server.send(message).code == code, "\(offset)")
            }
            var message = try device.signed(device.message(), at: now)
            let name = try #require(HTTPField.Name("X-Timestamp"))
            message.head.headerFields[name] = "\(now)"
            let refused = try await server.send(message)
            #expect(refused.status == 401 && refused.code == "timestamp_in_milliseconds")
        }
    }

    @Test("Of several signatures the one that counts must be timely, not the first one")
    func severalSignatures() async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, "rfc9421 ed25519", code: server.issueCode(policy: CallingDevice.allScopes))
            let now = server.clock.nanoseconds() / 1_000_000
            for (age, code) in [(400_000, "timestamp_too_old"), (0, nil)] as [(Int64, String?)] {
                var message = try device.signed(device.message(), at: now - age)
                let input = try #require(HTTPField.Name("Signature-Input"))
                let signature = try #require(HTTPField.Name("Signature"))
                let own = try #require(message.head.headerFields[input])
                let terms = try #require(own.firstIndex(of: "=").map { String(own[own.index(after: $0)...]) })
                let stranger = terms.replacing(device.signer.key.id, with: "NOBODYSKEY000001")
                    .replacing("created=\((now - age) / 1000)", with: "created=\(now / 1000)")
                message.head.headerFields[input] = "other=\(stranger), \(own)"
                let bytes = Data(repeating: 1, count: 64).base64EncodedString()
                message.head.headerFields[signature] =
                    "other=:\(bytes):, \(message.head.headerFields[signature] ?? "")"
                let answer = try await server.send(message)
                #expect(answer.code == code, "\(answer.text)")
            }
        }
    }

    @Test("No card number reaches a file, and refused calls are logged without it as well")
    func nothingPersonalInFiles() async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            #expect(try await server.call(device).status == 200)
            var broken = try device.signed(device.message(), at: server.clock.nanoseconds() / 1_000_000)
            broken.head.path = "/v3/insured/status?cardNo=440300190001011235"
            #expect(try await server.send(broken).code == "signature_mismatch")
            let refused = try await server.entries(event: "call.admitted").filter {
                $0["outcome"]?.string == "refused"
            }
            #expect(refused.count == 1 && refused.first?["reason"]?.string == "signature_mismatch")
            try await server.caughtUp()
            let files = FileManager.default.enumerator(atPath: server.directory)?.allObjects ?? []
            #expect(files.count > 5)
            for case let file as String in files {
                guard let data = FileManager.default.contents(atPath: server.directory + "/" + file) else {
                    continue
                }
                #expect(data.range(of: Data("44030019000101123".utf8)) == nil, "\(file)")
            }
            #expect(!server.log.text.contains("44030019000101123"))
        }
    }

    @Test("An institution sees why its own call failed, and no other's")
    func explanations() async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            var message = device.message("/v3/claims")
            message.head.method = .post
            message.body = Array(#"{"amount":100.0}"#.utf8)
            var sent = try device.signed(message, at: server.clock.nanoseconds() / 1_000_000)
            sent.body = Array(#"{"amount":100}"#.utf8)
            #expect(
                try await server.send(sent, headers: ["X-Request-Id": "explain-me-1"]).code
                    == "signature_mismatch")
            let list = try await server.expect(200, "GET", "/v1/refused-calls", token: device.token)
            #expect(list["items"]?.array?.first?["id"]?.string == "explain-me-1")
            let told = try await server.expect(
                200, "GET", "/v1/refused-calls/explain-me-1", token: device.token)
            #expect(told["verdict"]?.string == "refused")
            #expect(told["findings"]?.array?.first?["mistake"]?.string == "number_text", "\(told.text)")
            let stranger = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            #expect(
                try await server.request("GET", "/v1/refused-calls/explain-me-1", token: stranger.token)
                    .status
                    == 404)
        }
    }

    @Test("A call refused for its time is explained too, the first under its key as well as later ones")
    func explainedTimes() async throws {
        try await Self.run { server in
            let device = try await CallingDevice(
                server, "v3.2.0", code: server.issueCode(policy: CallingDevice.allScopes))
            let now = server.clock.nanoseconds() / 1_000_000
            let late = try device.signed(device.message(), at: now - 302_000)
            #expect(
                try await server.send(late, headers: ["X-Request-Id": "came-late-1"]).code
                    == "timestamp_too_old")
            #expect(try await server.call(device).status == 200)
            #expect(
                try await server.send(late, headers: ["X-Request-Id": "came-late-2"]).code
                    == "timestamp_too_old")
            for id in ["came-late-1", "came-late-2"] {
                let told = try await server.expect(200, "GET", "/v1/refused-calls/\(id)", token: device.token)
                #expect(told["findings"]?.array?.first?["mistake"]?.string == "slow_clock", "\(told.text)")
            }
            let refused = try await server.entries(event: "call.admitted").filter {
                $0["reason"]?.string == "timestamp_too_old"
            }
            #expect(refused.count == 2 && refused.allSatisfy { $0["data"]?["binding_id"] != nil })
        }
    }
}
