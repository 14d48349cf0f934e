import AsyncHTTPClient
import AuditLog
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@Suite("Batches")
struct BatchTests {
    @Test(
        "2,500 codes arrive once, hold from the confirmation on and not before", .timeLimit(.minutes(10)),
        arguments: ["ndjson", "csv"])
    func wholeBatch(format: String) async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 2500])
            let answer = try await server.openBatch(application, format: format)
            let batch =
                try format == "csv" ? ReceivedBatch(csv: answer.text) : ReceivedBatch(ndjson: answer.text)
            #expect(
                answer.header("content-type")?.hasPrefix(
                    format == "csv" ? "text/csv" : "application/x-ndjson") == true)
            #expect(batch.id == answer.header("x-batch-id") && answer.header("x-batch-count") == "2500")
            #expect(batch.count == 2500 && batch.codes.count == 2500)
            #expect(batch.digest == batch.computedDigest)
            #expect(Set(batch.codes.map(\.code)).count == 2500 && Set(batch.codes.map(\.id)).count == 2500)
            #expect(batch.codes.map(\.index) == Array(0..<2500))
            let probe = batch.codes[1234]
            #expect(try await server.activate(probe.code).status == 404)
            #expect(try await server.request("GET", "/v1/codes/\(probe.id)", as: .auditor).status == 404)
            #expect(try await server.codeCount() == 0)
            try await server.confirm(batch, expecting: 200)
            #expect(try await server.activate(probe.code).status == 201)
            let part = try await server.expect(
                200, "GET", "/v1/codes?batch_id=\(batch.id)&limit=500", as: .auditor)
            #expect(part["items"]?.array?.count == 500)
            // Who confirms again hears the same; another digest is refused.
            try await server.confirm(batch, expecting: 200)
            let other = try await server.expect(
                409, "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer,
                body: ["sha256": .string(String(repeating: "0", count: 64))])
            #expect(other.code == "already_decided")
            let again = try await server.openBatch(application, status: 409)
            #expect(again.code == "already_decided")
            #expect(try await server.entries(event: "batch.issued").first?["data"]?["count"]?.integer == 2500)
        }
    }

    @Test("A receiver who disconnects in the middle leaves nothing behind", .timeLimit(.minutes(10)))
    func disconnect() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(
                policy: try await server.setPolicy(), ["quantity": 200_000])
            try await server.receiveAPart(ofBatchFor: application)
            while try await server.entries(event: "batch.discarded").isEmpty {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await server.expectNoTraceOfBatches()
            #expect(try await server.entries(event: "batch.issued").isEmpty)
            // Its application can be issued again: another receiver comes.
            try await server.receiveAPart(ofBatchFor: application)
            while try await server.entries(event: "batch.discarded").count < 2 {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await server.expectNoTraceOfBatches()
        }
    }

    @Test(
        "A batch that was not confirmed is gone after a restart, and can be issued anew",
        .timeLimit(.minutes(10)))
    func restart() async throws {
        try await TemporaryDirectory.use { directory in
            let path = directory.path + "/data"
            var application = ""
            var staged: ReceivedBatch?
            var known: [Staff: Sessions.Known] = [:]
            try await RunningServer.run(in: path) { server in
                application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 1500])
                staged = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
                known = server.knownStaff
            }
            let old = try #require(staged)
            try await RunningServer.run(in: path) { server in
                server.remember(known)
                try await server.expectNoTraceOfBatches()
                #expect(try await server.activate(old.codes[0].code).status == 404)
                #expect(try await server.request("GET", "/v1/batches/\(old.id)", as: .auditor).status == 404)
                try await server.confirm(old, expecting: 404)
                let next = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
                try await server.confirm(next, expecting: 200)
                #expect(next.codes.map(\.index) == Array(0..<1500))
                #expect(try await server.activate(next.codes[1499].code).status == 201)
                #expect(try await server.activate(old.codes[0].code).status == 404)
            }
        }
    }

    @Test("A code's timeline begins with the entry that issued it, alone or with its batch, page by page")
    func timeline() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 3])
            let batch = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            let wrong = JSON.object(["sha256": .string(String(repeating: "0", count: 64))])
            try await server.expect(
                409, "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer, body: wrong)
            for _ in 0..<2 { try await server.confirm(batch, expecting: 200) }
            let code = batch.codes[1]
            #expect(try await server.activate(code.code).status == 201)
            #expect(try await server.activate(batch.codes[2].code).status == 201)
            try await server.expect(200, "POST", "/v1/codes/\(code.id)/suspension", as: .issuer, body: [:])
            let due = ["batch.issued", "code.activated", "code.suspended"]
            for limit in 1...4 {
                var events: [String] = []
                var cursor: String?
                repeat {
                    let path = "/v1/codes/\(code.id)/timeline?limit=\(limit)"
                    let part = try await server.expect(
                        200, "GET", path + (cursor.map { "&cursor=\($0)" } ?? ""), as: .auditor)
                    events += part["items"]?.array?.compactMap { $0["entry"]?["event"]?.string } ?? []
                    cursor = part["next_cursor"]?.string
                } while cursor != nil
                #expect(events == due, "\(limit) at a time")
            }
            let alone = try await server.issueCode()
            let first = try await server.expect(
                200, "GET", "/v1/codes/\(alone.id)/timeline?limit=1", as: .auditor)
            #expect(first["items"]?.array?.first?["entry"]?["event"]?.string == "code.issued")
        }
    }

    @Test("The entries of a batch and of its codes name its application and who approved it")
    func approvalPath() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(
                policy: try await server.setPolicy(["approvals": 2]), ["quantity": 2])
            for approver in [Staff.approver, .secondApprover] {
                try await server.expect(
                    200, "POST", "/v1/applications/\(application)/approve", as: approver, body: [:])
            }
            let discarded = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            try await server.expect(204, "DELETE", "/v1/batches/\(discarded.id)", as: .issuer)
            let batch = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            try await server.confirm(batch, expecting: 200)
            #expect(try await server.activate(batch.codes[0].code).status == 201)
            try await server.expect(
                200, "POST", "/v1/codes/\(batch.codes[0].id)/revocation", as: .issuer,
                body: ["reason": "superseded"])
            let approvers: Set = [
                try await server.id(of: .approver), try await server.id(of: .secondApprover),
            ]
            for event in [
                "batch.staged", "batch.discarded", "batch.issued", "code.activated", "code.revoked",
            ] {
                let entry = try #require(try await server.entries(event: event).last, "\(event)")
                #expect(entry["application_id"]?.string == application, "\(event)")
                let path = entry["data"]?["approval_path"]?.array ?? []
                #expect(Set(path.compactMap { $0["operator_id"]?.string }) == approvers, "\(event)")
                #expect(path.allSatisfy { $0["decision"]?.string == "approve" }, "\(event)")
            }
            #expect(
                try await server.entries(event: "batch.discarded").last?["subject"]?["id"]?.string
                    == discarded.id)
        }
    }

    @Test("A wrong digest confirms nothing; the right one still may")
    func wrongDigest() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 2])
            let batch = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            let wrong = try await server.request(
                "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer,
                body: ["sha256": .string(String(repeating: "0", count: 64))])
            #expect(wrong.status == 409 && wrong.code == "conflict")
            let malformed = try await server.request(
                "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer, body: ["sha256": "00"])
            #expect(malformed.status == 400 && malformed["field"]?.string == "sha256")
            #expect(try await server.activate(batch.codes[0].code).status == 404)
            try await server.confirm(batch, expecting: 200)
            #expect(try await server.activate(batch.codes[0].code).status == 201)
        }
    }

    @Test("What nobody confirms in a quarter of an hour is taken away by the sweep")
    func unconfirmed() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 5])
            let batch = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            server.clock.advance(seconds: 890)
            _ = try await server.sweep()
            #expect(try await server.request("GET", "/v1/batches/\(batch.id)", as: .auditor).status == 200)
            server.clock.advance(seconds: 20)
            _ = try await server.sweep()
            try await server.expectNoTraceOfBatches()
            try await server.confirm(batch, expecting: 404)
        }
    }

    @Test("One application is issued by one batch at a time, one code never as a batch, many never alone")
    func exclusive() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy()
            let many = try await server.apply(policy: policy, ["quantity": 3])
            let staged = try ReceivedBatch(ndjson: try await server.openBatch(many).text)
            #expect(try await server.openBatch(many, status: 409).code == "conflict")
            let alone = try await server.request(
                "POST", "/v1/applications/\(many)/issue", as: .issuer, body: [:])
            #expect(alone.status == 409 && alone.code == "conflict")
            let one = try await server.apply(policy: policy)
            #expect(try await server.openBatch(one, status: 409).code == "conflict")
            // Single codes issued meanwhile keep every index apart.
            let single = try await server.issue(one)
            #expect(single.index == 3)
            try await server.confirm(staged, expecting: 200)
            let unapproved = try await server.apply(
                policy: try await server.setPolicy(["approvals": 1]), ["quantity": 2])
            #expect(try await server.openBatch(unapproved, status: 403).code == "approval_missing")
        }
    }

    @Test("A discarded batch never held, and an issued one can't be discarded")
    func discard() async throws {
        try await RunningServer.run { server in
            let application = try await server.apply(policy: try await server.setPolicy(), ["quantity": 4])
            let first = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            try await server.expect(204, "DELETE", "/v1/batches/\(first.id)", as: .issuer)
            try await server.expectNoTraceOfBatches()
            try await server.confirm(first, expecting: 404)
            let second = try ReceivedBatch(ndjson: try await server.openBatch(application).text)
            try await server.confirm(second, expecting: 200)
            try await server.expect(409, "DELETE", "/v1/batches/\(second.id)", as: .issuer)
            #expect(try await server.codeCount() == 4)
        }
    }
}

extension RunningServer {
    fileprivate func openBatch(
        _ application: String, format: String = "ndjson", status: Int = 200
    ) async throws -> Answer {
        try await expect(
            status, "POST", "/v1/batches", as: .issuer,
            body: ["application_id": .string(application), "format": .string(format)])
    }

    @discardableResult
    fileprivate func confirm(_ batch: ReceivedBatch, expecting status: Int) async throws -> Answer {
        try await expect(
            status, "POST", "/v1/batches/\(batch.id)/confirm", as: .issuer,
            body: ["sha256": .string(batch.computedDigest)])
    }

    fileprivate func codeCount() async throws -> Int {
        try await expect(200, "GET", "/v1/codes?limit=500", as: .auditor)["items"]?.array?.count ?? -1
    }

    fileprivate func expectNoTraceOfBatches(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        // The decision comes first, its rows go in parts behind it.
        var batches = try await expect(200, "GET", "/v1/batches", as: .auditor)["items"]?.array
        for _ in 0..<400 where batches?.isEmpty == false {
            try await Task.sleep(for: .milliseconds(25))
            batches = try await expect(200, "GET", "/v1/batches", as: .auditor)["items"]?.array
        }
        #expect(batches?.isEmpty == true, sourceLocation: sourceLocation)
        let rows = try await count("codes")
        #expect(rows == 0, "codes are left", sourceLocation: sourceLocation)
    }

    /// Reads the first bytes of the stream and hangs up.
    fileprivate func receiveAPart(ofBatchFor application: String) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/batches")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(try await token(of: .issuer))")
        request.headers.add(name: "Content-Type", value: "application/json")
        let body: JSON = ["application_id": .string(application)]
        request.body = .bytes(ByteBuffer(bytes: body.canonical()))
        let response = try await Self.client.execute(request, timeout: .seconds(30))
        #expect(response.status == .ok)
        for try await part in response.body where part.readableBytes > 0 { break }
    }
}
