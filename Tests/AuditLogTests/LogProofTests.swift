import AuditLog
import Foundation
import Testing

@Suite("Offline receipts") struct LogProofTests {
    private let log: TestLog
    private let note: SignedNote

    init() throws {
        log = try TestLog(size: 300)
        note = try TestLog.note(log.builder.head)
    }

    private func proof(_ index: Int, extra: Data? = nil) async throws -> LogProof {
        let path = try await Proof.inclusion(of: index, in: log.builder.head, reader: log.tiles)
        return LogProof(index: index, path: path, checkpoint: note.encoded, extra: extra)
    }

    @Test("a receipt reads back and proves its entry alone", arguments: [0, 17, 255, 256, 299])
    func roundTrip(index: Int) async throws {
        let proof = try await proof(index)
        #expect(try LogProof(parsing: proof.encoded) == proof)
        let keys = [TestLog.signer.verifierKey]
        let leaf = MerkleTree.leafHash(TestLog.entry(index).canonicalBytes())
        #expect(try proof.verified(leaf: leaf, by: keys).head == log.builder.head)
        let other = MerkleTree.leafHash(TestLog.entry(index + 1).canonicalBytes())
        #expect(throws: LogProofError.notIncluded) { try proof.verified(leaf: other, by: keys) }
        #expect(throws: NoteError.noKnownSignature) { try proof.verified(leaf: leaf, by: []) }
    }

    @Test("the text is that of c2sp.org/tlog-proof@v1")
    func text() async throws {
        let proof = try await proof(299, extra: Data("more".utf8))
        var lines = ["c2sp.org/tlog-proof@v1", "extra bW9yZQ==", "index 299"] + proof.path.map { $0.base64 }
        lines.append("")
        #expect(proof.encoded == lines.joined(separator: "\n") + "\n" + note.encoded)
        #expect(try LogProof(parsing: proof.encoded).extra == Data("more".utf8))
    }

    @Test("what is no receipt is refused")
    func refused() async throws {
        let text = try await proof(17).encoded
        let broken = [
            "", "\n\n", text.replacing("@v1", with: "@v2"), text.replacing("index 17", with: "index 017"),
            text.replacing("index 17", with: "index -1"), text.replacing("index 17\n", with: ""),
            text.replacing("index 17", with: "extra \nindex 17"),
            text.replacing("index 17", with: "extra !\nindex 17"),
            text.replacing("index 17", with: "index 17\nAAAA"), String(text.dropLast()),
            text.replacing("\n\n\(TestLog.origin)", with: "\n\(TestLog.origin)"), " " + text,
            text.replacing(
                "index 17",
                with: "index 17\n"
                    + String(repeating: note.text.split(separator: "\n")[2] + "\n", count: 64).dropLast()),
        ]
        for text in broken {
            #expect(throws: (any Error).self, "\(text.prefix(80))") { try LogProof(parsing: text) }
        }
    }
}
