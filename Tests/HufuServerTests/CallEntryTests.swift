import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import RequestSigning
import Testing

@Suite("What the entries of signed calls say of the business", .serialized)
struct CallEntryTests {
    private static let msgid = "H44030000001202611211200000001"
    private static let opter = "D440300-张三"
    private static let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"infcode\":0}"

    private static func run(_ scenario: (RunningServer, IssuedForTest) async throws -> Void) async throws {
        let platform = try TestUpstream(answer: answer)
        defer { platform.end() }
        try await RunningServer.run {
            $0.upstream = .init("http://127.0.0.1:\(platform.port)") ?? .none
        } scenario: { server in
            let policy = CallingDevice.allScopes.merging(["usage_limit": 50]) { $1 }
            try await scenario(server, try await server.issueCode(policy: policy))
        }
    }

    private static func message(_ device: CallingDevice, msgid: String?) throws -> HTTPMessage {
        var message = device.message("/v3/claims")
        message.head.method = .post
        message.head.path = "/fsi/api/fsiPsnInfoService/queryPsnInfo"
        message.head.headerFields[.contentType] = "application/json"
        let named = msgid.map { "\"msgid\":\"\($0)\",\"opter\":\"\(opter)\"," } ?? ""
        let input = #"{"data":{"psn_name":"张三","msgid":"not-this-one","opter":"nor-this"}}"#
        message.body = Array("{\"infno\":\"1101\",\(named)\"input\":\(input)}".utf8)
        return message
    }

    @Test(
        "Admitted, refused or answered, by every version: msgid is the serial number, opter a commitment",
        arguments: CallingDevice.ways)
    func everyVersion(way: String) async throws {
        try await Self.run { server, code in
            let device = try await CallingDevice(server, way, code: code)
            let message = try Self.message(device, msgid: Self.msgid)
            let sent = try await server.call(device, message, headers: ["X-Request-Id": "business-1"])
            #expect(sent.status == 200, "\(sent.text)")
            let now = server.clock.nanoseconds() / 1_000_000
            let late = try await server.send(
                device.signed(message, at: now - 400_000), headers: ["X-Request-Id": "business-2"])
            #expect(late.code == "timestamp_too_old", "\(late.text)")
            let entries = try await server.entries().filter {
                $0["request_id"]?.string?.hasPrefix("business-") == true
            }
            #expect(entries.map { $0["event"] } == ["call.admitted", "call.answered", "call.admitted"])
            // What is encrypted says nothing until the signature is looked at.
            let isEncrypted = device.signer.profile == .envelope
            for (number, entry) in entries.enumerated() {
                let isRefused = number == 2
                #expect(entry["outcome"] == (isRefused ? "refused" : "success"))
                #expect(entry["subject"]?["id"]?.string == code.id)
                let isBlank = isRefused && isEncrypted
                #expect(entry["serial_number"]?.string == (isBlank ? "business-2" : Self.msgid), "\(entry)")
                #expect((entry["commitments"]?["opter"] == nil) == isBlank, "\(entry)")
            }
            let index = try #require(try await server.index(ofRequest: "business-1"))
            let shown = try await server.expect(200, "GET", "/v1/audit/entries/\(index)", as: .auditor)
            #expect(shown["personal"]?["opter"]?.string == Self.opter, "\(shown.text)")
        }
    }

    @Test("Without msgid the nonce is the serial number, and without a nonce the request's id")
    func others() async throws {
        try await Self.run { server, code in
            for way in CallingDevice.ways {
                let device = try await CallingDevice(server, way, code: code)
                let nonce = Nonce.fresh()
                let message = try device.signed(
                    Self.message(device, msgid: nil), at: server.clock.nanoseconds() / 1_000_000, nonce: nonce
                )
                for (number, status) in [200, 401].enumerated() {
                    let id = "other-\(UUID())-\(number)"
                    #expect(try await server.send(message, headers: ["X-Request-Id": id]).status == status)
                    let entries = try await server.entries().filter { $0["request_id"]?.string == id }
                    let wanted = device.signer.profile.hasNonce ? nonce : id
                    #expect(entries.count == 2 - number)
                    for entry in entries {
                        #expect(entry["serial_number"]?.string == wanted, "\(way)")
                        #expect(entry["commitments"]?["opter"] == nil)
                    }
                }
            }
        }
    }

    @Test(
        "A msgid that is no identifier, or looks like somebody's number, stays out of the log",
        arguments: [
            #""zhang@example.org""#, #""13812341234""#, #""44030019900101123X""#, #""token=abcdefgh""#,
            #""""#,
            #""张三""#, "7", #""a b""#, #""a\/b""#, "\"\(String(repeating: "a", count: 65))\"",
        ])
    func strange(msgid: String) async throws {
        try await Self.run { server, code in
            for way in ["v3.2.0", "tif", "fsi-sm"] {
                let device = try await CallingDevice(server, way, code: code)
                var message = try Self.message(device, msgid: nil)
                message.body = Array("{\"msgid\":\(msgid),\"infno\":\"1101\",\"input\":{}}".utf8)
                let id = "strange-\(way == "tif" ? "1" : way == "fsi-sm" ? "2" : "3")"
                let answer = try await server.call(device, message, headers: ["X-Request-Id": id])
                #expect(answer.status == 200, "\(answer.text)")
                for entry in try await server.entries() where entry["request_id"]?.string == id {
                    let serial = try #require(entry["serial_number"]?.string)
                    // The escape is undone where the body is parsed.
                    let isPath = msgid == #""a\/b""# && way != "tif" && serial == "a/b"
                    #expect(isPath || serial == id || serial.utf8.count == Nonce.freshLength, "\(entry)")
                }
            }
        }
    }

    @Test("A msgid and an operator of a form of their own are taken, up to their lengths")
    func forms() async throws {
        try await Self.run { server, code in
            let device = try await CallingDevice(server, "v3.2.0", code: code)
            var message = device.message("/v3/claims")
            message.head.method = .post
            for (number, msgid) in ["H4403-0001", String(repeating: "a", count: 64)].enumerated() {
                let opter = String(repeating: "o", count: 128 + number)
                message.body = Array("{\"msgid\":\"\(msgid)\",\"opter\":\"\(opter)\"}".utf8)
                let id = "forms-of-own-\(number)"
                #expect(try await server.call(device, message, headers: ["X-Request-Id": id]).status == 200)
                let entry = try #require(try await server.entry(ofRequest: id))
                #expect(entry["serial_number"]?.string == msgid)
                #expect((entry["commitments"]?["opter"] == nil) == (number == 1))
            }
        }
    }
}

extension RunningServer {
    /// Of the first entry that the request has.
    fileprivate func index(ofRequest id: String) async throws -> Int? {
        try await entries().firstIndex { $0["request_id"]?.string == id }
    }
}
