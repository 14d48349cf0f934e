import Foundation
import InsurancePlatform
import Testing

@Suite("Statement files")
struct StatementFileTests {
    private static let rows = [
        StatementRow(
            setlID: "S1", mdtrtID: "M1", psnNo: "P1", medfeeSumamt: ExactDecimal(cents: 12_345),
            fundPaySumamt: ExactDecimal(cents: 10_000), acctPay: .zero),
        StatementRow(
            setlID: "S1", mdtrtID: "M1", psnNo: "P1", medfeeSumamt: ExactDecimal(cents: -12_345),
            fundPaySumamt: ExactDecimal(cents: -10_000), acctPay: .zero, isRefund: true),
        StatementRow(
            setlID: "", mdtrtID: "M2", psnNo: "P2", medfeeSumamt: .zero, fundPaySumamt: .zero, acctPay: .zero),
    ]

    @Test("come back as they were written")
    func roundTrip() throws {
        let archive = try StatementFile.zip(rows: Self.rows)
        #expect(try StatementFile.rows(fromZip: archive) == Self.rows)
        #expect(try StatementFile.zip(rows: Self.rows) == archive, "the same rows make the same bytes")
        #expect(try StatementFile.rows(fromZip: StatementFile.zip(rows: [])).isEmpty)
        let differences = [
            StatementDifference(
                psnNo: "P1", mdtrtID: "M1", setlID: "S1", msgid: FsiSamples.msgid, stmtRslt: "1", memo: "平台多出"
            )
        ]
        let read = try StatementFile.differences(fromZip: StatementFile.zip(differences: differences))
        #expect(read == differences && read.first?.result == .onlyPlatform)
    }

    @Test("can be read by other programs, and theirs by us")
    func outside() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ours = folder.appending(path: "ours.zip")
        let theirs = folder.appending(path: "theirs.zip")
        try Data(StatementFile.zip(rows: Self.rows)).write(to: ours)
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as z:
                assert z.testzip() is None
                text = z.read(z.namelist()[0]).decode("utf-8")
            lines = text.splitlines()
            assert lines[0].split("\\t") == ["S1", "M1", "P1", "123.45", "100.00", "0.00", "0"], lines
            assert lines[2].startswith("null\\tM2"), lines
            for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                with zipfile.ZipFile(sys.argv[2], "w", method) as z:
                    z.comment = b"a comment"
                    z.writestr("对账.txt", text.replace("\\n", "\\r\\n"))
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, ours.path, theirs.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try StatementFile.rows(fromZip: Array(Data(contentsOf: theirs))) == Self.rows)
    }

    @Test("refuse values that would break their lines", arguments: ["a\tb", "a\nb", "a\rb", "\0", "null"])
    func values(value: String) {
        var row = Self.rows[0]
        row.setlID = value
        #expect(throws: FsiError.self) { try StatementFile.zip(rows: [row]) }
    }

    @Test("that are cut off or altered are refused, and nothing traps")
    func damaged() throws {
        let archive = try StatementFile.zip(rows: Self.rows)
        for length in 0..<archive.count {
            #expect(throws: FsiError.self) { try StatementFile.rows(fromZip: Array(archive.prefix(length))) }
        }
        var refused = 0
        for place in archive.indices {
            for bit in [0x01, 0x80] as [UInt8] {
                var altered = archive
                altered[place] ^= bit
                guard let rows = try? StatementFile.rows(fromZip: altered) else {
                    refused += 1
                    continue
                }
                #expect(rows == Self.rows, "an altered byte at \(place) went unnoticed")
            }
        }
        #expect(refused > archive.count)
    }

    @Test("that would burst are refused before they are expanded")
    func bomb() throws {
        var archive = try StatementFile.zip(rows: Self.rows)
        let directory = archive.count - 22 - 46 - StatementFile.entryName.utf8.count
        // The directory claims 4 GB.
        for place in directory + 24..<directory + 28 { archive[place] = 0xFF }
        #expect { try StatementFile.rows(fromZip: archive) } throws: { ($0 as? FsiError)?.code == .tooLarge }
        // The directory claims less than there is.
        for place in directory + 24..<directory + 28 { archive[place] = 0 }
        archive[directory + 24] = 5
        #expect { try StatementFile.rows(fromZip: archive) } throws: {
            ($0 as? FsiError)?.code == .invalidFile
        }
    }
}
