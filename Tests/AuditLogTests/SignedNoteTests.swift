import AuditLog
import Crypto
import Foundation
import Testing

@Suite("Signed notes and checkpoints") struct SignedNoteTests {
    private let vectors: JSON
    private let key: NoteVerifierKey
    private let note: String

    init() throws {
        vectors = try Vectors.json("notes.json")
        key = try NoteVerifierKey(#require(vectors["vkey"]?.string))
        note = try #require(vectors["note"]?.string)
    }

    @Test("the specification's key verifies its example")
    func example() throws {
        #expect(key.name == "example.com/foo" && key.keyID == 0x530d_903a)
        #expect(key.text == vectors["vkey"]?.string)
        let parsed = try SignedNote(parsing: note)
        #expect(parsed.encoded == note && parsed.text == "This is an example message.\n")
        #expect(try parsed.verified(by: [key]) == ["example.com/foo"])
    }

    @Test("a changed text is refused, and so is a note without a known key")
    func refusal() throws {
        let changed = try SignedNote(parsing: note.replacing("example message", with: "example massage"))
        #expect(throws: NoteError.badSignature("example.com/foo")) { try changed.verified(by: [key]) }
        let parsed = try SignedNote(parsing: note)
        #expect(throws: NoteError.noKnownSignature) { try parsed.verified(by: [TestLog.signer.verifierKey]) }
        #expect(throws: NoteError.noKnownSignature) { try parsed.verified(by: []) }
    }

    @Test("unknown signatures are passed over, a wrong one of a known key is not")
    func several() throws {
        let other = NoteSigner(name: "witness.example", key: .init())
        let twice = try SignedNote.sign("text\n\nmore\n", by: [other, TestLog.signer])
        #expect(try SignedNote(parsing: twice.encoded) == twice)
        #expect(try twice.verified(by: [TestLog.signer.verifierKey]) == [TestLog.origin])
        #expect(try twice.verified(by: [TestLog.signer.verifierKey, other.verifierKey]).count == 2)
        // The same name with another key is another key.
        let namesake = NoteSigner(name: TestLog.origin, key: .init())
        #expect(throws: NoteError.noKnownSignature) { try twice.verified(by: [namesake.verifierKey]) }
        let line = try #require(twice.encoded.split(separator: "\n").last)
        let mixed = try SignedNote(parsing: "text\n\n" + line + "\n")
        #expect(throws: NoteError.badSignature(TestLog.origin)) {
            try mixed.verified(by: [TestLog.signer.verifierKey])
        }
    }

    @Test("sixteen signatures are read, a thousand are not")
    func count() throws {
        let sixteen = try SignedNote.sign("x\n", by: (0..<16).map { .init(name: "k\($0)", key: .init()) })
        #expect(try SignedNote(parsing: sixteen.encoded).signatures.count == 16)
        let line = "\u{2014} k AAAAAAA=\n"
        #expect(throws: NoteError.self) {
            try SignedNote(parsing: "x\n\n" + String(repeating: line, count: 1000))
        }
    }

    @Test(
        "what is no note is refused",
        arguments: [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n\n- k AAAAAAA=\n", "text\n\n\u{2014} k AAAAAAA=",
            "text\n\n\u{2014} k  AAAAAAA=\n", "text\n\n\u{2014}  AAAAAAA=\n",
            "text\n\n\u{2014} k+k AAAAAAA=\n",
            "text\n\n\u{2014} k\u{00A0}k AAAAAAA=\n", "text\n\n\u{2014} k AAAA\n",
            "text\n\n\u{2014} k AAAAAAB=\n",
            "text\n\n\u{2014} k AAAAAAA\n", "te\txt\n\n\u{2014} k AAAAAAA=\n",
            "te\rxt\n\n\u{2014} k AAAAAAA=\n",
            "text\n\n\u{2014} k AAAAAAA=\nmore\n", "text\n\u{2014} k AAAAAAA=\n", "\n\u{2014} k AAAAAAA=\n",
        ])
    func refused(note: String) {
        #expect(throws: NoteError.self) { try SignedNote(parsing: note) }
    }

    @Test("no text is signed that a reader would take otherwise", arguments: ["", "no line feed", "a\tb\n"])
    func unsignable(text: String) {
        #expect(throws: NoteError.self) { try SignedNote.sign(text, by: [TestLog.signer]) }
    }

    @Test("what is no Ed25519 verifier key is refused")
    func keys() throws {
        let text = try #require(vectors["vkey"]?.string)
        let broken = [
            "", "+", "++", "a+b+c", text + "\n", " " + text, text.replacing("530d903a", with: "530d903b"),
            text.replacing("530d903a", with: "530D903A"), text.replacing("530d903a", with: "0530d903a"),
            text.replacing("/foo", with: "/fo"), text.replacing("foo+", with: "fo o+"),
            String(text.dropLast(4)),
            text.replacing("AekyeRrm", with: "AukyeRrm"), text + "=",
            String(text.dropFirst("example.com/foo".count)),
        ]
        for text in broken { #expect(throws: NoteError.self, "\(text)") { try NoteVerifierKey(text) } }
        #expect(throws: NoteError.self) { try NoteVerifierKey(name: "k", publicKey: Data(count: 31)) }
        #expect(throws: NoteError.self) { try NoteVerifierKey(name: "", publicKey: Data(count: 32)) }
    }

    @Test("checkpoints read back, and the specification's example is one")
    func checkpoints() throws {
        let published = try SignedNote(parsing: #require(vectors["checkpoint"]?.string))
        let checkpoint = try Checkpoint(text: published.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa" && checkpoint.head.size == 20_852_163)
        #expect(checkpoint.text == published.text)
        let extended = Checkpoint(origin: "o", head: .empty, extensions: ["one", "two"])
        #expect(try Checkpoint(text: extended.text) == extended)
    }

    @Test(
        "what is no checkpoint is refused",
        arguments: [
            "", "\n", "o\n0\n", "o\n0\nROOT", "\n0\nROOT\n", "o\n00\nROOT\n", "o\n-1\nROOT\n",
            "o\n+1\nROOT\n", "o\n1 \nROOT\n",
            "o\n9223372036854775808\nROOT\n", "o\n1\nAAAA\n", "o\n1\nROOT\n\n", "o\n1\nROOT\n\nx\n",
            "o\n1\n ROOT\n",
        ])
    func badCheckpoints(text: String) {
        let text = text.replacing("ROOT", with: MerkleTree.emptyRoot.base64)
        #expect(throws: CheckpointError.self) { try Checkpoint(text: text) }
    }
}
