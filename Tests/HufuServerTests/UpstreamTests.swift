import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

@Suite("What is behind the gateway")
struct UpstreamTests {
    private static func run(
        _ upstream: ServerConfiguration.Upstream?,
        _ scenario: (RunningServer, CallingDevice) async throws -> Void
    ) async throws {
        try await RunningServer.run {
            $0.upstream = upstream ?? .none
        } scenario: { server in
            let code = try await server.issueCode(policy: CallingDevice.allScopes)
            try await scenario(server, try await CallingDevice(server, "v3.2.0", code: code))
        }
    }

    @Test("An admitted call is carried on as it is meant, and its answer comes back")
    func carried() async throws {
        let answer =
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"infcode\":0}"
        let platform = try TestUpstream(answer: answer)
        defer { platform.end() }
        try await Self.run(ServerConfiguration.Upstream("http://127.0.0.1:\(platform.port)/ebus/")) {
            server, device in
            var message = device.message("/v3/claims?areaCode=4403")
            message.head.method = .post
            message.body = Array(#"{"psnNo":"1","setlAmt":100.00}"#.utf8)
            let response = try await server.call(device, message, headers: ["X-Request-Id": "carried-on-1"])
            #expect(response.status == 201 && response["infcode"]?.integer == 0)
            let request = try #require(platform.requests.first)
            #expect(request.hasPrefix("POST /ebus/v3/claims?areaCode=4403 HTTP/1.1\r\n"))
            #expect(request.hasSuffix(#"{"psn_no":"1","setl_amt":100.00}"#))
            #expect(
                request.contains("X-Api-Version: v3.2.0\r\n")
                    && request.contains("X-Request-Id: carried-on-1"))
            #expect(request.contains("X-Hufu-Device: \(device.bindingID)\r\n"))
            #expect(!request.lowercased().contains("x-signature"))
            let entries = try await server.entries().filter { $0["request_id"]?.string == "carried-on-1" }
            #expect(entries.map { $0["event"]?.string } == ["call.admitted", "call.answered"])
            #expect(entries.last?["data"]?["status"]?.integer == 201)
        }
    }

    @Test("A prescription goes by /epc/api, its envelope opened; without the scope it goes nowhere")
    func prescriptions() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        let platform = try TestUpstream(answer: answer)
        defer { platform.end() }
        try await Self.run(ServerConfiguration.Upstream("http://127.0.0.1:\(platform.port)")) { server, _ in
            for scopes in [["prescription.write"], ["patient.read", "claim.write"]] as [JSON] {
                let code = try await server.issueCode(policy: ["scopes": scopes])
                let device = try await CallingDevice(server, "envelope", code: code)
                var message = device.message()
                message.head.path = "/epc/api/rx/upload?source=his"
                let response = try await server.call(
                    device, message, headers: ["X-Request-Id": "by-\(code.id)"])
                let isGranted = scopes.array?.count == 1
                #expect(response.status == (isGranted ? 200 : 403), "\(response.text)")
                #expect(response.checks == (isGranted ? [] : ["scope_not_granted"]))
                let entries = try await server.entries().filter {
                    $0["request_id"]?.string == "by-\(code.id)"
                }
                #expect(entries.count == (isGranted ? 2 : 1))
                #expect(entries.first?["data"]?["scope"] == "prescription.write")
                #expect(entries.first?["data"]?["path"] == "/epc/api/rx/upload")
            }
            #expect(platform.requests.count == 1)
            let request = try #require(platform.requests.first)
            #expect(request.hasPrefix("POST /epc/api/rx/upload?source=his HTTP/1.1\r\n"))
            #expect(request.hasSuffix(#"{"cardNo":"440300190001011234","userName":"张三","amt":1.50}"#))
        }
    }

    @Test("A platform that hangs up or is not there is told as such, and logged")
    func unreachable() async throws {
        let platform = try TestUpstream(answer: "")
        try await Self.run(ServerConfiguration.Upstream("http://127.0.0.1:\(platform.port)")) {
            server, device in
            let dropped = try await server.call(device)
            #expect(dropped.status == 502 && dropped.code == "upstream_unreachable")
            platform.end()
            #expect(try await server.call(device).status == 502)
            let answered = try await server.entries(event: "call.answered")
            #expect(answered.count == 2 && answered.allSatisfy { $0["outcome"]?.string == "failure" })
        }
    }

    @Test("Without an upstream an admitted call leads nowhere, and says so")
    func none() async throws {
        try await Self.run(nil) { server, device in
            let answer = try await server.call(device)
            #expect(answer.status == 404 && answer.code == "no_upstream")
        }
    }

    @Test("However a signed call is damaged, it is refused with a code")
    func damaged() async throws {
        try await Self.run(.echo) { server, _ in
            var random = SeededRandom(seed: 7)
            let code = try await server.issueCode(
                policy: CallingDevice.allScopes.merging(["usage_limit": 50]) { $1 })
            for way in CallingDevice.ways {
                let device = try await CallingDevice(server, way, code: code)
                for _ in 0..<25 {
                    var message = try device.signed(
                        device.message(), at: server.clock.nanoseconds() / 1_000_000)
                    Self.damage(&message, &random)
                    let answer = try await server.send(message)
                    #expect(answer.status < 500, "\(way): \(answer.text)")
                    #expect(answer.status == 200 || answer.code != nil)
                }
            }
        }
    }

    private static func damage(_ message: inout HTTPMessage, _ random: inout SeededRandom) {
        let fields = message.head.headerFields
        switch Int.random(in: 0..<4, using: &random) {
        case 0 where !message.body.isEmpty:
            message.body[Int.random(in: 0..<message.body.count, using: &random)] = .random(
                in: 0...255, using: &random)
        case 1: message.body = Array(message.body.dropLast(Int.random(in: 0...40, using: &random)))
        case 2:
            message.head.headerFields = HTTPFields(fields.dropFirst(Int.random(in: 0..<3, using: &random)))
        default:
            guard let index = fields.indices.randomElement(using: &random) else { return }
            var value = Array(fields[index].value.utf8)
            guard !value.isEmpty else { return }
            value[Int.random(in: 0..<value.count, using: &random)] = .random(in: 0x21...0x7E, using: &random)
            message.head.headerFields[index].value = String(decoding: value, as: UTF8.self)
        }
    }
}
