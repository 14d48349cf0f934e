import AuditLog
import Crypto
import Foundation
import Testing

@Suite("Verifying a log from outside", .timeLimit(.minutes(10))) struct LogVerifierTests {
    private func verify(_ tiles: some TileReader, since: SignedNote? = nil, entries: Bool = true) async throws
        -> LogVerifier.Report
    {
        try await LogVerifier(key: TestLog.signer.verifierKey, reader: tiles)
            .verify(since: since, withEntries: entries, progress: nil)
    }

    @Test("a log holds", arguments: [0, 1, 2, 255, 256, 257, 600])
    func holds(size: Int) async throws {
        let log = try TestLog(size: size)
        let report = try await verify(log.tiles)
        #expect(report.holds && report.findings == [] && report.entriesChecked == size)
        #expect(report.checkpoint?.head == log.builder.head)
        let tilesOnly = try await verify(log.tiles, entries: false)
        #expect(tilesOnly.holds && tilesOnly.entriesChecked == 0)
    }

    @Test("a log of 66,000 holds by its tiles, and a tile altered deep within is named")
    func large() async throws {
        var log = try TestLog()
        for start in stride(from: 0, to: 66_000, by: 6000) {
            try log.grow((start..<(start + 6000)).map { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 9)] })
        }
        try log.publish()
        #expect(try await verify(log.tiles, entries: false).holds)
        log.tiles["tile/0/003"]?[100] ^= 1
        let report = try await verify(log.tiles, entries: false)
        #expect(report.findings.map { $0.index } == [768])
        #expect(report.findings.first?.explanation.contains("tile/1/000") == true)
    }

    @Test("one altered byte in a bundle names its entry", arguments: [0, 3, 255, 256, 299])
    func alteredEntry(index: Int) async throws {
        let log = try TestLog(size: 300)
        let path = index < 256 ? "tile/entries/000" : "tile/entries/001.p/44"
        var entries = try EntryBundle.decode(#require(log.tiles[path]))
        entries[index % 256][40] ^= 1
        log.tiles[path] = EntryBundle.encode(entries)
        let report = try await verify(log.tiles)
        let finding = try #require(report.findings.first)
        #expect(!report.holds && report.findings.count == 1)
        #expect(finding.index == index && finding.verdict == .altered)
        #expect(finding.explanation.contains("entry \(index) in \(path) was altered"))
    }

    @Test("any altered byte of any file is found")
    func anyByte() async throws {
        let log = try TestLog(size: 300)
        var generator = SeededGenerator(state: 300)
        for path in log.tiles.paths {
            let bytes = try #require(log.tiles[path])
            for _ in 0..<8 {
                var altered = bytes
                altered[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
                log.tiles[path] = altered
                let report = try await verify(log.tiles)
                #expect(!report.holds && !report.findings.isEmpty, "\(path)")
                #expect(report.findings.allSatisfy { $0.explanation.contains(path) }, "\(report.findings)")
            }
            log.tiles[path] = bytes
        }
    }

    @Test(
        "an altered tile is told from an altered entry",
        arguments: ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"])
    func alteredTile(path: String) async throws {
        let log = try TestLog(size: 300)
        log.tiles[path]?[7] ^= 1
        let report = try await verify(log.tiles)
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1 && finding.verdict == .altered && finding.index == nil)
        #expect(
            finding.explanation.hasPrefix(path) && finding.explanation.contains("the entries themselves hold")
        )
    }

    @Test("a missing file is named, whichever it is")
    func missingFiles() async throws {
        let log = try TestLog(size: 600, batch: 600)
        for path in log.tiles.paths {
            let bytes = log.tiles[path]
            log.tiles[path] = nil
            let report = try await verify(log.tiles)
            let finding = try #require(report.findings.first)
            #expect(report.findings.count == 1 && finding.verdict == .missing)
            #expect(finding.explanation.contains(path))
            if let tile = TilePath.parse(path), tile.isBundle { #expect(finding.index == tile.index * 256) }
            log.tiles[path] = bytes
        }
    }

    @Test("a bundle with its tail cut off names the first entry that is gone")
    func truncatedBundle() async throws {
        let log = try TestLog(size: 300)
        let path = "tile/entries/001.p/44"
        let bytes = try #require(log.tiles[path])
        log.tiles[path] = bytes.dropLast(3)
        var report = try await verify(log.tiles)
        var finding = try #require(report.findings.first)
        #expect(finding.index == 299 && finding.verdict == .missing)
        log.tiles[path] = EntryBundle.encode(Array(try EntryBundle.decode(bytes).dropLast(4)))
        report = try await verify(log.tiles)
        finding = try #require(report.findings.first)
        #expect(finding.index == 296 && finding.verdict == .missing)
        log.tiles[path] = bytes + [0, 0]
        report = try await verify(log.tiles)
        finding = try #require(report.findings.first)
        #expect(finding.index == nil && finding.verdict == .altered)
    }

    @Test("an entry rewritten with its tile of leaves is found by the tile above, or by the root")
    func rewrittenWithTile() async throws {
        let log = try TestLog(size: 300)
        var forged = TestLog.entries(0..<300)
        forged[20] = TestLog.entry(20, action: "revoke").canonicalBytes()
        var builder = TreeBuilder()
        let files = Dictionary(uniqueKeysWithValues: builder.append(forged).map { ($0.path, $0.bytes) })
        log.tiles["tile/entries/000"] = files["tile/entries/000"]
        log.tiles["tile/0/000"] = files["tile/0/000"]
        var report = try await verify(log.tiles)
        #expect(report.findings.map { $0.index } == [0])
        #expect(report.findings.first?.explanation.contains("entries 0 to 255 were rewritten") == true)
        // All tiles rewritten: only the signature is left to contradict.
        log.tiles["tile/1/000.p/1"] = files["tile/1/000.p/1"]
        report = try await verify(log.tiles)
        #expect(report.findings.count == 1 && report.findings.first?.verdict == .altered)
        #expect(report.findings.first?.explanation.contains("\(builder.head.root)") == true)
    }

    @Test("a checkpoint by another key, of another origin, or altered is refused")
    func checkpoints() async throws {
        let log = try TestLog(size: 3)
        let text = Checkpoint(origin: TestLog.origin, head: log.builder.head).text
        let stranger = try SignedNote.sign(text, by: [.init(name: TestLog.origin, key: .init())]).encoded
        let elsewhere = try SignedNote.sign(text.replacing("hufu", with: "other"), by: [TestLog.signer])
            .encoded
        let altered = try TestLog.note(log.builder.head).encoded.replacing("\n3\n", with: "\n2\n")
        for note in [stranger, elsewhere, altered, "", "nonsense"] {
            log.tiles["checkpoint"] = Array(note.utf8)
            let report = try await verify(log.tiles)
            #expect(!report.holds && report.checkpoint == nil && report.findings.first?.verdict == .altered)
        }
    }

    @Test("a log that continues an older checkpoint holds, one that forked does not")
    func since() async throws {
        var forged = TestLog.entries(0..<600)
        forged[90] = TestLog.entry(90, action: "revoke").canonicalBytes()
        var fork = try TestLog()
        try fork.grow(forged)
        try fork.publish()
        let log = try TestLog(size: 600)
        for size in [0, 1, 90, 100, 255, 256, 300, 512, 599, 600] {
            let note = try TestLog.note(TestLog(size: size).builder.head)
            #expect(try await verify(log.tiles, since: note, entries: size == 300).holds)
            let report = try await verify(fork.tiles, since: note, entries: size == 512)
            #expect(report.holds == (size <= 90))
            guard size > 90 else { continue }
            #expect(report.findings.map { $0.index } == [0] && report.findings.first?.verdict == .altered)
            #expect(report.findings.first?.explanation.contains("entries 0 to \(size - 1)") == true)
        }
    }

    @Test("a log that is shorter than it was misses its entries")
    func shrunk() async throws {
        let note = try TestLog.note(TestLog(size: 300).builder.head)
        let report = try await verify(TestLog(size: 290).tiles, since: note)
        let finding = try #require(report.findings.first)
        #expect(finding.index == 290 && finding.verdict == .missing)
        #expect(finding.explanation.contains("entries 290 to 299 are missing"))
    }

    @Test("full tiles stand in for partial ones that were removed")
    func fullTiles() async throws {
        var log = try TestLog(size: 250)
        let old = try #require(log.tiles["checkpoint"])
        try log.grow(TestLog.entries(250..<300))
        log.tiles["checkpoint"] = old
        #expect(log.tiles["tile/0/000.p/250"] == nil)
        #expect(try await verify(log.tiles).holds)
    }

    @Test("an entry of the tree that is no audit entry is named")
    func foreignEntry() async throws {
        var entry = TestLog.entry(4).json
        entry["phone"] = "13812341234"
        let spaced = Array(TestLog.entry(5).json.canonicalText.replacing(":", with: ": ").utf8)
        var log = try TestLog(size: 4)
        try log.grow([entry.canonical(), spaced, Array("hello".utf8)])
        try log.publish()
        let report = try await verify(log.tiles)
        #expect(report.findings.map { $0.index } == [4, 5, 6])
        #expect(
            report.findings.allSatisfy { $0.explanation.contains("is in the tree, but is no audit entry") })
    }

    @Test("findings beyond a thousand are counted")
    func manyFindings() async throws {
        var log = try TestLog()
        try log.grow((0..<1200).map { _ in [0x31] })
        try log.publish()
        let report = try await verify(log.tiles)
        #expect(report.findings.count == 1000 && report.omittedFindings == 200)
    }
}
