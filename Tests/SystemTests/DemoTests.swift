import Foundation
import Testing

@Suite("hufu demo")
struct DemoTests {
    @Test(
        "walks the whole life of a code and a visit to the platform, and its log holds until a byte changes",
        .timeLimit(.minutes(10)))
    func demo() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending(path: "data")
            let outcome = try await Command.hufu(
                ["demo", "--exit", "--data", data.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            let steps = Self.steps(in: outcome.output)
            #expect(steps.map(\.title) == Self.due.map(\.title))
            for (step, due) in zip(steps, Self.due) {
                for proof in due.proofs {
                    #expect(step.proved.contains(proof), "\(due.title) proves “\(proof)”: \(step.proved)")
                }
            }
            #expect(outcome.output.contains("17 steps held. 全部 17 步均已通过。"))
            try expectBooks(steps)
            let log = data.appending(path: "log")
            try await expect(log, holds: true)

            let bundle = try newestBundle(of: log)
            let intact = try Data(contentsOf: bundle.file)
            var altered = intact
            // Within a value of the last entry, so that it is still an entry.
            let place = try #require(altered.lastRange(of: Data("\"unix_ns\":".utf8))).upperBound + 3
            altered[place] = altered[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            try altered.write(to: bundle.file)
            try await expect(log, holds: false, naming: bundle.entries - 1)
            try intact.write(to: bundle.file)
            try await expect(log, holds: true)
        }
    }

    /// A step as the demo prints it.
    private struct Step {
        let title: String
        let proved: String
    }

    private static func steps(in output: String) -> [Step] {
        let found = output.matches(of: /(?m)^ *(\d+)\. (\S.*?)  \S.*\n((?: +✓ .*\n)+)/)
        return found.enumerated().compactMap { place, step in
            Int(step.1) == place + 1 ? Step(title: String(step.2), proved: String(step.3)) : nil
        }
    }

    /// What each step has to prove, in the demo's own words.
    private static let due: [(title: String, proofs: [String])] = [
        ("operators", ["made the first admin; it works once", "an issuer, two approvers and an auditor"]),
        ("apply", ["asks for two approvals", "72 hours, one scope", "138****1234"]),
        ("two approvals", [": self_approval", ": already_decided", ": approval_missing"]),
        ("issue", ["130 random bits and two check symbols, shown this once"]),
        ("activate", [": invalid_code", "active until 20"]),
        ("bind", [": proof_invalid", "got a token and an offline lease"]),
        ("validate", ["good for claim.read", "claim.write is refused: scope_not_granted"]),
        ("renew", [": renewals_used_up"]), ("revoke", ["key_compromise; final"]),
        ("refused", ["HTTP 403 revoked", "激活码已被吊销", "the refusal is entry "]),
        (
            "platform",
            [
                "mutual TLS under a CA of its own: https://127.0.0.1:",
                "PKCE S256, id_token verified; the same answer again: platform_state_unknown",
            ]
        ),
        ("device", ["registered the signing key ", "v3.3.0 (ECDSA P-256)"]),
        (
            "settle",
            ["1101 person, 2201 registration, 2204 fees, 2206", "2207 settlement ", "intent durable"]
        ),
        (
            "lost answer",
            ["HTTP 202", "resolved by 5203 without a second 2207", "once in the platform's ledger"]
        ),
        ("reconcile", [" 2 settlements, ¥", "equal to the cent"]),
        ("revoked", ["its very next call refused: revoked"]),
        ("prove", ["inclusion proof leads to the signed root", "with the public key alone", "over HTTP"]),
    ]

    /// Two settlements of one price, whose parts add up, and the day's books that hold both.
    private func expectBooks(_ steps: [Step]) throws {
        func proved(_ title: String) -> String { steps.first { $0.title == title }?.proved ?? "" }
        let settled = try #require(
            proved("settle").firstMatch(
                of: /settlement (\w+)\n.*¥([\d.]+): fund ([\d.]+), account ([\d.]+), cash ([\d.]+)/))
        let parts = [settled.3, settled.4, settled.5].compactMap { Decimal(string: String($0)) }
        let total = try #require(Decimal(string: String(settled.2)))
        #expect(parts.count == 3 && parts.reduce(0, +) == total && total > 0)
        let lost = try #require(proved("lost answer").firstMatch(of: /settlement (\w+), once/))
        #expect(lost.1 != settled.1)
        let books = try #require(proved("reconcile").firstMatch(of: /¥([\d.]+)/))
        #expect(Decimal(string: String(books.1)) == total * 2)
    }

    /// Asks both verifiers.
    private func expect(_ log: URL, holds: Bool, naming entry: Int? = nil) async throws {
        let arguments = ["--directory", log.path, "--key", log.appending(path: "verifier.key").path]
        let folder = log.deletingLastPathComponent()
        let outside = try await python("verify_log.py", arguments, in: folder)
        #expect(outside.status == (holds ? 0 : 1), "\(outside.output)\(outside.errors)")
        let own = try await Command.hufu(["audit", "verify"] + arguments, in: folder)
        #expect(own.status == (holds ? 0 : 1), "\(own.output)\(own.errors)")
        #expect(own.output.contains("the log holds") == holds)
        guard let entry else { return }
        #expect(outside.output.contains("entry \(entry) "), "\(outside.output)")
        #expect(own.output.contains("entry \(entry)"), "\(own.output)")
        let json = try await Command.hufu(["audit", "verify", "--json"] + arguments, in: folder).json
        #expect(json["holds"] as? Bool == false)
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.contains { $0["index"] as? Int == entry && $0["verdict"] as? String == "altered" })
    }

    /// The log is short: its entries lie in one partial bundle, the widest one.
    private func newestBundle(of log: URL) throws -> (file: URL, entries: Int) {
        let folder = log.appending(path: "tile/entries/000.p")
        let widths = try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap { Int($0) }
        let width = try #require(widths.max())
        return (folder.appending(path: "\(width)"), width)
    }
}

extension Data {
    fileprivate func lastRange(of other: Data) -> Range<Int>? { range(of: other, options: .backwards) }
}
