import AuditLog
import Foundation
import Testing

/// Whatever bytes come: no crash, and what is accepted encodes to what was read.
@Suite("Mutated input", .timeLimit(.minutes(10))) struct FuzzTests {
    private func fuzz(
        _ seeds: [[UInt8]], rounds: Int = 3000, _ roundTrip: ([UInt8]) throws -> [UInt8]?
    ) {
        var generator = SeededGenerator(state: 2026)
        var accepted = 0
        for round in 0..<rounds {
            let input = round < seeds.count ? seeds[round] : generator.mutated(seeds[round % seeds.count])
            guard let output = try? roundTrip(input) else { continue }
            accepted += 1
            #expect(output == input, "\(String(decoding: input, as: UTF8.self).prefix(200))")
        }
        #expect(accepted >= seeds.count)
    }

    @Test("JSON: what parses has one canonical form")
    func json() throws {
        let seeds =
            try Vectors.list("canonical.json").compactMap { $0["input"]?.string.map { Array($0.utf8) } }
            + TestLog.entries(0..<3)
        fuzz(seeds) { input in
            let canonical = try JSON(parsing: input).canonical()
            #expect(try JSON(parsing: canonical).canonical() == canonical)
            return input
        }
    }

    @Test("entries")
    func entries() {
        fuzz(TestLog.entries(0..<4)) { input in
            let json = try JSON(parsing: input)
            guard json.canonical() == input else { return nil }
            let entry = try AuditEntry(json: json)
            // 1.0 passes for a whole number, and is not how one is written.
            return entry.canonicalBytes()
        }
    }

    @Test("signed notes and checkpoints")
    func notes() throws {
        let vectors = try Vectors.json("notes.json")
        let seeds = try ["note", "checkpoint"].map { Array(try #require(vectors[$0]?.string).utf8) }
        fuzz(seeds) { Array(try SignedNote(parsing: $0).encoded.utf8) }
        let text = Checkpoint(origin: "example.com/log", head: .init(size: 42, root: MerkleTree.emptyRoot))
            .text
        fuzz([Array(text.utf8)]) { input in
            guard let text = String(validating: input, as: UTF8.self) else { return nil }
            return Array(try Checkpoint(text: text).text.utf8)
        }
    }

    @Test("verifier keys")
    func keys() throws {
        fuzz([Array(TestLog.signer.verifierKey.text.utf8)], rounds: 2000) { input in
            guard let text = String(validating: input, as: UTF8.self) else { return nil }
            return Array(try NoteVerifierKey(text).text.utf8)
        }
    }

    @Test("receipts")
    func receipts() async throws {
        let log = try TestLog(size: 20)
        let path = try await Proof.inclusion(of: 7, in: log.builder.head, reader: log.tiles)
        let proof = LogProof(
            index: 7, path: path, checkpoint: try TestLog.note(log.builder.head).encoded, extra: Data([1, 2]))
        fuzz([Array(proof.encoded.utf8)]) { input in
            guard let text = String(validating: input, as: UTF8.self) else { return nil }
            return Array(try LogProof(parsing: text).encoded.utf8)
        }
    }

    @Test("tile paths")
    func paths() {
        let seeds = ["tile/0/x001/x234/067.p/12", "tile/entries/x001/000", "tile/63/000"].map {
            Array($0.utf8)
        }
        fuzz(seeds) { input in
            guard let text = String(validating: input, as: UTF8.self) else { return nil }
            return TilePath.parse(text).map { Array($0.path.utf8) }
        }
    }

    @Test("bundles")
    func bundles() {
        fuzz([EntryBundle.encode(TestLog.entries(0..<3)), EntryBundle.encode([[], [1], []])]) {
            EntryBundle.encode(try EntryBundle.decode($0))
        }
    }

    @Test("redaction of anything ends, and leaves no telephone number")
    func redaction() {
        let seeds = [
            "call +86 138-1234-1234 or a@b.cn, 密码：x eyJhbGciOiJFZERTQSJ9.e.s", "Authorization: Bearer x=y",
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV 110101199003071234 13812341234",
        ].map { Array($0.utf8) }
        fuzz(seeds) { input in
            let text = String(decoding: input, as: UTF8.self)
            let once = Redaction.standard.message(text)
            #expect(
                !once.split(whereSeparator: { !$0.isASCII || !($0.isLetter || $0.isNumber) }).contains(
                    "13812341234"))
            return input
        }
    }

    @Test("times")
    func times() {
        fuzz([Array("2026-11-21T03:04:05.678Z".utf8)]) { input in
            guard let milliseconds = RFC3339.unixMilliseconds(String(decoding: input, as: UTF8.self)) else {
                return nil
            }
            #expect(RFC3339.unixMilliseconds(RFC3339.string(unixMilliseconds: milliseconds)) == milliseconds)
            return input
        }
    }
}
