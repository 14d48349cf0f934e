import ActivationClient
import AuditLog
import Crypto
import Foundation
import HufuServer
import Logging
import Storage
import Testing

@Suite("The sequencer and its proofs")
struct SequencerTests {
    @Test("A restart continues the same tree", .timeLimit(.minutes(10)))
    func restart() async throws {
        try await TemporaryDirectory.use { directory in
            let path = directory.path + "/data"
            var checkpoints: [String] = []
            for round in 1...3 {
                try await RunningServer.run(in: path) { server in
                    for _ in 0..<round { _ = try await server.validate("1111-1111") }
                    _ = try await server.operatorToken()
                    try await server.caughtUp()
                    checkpoints.append(try await server.expect(200, "GET", "/log/checkpoint").text)
                    for note in checkpoints { try await server.expectContinues(note) }
                }
            }
            #expect(Set(checkpoints).count == 3)
        }
    }

    @Test(
        "Copied while it runs, as a power cut would leave it, the log goes on from where it was",
        .timeLimit(.minutes(10)))
    func powerCut() async throws {
        try await TemporaryDirectory.use { directory in
            let copy = directory.path + "/copy"
            var note = ""
            try await RunningServer.run { server in
                let code = try await server.issueCode()
                try await server.caughtUp()
                note = try await server.expect(200, "GET", "/log/checkpoint").text
                _ = try await server.activate(code.code)
                try await server.caughtUp()
                try FileManager.default.copyItem(atPath: server.directory, toPath: copy)
            }
            // The files may be older than the database says, and half-written ones may lie about.
            try Data(note.utf8).write(to: URL(filePath: copy + "/log/checkpoint"))
            try Data("half".utf8).write(to: URL(filePath: copy + "/log/.checkpoint.tmp"))
            try await RunningServer.run(in: copy) { server in
                try await server.expectContinues(note)
                _ = try await server.operatorToken()
                try await server.caughtUp()
                try await server.expectContinues(note)
            }
        }
    }

    @Test("Of two sequencers on one log the second stops, and the log stays whole")
    func twoSequencers() async throws {
        try await TemporaryDirectory.use { directory in
            let log = try TwinLog(directory.path)
            let first = log.sequencer()
            let second = log.sequencer()
            try await first.resume()
            try await second.resume()
            try await log.append(3)
            #expect(try await first.step() == 3)
            await #expect(throws: Sequencer.Fatal.anotherSequencer) { try await second.step() }
            try await log.append(300)
            while try await first.step() > 0 {}
            #expect(first.latest?.head.size == 303)
            #expect(try await log.verify().holds)
        }
    }

    @Test("A sequencer does not go on when the database has fewer entries than were signed")
    func lostEntries() async throws {
        try await TemporaryDirectory.use { directory in
            let log = try TwinLog(directory.path)
            let first = log.sequencer()
            try await first.resume()
            try await log.append(5)
            #expect(try await first.step() == 5)
            _ = try await log.store.write { try $0.run("DELETE FROM entries WHERE row > 3") }
            await #expect(throws: Sequencer.Fatal.ahead(of: 3)) { try await log.sequencer().resume() }
        }
    }

    @Test("A checkpoint of this tree's past is continued at every size", .timeLimit(.minutes(10)))
    func everyStep() async throws {
        try await TemporaryDirectory.use { directory in
            let log = try TwinLog(directory.path)
            let sequencer = log.sequencer()
            try await sequencer.resume()
            var notes: [String] = []
            for count in [1, 1, 2, 251, 1, 1, 255, 256, 257] {
                try await log.append(count)
                while try await sequencer.step() > 0 {}
                notes.append(try #require(sequencer.latest).note)
                for note in notes { #expect(try await log.verify(since: note).holds) }
            }
            #expect(sequencer.latest?.head.size == 1025)
        }
    }

    @Test("What was answered is covered by a checkpoint soon after", .timeLimit(.minutes(10)))
    func lag() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode()
            _ = try await server.activate(code.code)
            var best = Duration.seconds(60)
            // The machine runs all tests at once, so that one of many has to be as quick as all are on a quiet one.
            for _ in 0..<200 where best >= .milliseconds(200) {
                let answer = try await server.validate(code.code)
                let index = try #require(answer["log_index"]?.integer)
                let begin = ContinuousClock.now
                while server.logSize <= index { try await Task.sleep(for: .milliseconds(2)) }
                best = min(best, begin.duration(to: .now))
            }
            #expect(best < .milliseconds(200))
        }
    }

    @Test("When nothing happens a heartbeat shows that the log lives", .timeLimit(.minutes(10)))
    func heartbeat() async throws {
        try await RunningServer.run { server in
            _ = try await server.operatorToken()
            try await server.caughtUp()
            let before = try await server.expect(200, "GET", "/log/checkpoint").text
            server.clock.advance(seconds: 601)
            while try await server.entries(event: "log.heartbeat").isEmpty {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await server.caughtUp()
            let after = try await server.expect(200, "GET", "/log/checkpoint").text
            #expect(after != before)
            try await server.expectContinues(before)
            try await Task.sleep(for: .milliseconds(700))
            #expect(try await server.entries(event: "log.heartbeat").count == 1)
        }
    }

    @Test("A proof shows offline that an entry stands in the log, and no other")
    func proofs() async throws {
        try await RunningServer.run { server in
            for _ in 0..<4 { _ = try await server.issueCode() }
            let size = try await server.caughtUp()
            let key = try NoteVerifierKey(
                try await server.expect(200, "GET", "/log/verifier.key").text.trimmingCharacters(
                    in: .newlines))
            for index in 0..<size {
                let text = try await server.expect(200, "GET", "/v1/audit/entries/\(index)/proof").text
                let proof = try LogProof(parsing: text)
                #expect(proof.index == index)
                let leaf = MerkleTree.leafHash(try await server.leaf(index))
                #expect(try proof.verified(leaf: leaf, by: [key]).head.size >= size)
                let other = MerkleTree.leafHash(try await server.leaf((index + 1) % size))
                #expect(throws: LogProofError.notIncluded) { try proof.verified(leaf: other, by: [key]) }
            }
            let future = try await server.request("GET", "/v1/audit/entries/100000/proof")
            #expect(
                future.status == 404 && future.code == "not_sequenced" && future.header("retry-after") != nil)
        }
    }

    @Test("An outsider verifies the whole log over HTTP with an auditor's token, and the hashes with none")
    func overHTTP() async throws {
        try await RunningServer.run { server in
            for _ in 0..<3 { _ = try await server.issueCode() }
            let size = try await server.caughtUp()
            let key = try NoteVerifierKey(server.server.verifierKey)
            let address = try ServerAddress("http://127.0.0.1:\(server.port)")
            let auditor = try APIConnection(address, token: try await server.token(of: .auditor))
            let report = try await LogVerifier(key: key, reader: HTTPTiles(auditor)).verify()
            #expect(report.holds && report.entriesChecked >= size, "\(report.findings)")
            let anybody = try APIConnection(address)
            let hashes = try await LogVerifier(key: key, reader: HTTPTiles(anybody)).verify(
                withEntries: false)
            #expect(hashes.holds, "\(hashes.findings)")
            #expect(try await server.request("GET", "/log/tile/0/../../../hufu.db").status != 200)
            #expect(try await server.request("GET", "/log/tile/0/..%2f..%2f..%2fhufu.db").status != 200)
        }
    }
}

/// A store and a log directory that two sequencers share, as two servers must never.
private struct TwinLog: Sendable {
    let store: Store
    private let directory: String
    private let signer: NoteSigner

    init(_ path: String) throws {
        store = try Store(path: path + "/hufu.db")
        directory = path + "/log"
        signer = NoteSigner(name: "twin.test/log", key: Curve25519.Signing.PrivateKey())
    }

    func sequencer() -> Sequencer {
        Sequencer(
            store: store, configuration: .init(directory: directory, origin: "twin.test/log"), signer: signer,
            clock: Server.systemClock, logger: CapturedLog().logger)
    }

    func append(_ count: Int) async throws {
        try await store.write { transaction in
            for _ in 0..<count {
                let number = try transaction.entryCount()
                let entry = AuditEntry(
                    unixNanoseconds: Server.systemClock(), severity: 6, event: "test.happened",
                    action: "test",
                    actor: .init(kind: .system), origin: .init(door: "test"), subject: .init(kind: "test"),
                    requestID: "request-\(number)", traceID: String(repeating: "a", count: 32))
                try transaction.append(
                    Data(entry.canonicalBytes()),
                    keys: EntryKeys(
                        at: Date(), event: entry.event, outcome: "success", subjectID: nil, applicationID: nil
                    ))
            }
        }
    }

    func verify(since note: String? = nil) async throws -> LogVerifier.Report {
        try await LogVerifier(key: signer.verifierKey, reader: DirectoryTiles(directory: directory))
            .verify(since: try note.map { try SignedNote(parsing: $0) })
    }
}

extension RunningServer {
    /// The log in the directory continues the tree of an older checkpoint.
    fileprivate func expectContinues(_ note: String, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let report = try await LogVerifier(
            key: try NoteVerifierKey(server.verifierKey),
            reader: DirectoryTiles(directory: directory + "/log")
        ).verify(since: try SignedNote(parsing: note))
        #expect(report.holds, "\(report.findings)", sourceLocation: sourceLocation)
    }
}
