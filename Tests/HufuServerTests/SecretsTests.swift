import AuditLog
import Foundation
import Testing

@Suite("Secrets at rest")
struct SecretsTests {
    @Test(
        "No secret stands in any byte of the data directory, nor in what the server says",
        .timeLimit(.minutes(10)))
    func nothingInTheClear() async throws {
        try await RunningServer.run { server in
            var secrets = try await useSecrets(server)
            try await server.caughtUp()
            // Every spelling that a careless line could have kept.
            secrets += secrets.flatMap {
                [$0.lowercased(), $0.filter { $0 != "-" }, $0.lowercased().filter { $0 != "-" }]
            }
            let files = try filesBelow(server.directory)
            #expect(
                files.contains { $0.path.hasSuffix("hufu.db") }
                    && files.contains { $0.path.hasSuffix("-wal") })
            #expect(files.contains { $0.path.contains("/log/tile/entries") })
            for file in files {
                for secret in Set(secrets) where file.bytes.range(of: Data(secret.utf8)) != nil {
                    Issue.record("\(secret) stands in \(file.path)")
                }
            }
            for secret in Set(secrets) { #expect(!server.log.text.contains(secret)) }
        }
    }

    /// A scenario that hands over one secret of each kind, and sends some where they don't belong.
    private func useSecrets(_ server: RunningServer) async throws -> [String] {
        let policy = try await server.setPolicy()
        let contact: JSON = [
            "name": "Wang Xiaoming", "phone": "13987654321", "email": "xiaoming@hospital.example",
        ]
        let application = try await server.apply(
            policy: policy, ["contact": contact])
        let issued = try await server.expect(
            201, "POST", "/v1/applications/\(application)/issue", as: .issuer, body: [:],
            headers: ["Idempotency-Key": "kept-answer"])
        let code = try issued.string("code")
        let device = TestDevice()
        let activation = try await server.activate(code, headers: ["User-Agent": "agent-with-13987654321"])
        let bound = try await server.expect(
            201, "POST", "/v1/bindings", body: try device.bindingBody(code, activation.json))
        let batchOf = try await server.apply(policy: policy, ["quantity": 20])
        let answer = try await server.expect(
            200, "POST", "/v1/batches", as: .issuer, body: ["application_id": .string(batchOf)])
        let batch = try ReceivedBatch(ndjson: answer.text)
        let session = try await server.logIn(.issuer)
        let refreshed = try await server.expect(
            200, "POST", "/v1/tokens/refresh", body: ["refresh_token": session["refresh_token"] ?? .null])
        _ = try await server.request(
            "POST", "/v1/tokens", body: ["name": "who@x.example", "password": "wrong guess 1"])
        let oneTime = try await server.operatorToken()
        _ = try await server.request("GET", "/v1/codes/\(code)", as: .auditor)
        _ = try await server.request("GET", "/v1/audit/entries?limit=500", as: .auditor)
        _ = try await server.request("POST", "/v1/activations", raw: Array("{\"code\":\"\(code)\",".utf8))
        return [
            code, batch.codes[7].code, Staff.issuer.password, Staff.admin.password, "wrong guess 1", oneTime,
            try session.string("refresh_token"), try refreshed.string("refresh_token"),
            try session.string("access_token"), try bound.string("access_token"), try bound.string("lease"),
            "13987654321", "xiaoming@hospital.example", "Wang Xiaoming", "who@x.example",
        ]
    }

    private func filesBelow(_ directory: String) throws -> [(path: String, bytes: Data)] {
        let names =
            FileManager.default.enumerator(atPath: directory)?.allObjects.compactMap { $0 as? String } ?? []
        return try names.compactMap { name in
            let path = directory + "/" + name
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            return !exists || isDirectory.boolValue ? nil : (path, try Data(contentsOf: URL(filePath: path)))
        }
    }

    @Test("Free text that an entry only commits to does not stand beside it in the clear")
    func freeText() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["approvals": 1])
            let application = try await server.apply(
                policy: policy, ["purpose": "ask Han Meimei, 13612345678"])
            try await server.expect(
                200, "POST", "/v1/applications/\(application)/approve", as: .approver,
                body: ["comment": "Han Meimei confirmed by 13712345678"])
            let shown = try await server.expect(200, "GET", "/v1/applications/\(application)", as: .auditor)
            #expect(shown["purpose"]?.string == "ask Han Meimei, 136****5678")
            for file in try filesBelow(server.directory) {
                for secret in ["13612345678", "13712345678"] {
                    #expect(
                        file.bytes.range(of: Data(secret.utf8)) == nil, "\(secret) stands in \(file.path)")
                }
            }
        }
    }

    @Test("The keys' files and the directory are for their owner alone")
    func permissions() async throws {
        try await RunningServer.run { server in
            try await server.caughtUp()
            func mode(_ path: String) throws -> Int {
                let mode =
                    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
                return mode?.intValue ?? -1
            }
            #expect(try mode(server.directory) == 0o700)
            for name in ["master.key", "keys.sealed", "lock"] {
                #expect(try mode(server.directory + "/" + name) == 0o600, "\(name)")
            }
        }
    }
}
