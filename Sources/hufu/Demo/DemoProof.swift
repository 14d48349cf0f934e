import ActivationClient
import AuditLog
import Foundation

/// The log, verified from outside: with its public key and its files, and over HTTP as an auditor.
struct DemoProof: Sendable {
    let stage: DemoStage
    let cast: DemoStage.Cast
    let logDirectory: String

    func run(covering index: Int) async throws {
        let key = try await verifierKey()
        let proof = try await proof(of: index)
        let entry = try await cast.auditor.connection.send(.get, "/v1/audit/entries/\(index)").json()
        guard let body = entry["entry"] else { throw UnexpectedAnswer("no entry") }
        let covered = try proof.verified(leaf: MerkleTree.leafHash(body.canonical()), by: [key])
        let files = try await LogVerifier(key: key, reader: DirectoryTiles(directory: logDirectory))
            .verify(since: nil, withEntries: true, progress: nil)
        try stage.report.expect(files.holds, "the log's files: \(files.findings.first?.description ?? "")")
        let served = try await LogVerifier(key: key, reader: HTTPTiles(cast.auditor.connection))
            .verify(since: try SignedNote(parsing: proof.checkpoint), withEntries: true, progress: nil)
        try stage.report.expect(served.holds, "the served log: \(served.findings.first?.description ?? "")")
        let root = files.checkpoint.map { Data($0.head.root.bytes).base64EncodedString() } ?? ""
        stage.report.held(
            "prove", "外部验证",
            [
                "the refusal's inclusion proof leads to the signed root of \(covered.head.size) entries",
                "\(files.entriesChecked) entries recomputed from \(logDirectory) with the public key alone: root \(root)",
                "the same log over HTTP, consistent with the checkpoint before",
            ])
    }

    private func verifierKey() async throws -> NoteVerifierKey {
        let text = try String(contentsOfFile: logDirectory + "/verifier.key", encoding: .utf8)
        return try NoteVerifierKey(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The proof of an entry, as soon as a checkpoint covers it.
    private func proof(of index: Int) async throws -> LogProof {
        for _ in 0..<100 {
            do {
                let answer = try await stage.anybody().send(.get, "/v1/audit/entries/\(index)/proof")
                return try LogProof(parsing: answer.text)
            } catch let problem as APIProblem where problem.code == "not_sequenced" {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        throw CommandFailure(.refused, "✗ does not hold: entry \(index) is covered within five seconds")
    }
}
