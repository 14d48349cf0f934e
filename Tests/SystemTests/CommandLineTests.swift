import Foundation
import Testing

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "a whole life in four shells: tables, JSON and exit codes as documented, secrets nowhere",
        .timeLimit(.minutes(10)))
    func tour() async throws {
        try await withTemporaryFolder { folder in
            let trace = ["--port", "0", "--log-level", "trace"]
            try await ServerProcess.run(in: folder, trace) { server in
                let tour = ShellTour(server: server, folder: folder)
                try await operators(tour)
                let code = try await issue(tour)
                try await device(tour, code)
                try await batch(tour)
                try await interruptedBatch(tour)
                try await audit(tour, about: code.id)
                try await goodbye(tour)
                try await searchData(tour)
                let text = try server.text
                for secret in tour.secrets where text.contains(secret) {
                    // The one-time token is meant to be read there, once.
                    #expect(try secret == server.token, "the server's output holds a secret")
                }
                #expect(text.components(separatedBy: try server.token).count == 2)
                #expect(text.firstMatch(of: Self.code) == nil, "no code at all, the batch's neither")
            }
        }
    }

    // MARK: The tour

    private static var code: Regex<(Substring, Substring)> {
        /[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){6}/
    }
    private static let passwords = [
        "alice": "correct horse battery staple", "ben": "seven tigers crossed it",
    ]

    private func operators(_ tour: ShellTour) async throws {
        let alice = try #require(Self.passwords["alice"])
        let ben = try #require(Self.passwords["ben"])
        for secret in [alice, ben, try tour.server.token] { tour.keep(secret) }
        let nobody = try await tour.hufu("nobody", "code", "list", expecting: 2)
        #expect(nobody.errors.contains("cure: hufu operator login"))
        try await tour.hufu("nobody", "operator", "first", "eve", input: "wrong\n\(alice)\n", expecting: 1)
        let first = try await tour.hufu(
            "alice", "operator", "first", "alice", input: "\(try tour.server.token)\n\(alice)\n")
        #expect(first.output.contains("alice") && first.output.contains("admin"))
        try tour.keepSession(of: "alice")

        try Data("\(ben)\n".utf8).write(to: tour.home(of: "alice").appending(path: "ben.password"))
        let created = try await tour.hufu(
            "alice", "operator", "create", "ben", "--role", "approver", "--role", "auditor",
            "--password-file",
            "ben.password", "--json")
        #expect(try created.json["roles"] as? [String] == ["approver", "auditor"])
        try await tour.hufu("ben", "operator", "login", "ben", input: "\(ben)\n")
        try tour.keepSession(of: "ben")
        try await tour.hufu("eve", "operator", "login", "ben", input: "not his password\n", expecting: 1)
        let list = try await tour.both("ben", "operator", "list", shows: ["ID  ", "NAME", "alice", "ben"])
        #expect((list["items"] as? [Any])?.count == 2)
        try await tour.hufu("ben", "institution", "create", "x", "--kind", "other", expecting: 1)
    }

    private typealias Issued = (id: String, text: String)

    private func issue(_ tour: ShellTour) async throws -> Issued {
        let institution = try await tour.hufu(
            "alice", "institution", "create", "市第一人民医院", "--kind", "hospital", "--region", "330100", "--json")
        let institutionID = try #require(try institution.json["id"] as? String)
        try await tour.both("ben", "institution", "list", shows: ["市第一人民医院", "hospital", "330100"])
        try await tour.hufu(
            "alice", "policy", "set", "ward", "--duration", "P90D", "--approvals", "1", "--usage-limit", "10",
            "--device-limit", "1", "--scope", "patient.read", "--renewals", "1", "--reference", "A.9.4.2-v2.1"
        )
        try await tour.hufu("alice", "policy", "set", "ward", "--duration", "P60D")
        let older = try await tour.both(
            "ben", "policy", "show", "ward", "--policy-version", "1", shows: ["A.9.4.2-v2.1", "patient.read"])
        #expect(older["version"] as? Int == 1 && older["duration"] as? String == "P90D")
        try await tour.both("ben", "policy", "list", shows: ["NAME", "ward", "P60D"])

        let submitted = try await tour.hufu(
            "alice", "application", "submit", "--institution", institutionID, "--policy", "ward",
            "--contact-name",
            "王小明", "--contact-phone", "13800001234", "--contact-email", "wang@example.com", "--metadata",
            "site=west",
            "--json")
        let id = try #require(try submitted.json["id"] as? String)
        let contact = try submitted.json["contact"] as? [String: String]
        #expect(contact?["phone"] == "138****1234" && contact?["email"] == "w***@example.com")
        for personal in ["13800001234", "wang@example.com"] { tour.keep(personal) }
        try await tour.refused("alice", "code", "issue", "--application", id, reason: "approval_missing")
        try await tour.refused("alice", "application", "approve", id, reason: "self_approval")
        let approved = try await tour.hufu(
            "ben", "application", "approve", id, "--comment", "contract checked")
        #expect(approved.output.contains("approved") && approved.output.contains("contract checked"))
        try await tour.refused("ben", "application", "approve", id, reason: "already_decided")
        try await tour.both(
            "ben", "application", "show", id, shows: ["approved", "138****1234", "site=west"])
        try await tour.both("ben", "application", "list", "--state", "approved", shows: [id])

        let issued = try await tour.hufu("alice", "code", "issue", "--application", id)
        let text = issued.output.trimmingCharacters(in: .newlines)
        #expect(try Self.code.wholeMatch(in: text) != nil, "only the code")
        tour.keep(text)
        tour.keep(text.replacing("-", with: ""))
        let codeID = try #require(issued.errors.firstMatch(of: /id ([0-9a-f-]{36});/)?.1)
        return (String(codeID), text)
    }

    private func device(_ tour: ShellTour, _ code: Issued) async throws {
        try await tour.hufu("machine", "device", "status", expecting: 2)
        let wrong = code.text.dropLast() + (code.text.hasSuffix("0") ? "1" : "0")
        try await tour.hufu("machine", "device", "activate", input: "\(wrong)\n", expecting: 2)
        let spelled = code.text.lowercased().replacing("-", with: " ")
        try await tour.hufu("machine", "device", "activate", "--code-file", "-", input: "\(spelled)\n")
        let file = tour.home(of: "machine").appending(path: "hufu/device.json")
        #expect(try tour.mode(file) == 0o600)
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(!kept.contains(code.text), "the device keeps no code")
        let status = try await tour.both(
            "machine", "device", "status", shows: ["current", "yes", "patient.read"])
        #expect(status["current"] as? Bool == true && status["code_id"] as? String == code.id)
        let call = try await tour.hufu(
            "machine", "device", "call", "--scope", "patient.read", "--use", "2", "--json")
        #expect(try call.json["used_count"] as? Int == 3 && call.json["uses_left"] as? Int == 7)
        try await tour.refused(
            "machine", "device", "call", "--scope", "patient.write", reason: "scope_not_granted")
        try await tour.refused("machine", "device", "call", "--use", "8", reason: "exhausted")

        let shown = try await tour.both(
            "ben", "code", "show", code.id, shows: ["bound", "A.9.4.2-v2.1", "site=west"])
        #expect(shown["used_count"] as? Int == 3 && shown["state"] as? String == "bound")
        try await tour.both("ben", "code", "list", "--state", "bound", shows: ["INDEX", "ward"])
        try await tour.hufu("alice", "code", "suspend", code.id, "--comment", "inquiry")
        try await tour.refused("machine", "device", "call", reason: "suspended")
        try await tour.hufu("alice", "code", "resume", code.id)
        try await tour.hufu("machine", "device", "call")
        let renewed = try await tour.hufu("alice", "code", "renew", code.id, "--json")
        let before = try #require(shown["expires_at"] as? String)
        #expect(try #require(try renewed.json["expires_at"] as? String) > before)
        try await tour.refused("alice", "code", "renew", code.id, reason: "renewals_used_up")
        try await tour.hufu("machine", "device", "status", "--renew")
        try await tour.hufu("alice", "code", "revoke", code.id, "--reason", "key_compromise")
        try await tour.refused("machine", "device", "call", reason: "revoked")
        try await tour.refused("alice", "code", "resume", code.id, reason: "revoked")
        // Offline, until its lease is stale, the device can't know.
        try await tour.hufu("machine", "device", "status")
        try await tour.refused("machine", "device", "status", "--renew", reason: "revoked")
        try await tour.both("ben", "code", "timeline", code.id, shows: ["code.revoked", "code.renewed"])
    }

    private func batch(_ tour: ShellTour) async throws {
        let institutions = try await tour.pages("alice", "institution", "list")
        let institution = try #require(institutions.first?["id"] as? String)
        let submitted = try await tour.hufu(
            "alice", "application", "submit", "--institution", institution, "--policy", "ward", "--quantity",
            "3000",
            "--json")
        let id = try #require(try submitted.json["id"] as? String)
        try await tour.refused(
            "alice", "code", "issue", "--application", id, "--batch", "--out", "codes.csv",
            reason: "approval_missing")
        try await tour.hufu("ben", "application", "approve", id)
        let issued = try await tour.hufu(
            "alice", "code", "issue", "--application", id, "--batch", "--out", "codes.csv")
        #expect(issued.output.contains("3000 codes in codes.csv"))
        #expect(issued.errors.contains("codes: 100 % (3000 of 3000)"))
        let file = tour.home(of: "alice").appending(path: "codes.csv")
        #expect(try tour.mode(file) == 0o600)
        let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "index,id,code" && lines.count == 3001)
        let codes = Set(lines.dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) })
        #expect(codes.count == 3000)
        for code in codes.prefix(10) { tour.keep(code) }
        try await tour.hufu(
            "alice", "code", "issue", "--application", id, "--batch", "--out", "codes.csv", expecting: 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: tour.home(of: "alice").path)
        #expect(names.filter { $0.hasPrefix("codes.csv") } == ["codes.csv"], "nothing half-written is left")

        let batch = try #require(issued.output.firstMatch(of: /batch ([0-9a-f-]{36})/)?.1)
        let listed = try await tour.pages("ben", "code", "list", "--batch", String(batch), "--limit", "500")
        #expect(Set(listed.compactMap { $0["id"] as? String }).count == 3000)
        let one = try await tour.hufu(
            "machine2", "device", "activate", input: "\(try #require(codes.first))\n")
        #expect(one.output.contains("current"))
    }

    private func interruptedBatch(_ tour: ShellTour) async throws {
        let institutions = try await tour.pages("alice", "institution", "list")
        let institution = try #require(institutions.first?["id"] as? String)
        let submitted = try await tour.hufu(
            "alice", "application", "submit", "--institution", institution, "--policy", "ward", "--quantity",
            "50000",
            "--json")
        let id = try #require(try submitted.json["id"] as? String)
        try await tour.hufu("ben", "application", "approve", id)
        let process = try tour.command(
            "alice", ["code", "issue", "--application", id, "--batch", "--out", "many.csv"]
        ).process
        process.standardError = FileHandle.nullDevice
        try process.runWithSignals()
        let folder = tour.home(of: "alice").path
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("many.csv") }
        }
        while try files().isEmpty, process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        process.interrupt()
        while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        #expect(process.terminationStatus == 130)
        #expect(try files().isEmpty, "nothing half-written is left")
        #expect(try await tour.pages("ben", "code", "list", "--application", id).isEmpty)
        let shown = try await tour.hufu("ben", "application", "show", id, "--json").json
        #expect(shown["state"] as? String == "approved", "its codes may still be issued")
    }

    private func audit(_ tour: ShellTour, about code: String) async throws {
        let log = tour.server.data.appending(path: "log")
        let key = log.appending(path: "verifier.key").path
        let since = tour.home(of: "ben").appending(path: "checkpoint.old")
        try FileManager.default.copyItem(at: log.appending(path: "checkpoint"), to: since)
        let refused = try await tour.both(
            "ben", "audit", "search", "--subject", code, "--outcome", "refused",
            shows: ["INDEX", "code.validated"])
        let items = try #require(refused["items"] as? [[String: Any]])
        #expect(items.allSatisfy { ($0["entry"] as? [String: Any])?["outcome"] as? String == "refused" })
        let index = try #require(items.first?["index"] as? Int)
        let entry = try await tour.both("ben", "audit", "show", "\(index)", shows: ["entry.event", code])
        #expect(entry["index"] as? Int == index)
        let tail = try await tour.hufu("ben", "audit", "tail", "--once", "--since", "1h", "--json")
        let lines = try tail.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(lines.count > 30 && lines.compactMap { $0?["index"] as? Int } == Array(0..<lines.count))

        let proof = try await tour.hufu("ben", "audit", "proof", "\(index)", "--key", key, "--out", "proof")
        #expect(proof.errors.contains("entry \(index) stands in hufu.local/log"))
        try await tour.hufu("nobody", "audit", "proof", "\(index)", "--json")
        let verified = try await tour.both(
            "ben", "audit", "verify", "--url", tour.server.url, "--key", key, "--since", since.path,
            shows: ["the log holds", "continues"])
        #expect(verified["holds"] as? Bool == true && verified["with_entries"] as? Bool == true)
        let hashes = try await tour.hufu("nobody", "audit", "verify", "--key", key)
        #expect(hashes.output.contains("only the tree of hashes was verified"))
        try await tour.both(
            "nobody", "audit", "verify", "--directory", log.path, "--key", key, shows: ["the log holds"])
        let outside = try await python(
            "verify_log.py", ["--directory", log.path, "--key", key, "--since", since.path], in: tour.folder)
        #expect(outside.status == 0, "\(outside.output)\(outside.errors)")
        try await tour.hufu("nobody", "audit", "verify", "--directory", "nowhere", "--key", key, expecting: 2)
    }

    private func goodbye(_ tour: ShellTour) async throws {
        let operators = try await tour.hufu("alice", "operator", "list", "--json").json["items"]
        let ben = (operators as? [[String: Any]])?.first { $0["name"] as? String == "ben" }
        try await tour.hufu("alice", "operator", "disable", try #require(ben?["id"] as? String))
        try await tour.hufu("ben", "code", "list", expecting: 1)
        try await tour.hufu("alice", "operator", "logout")
        let session = tour.home(of: "alice").appending(path: "hufu/session.json").path
        #expect(!FileManager.default.fileExists(atPath: session))
        try await tour.hufu("alice", "code", "list", expecting: 2)
    }

    /// Not even the database, its journal and the log hold what must appear nowhere.
    private func searchData(_ tour: ShellTour) async throws {
        let patterns = tour.folder.appending(path: "secrets")
        try Data(tour.secrets.joined(separator: "\n").utf8).write(to: patterns)
        let found = try await Command(
            executable: "/usr/bin/env", arguments: ["grep", "-rlaFf", patterns.path, tour.server.data.path],
            folder: tour.folder
        ).run()
        #expect(found.status == 1, "secrets in \(found.output)\(found.errors)")
    }
}
