import AuditLog
import Foundation
import Testing

@Suite("Audit entries") struct AuditEntryTests {
    @Test("the embedded schema is the published one")
    func published() throws {
        let file = Vectors.repository.appending(path: "docs/formats/audit-entry.schema.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == AuditEntry.schemaText)
    }

    @Test("good entries pass, and come back the same")
    func good() throws {
        for vector in try Vectors.list("entries-good.json") {
            let json = try #require(vector["entry"])
            #expect(AuditEntry.schema.violations(json) == [], "\(vector["why"]?.string ?? "")")
            let entry = try AuditEntry(json: json)
            #expect(entry.canonicalBytes() == json.canonical())
            #expect(entry.json.canonical() == json.canonical())
            #expect(try AuditEntry(json: entry.json) == entry)
        }
    }

    @Test("bad entries are refused")
    func bad() throws {
        for vector in try Vectors.list("entries-bad.json") {
            let json = try #require(vector["entry"])
            #expect(AuditEntry.schema.violations(json) != [], "\(vector["why"]?.string ?? "")")
            #expect(throws: AuditEntryError.self) { try AuditEntry(json: json) }
        }
    }

    @Test("what no schema can say is checked too")
    func beyondTheSchema() throws {
        var json = TestLog.entry(1).json
        json["time"] = "2026-11-21T03:04:05.680Z"
        #expect(AuditEntry.schema.violations(json) == [])
        #expect(AuditEntry.violations(of: json) == ["/time: it is not unix_ns cut to milliseconds"])
        json = TestLog.entry(1).json
        json["unix_ns"] = "9999999999999999999"
        #expect(AuditEntry.violations(of: json) == ["/unix_ns: it does not fit 64 bits"])
        json = TestLog.entry(1).json
        json["data"] = ["deep": [["n": 9_007_199_254_740_992]]]
        #expect(AuditEntry.violations(of: json) == ["/: a whole number beyond ±(2^53 − 1)"])
    }

    @Test("the bytes are the canonical JSON, whatever the values")
    func canonical() throws {
        var generator = SeededGenerator(state: 42)
        let texts = ["", "plain", "a\"b\\c\n\u{1}", "密码😀", "\u{E000}", String(repeating: "x", count: 300)]
        func text() -> String { texts.randomElement(using: &generator)! }
        for _ in 0..<500 {
            var entry = AuditEntry(
                version: Int.random(in: -5...5, using: &generator),
                unixNanoseconds: Int64(truncatingIfNeeded: generator.next())
                    >> Int64.random(in: 0...40, using: &generator),
                severity: Int.random(in: 0...9, using: &generator), event: text(), action: text(),
                outcome: AuditEntry.Outcome.allCases.randomElement(using: &generator)!,
                actor: .init(kind: AuditEntry.ActorKind.allCases.randomElement(using: &generator)!),
                origin: .init(door: text()), subject: .init(kind: text()), requestID: text(), traceID: text())
            if Bool.random(using: &generator) { entry.reason = text() }
            if Bool.random(using: &generator) { entry.actor.id = text() }
            if Bool.random(using: &generator) { entry.subject.id = text() }
            if Bool.random(using: &generator) { entry.serialNumber = text() }
            if Bool.random(using: &generator) { entry.applicationID = UUID() }
            if Bool.random(using: &generator) { entry.policyReferences = [text(), text()] }
            if Bool.random(using: &generator) {
                entry.data = ["z": 1.5, "a": [nil, true, .string(text())], "m": ["b": [], "a": [:]]]
                entry.commitments = [
                    "b": Data([1]), "a": Data(), "\u{10000}": Data([1, 2]), "\u{E000}": Data([9, 8, 7]),
                ]
            }
            #expect(entry.canonicalBytes() == entry.json.canonical())
        }
    }

    @Test("an entry beyond 65,535 bytes is refused")
    func tooLarge() throws {
        var entry = TestLog.entry(0)
        entry.data = ["x": ""]
        let room = AuditEntry.maximumSize - entry.canonicalBytes().count
        entry.data = ["x": .string(String(repeating: "x", count: room))]
        #expect(try entry.checkedBytes().count == 65_535)
        entry.data = ["x": .string(String(repeating: "x", count: room + 1))]
        #expect(throws: EntryTooLarge(size: 65_536)) { try entry.checkedBytes() }
    }

    @Test("a commitment opens with its salt and value, and with nothing else")
    func commitments() {
        let salt = Data(repeating: 5, count: 32)
        let commitment = Commitment.make("13812345678", salt: salt)
        #expect(commitment.count == 32)
        #expect(Commitment.verify("13812345678", salt: salt, commitment: commitment))
        #expect(!Commitment.verify("13812345679", salt: salt, commitment: commitment))
        #expect(
            !Commitment.verify("13812345678", salt: Data(repeating: 6, count: 32), commitment: commitment))
        #expect(!Commitment.verify("13812345678", salt: salt, commitment: commitment.dropLast()))
        #expect(
            Commitment.make(["b": 1, "a": 2], salt: salt) == Commitment.make(["a": 2.0, "b": 1], salt: salt))
    }

    @Test("a commitment is HMAC-SHA256 over the canonical JSON")
    func commitmentVector() {
        // Computed with another implementation: hmac.new(bytes(range(32)), b'"192.0.2.1"', "sha256").
        let commitment = Commitment.make("192.0.2.1", salt: Data(0..<32))
        #expect(
            Array(commitment)
                == [UInt8](hexadecimal: "5a199ad193cee0162712a88317e7445637fbb12917d9db99b125f2c549858e3e"))
    }
}

@Suite("The documents") struct DocumentTests {
    @Test("the example entry has the leaf hash that stands beside it")
    func example() throws {
        let file = Vectors.repository.appending(path: "docs/formats/audit-entry.md")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let example = try #require(lines.first { $0.hasPrefix(#"{"action""#) })
        let entry = try AuditEntry(json: JSON(parsing: example))
        #expect(entry.canonicalBytes() == Array(example.utf8))
        let hash = MerkleTree.leafHash(entry.canonicalBytes())
        #expect(lines.contains(Substring(hash.base64)))
        let digits = hash.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(lines.contains(Substring(digits)))
    }
}
