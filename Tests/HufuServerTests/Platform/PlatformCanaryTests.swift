import AuditLog
import Foundation
import InsurancePlatform
import PlatformSimulator
import Testing

@Suite("Persons at rest", .timeLimit(.minutes(10)))
struct PlatformCanaryTests {
    @Test("Whatever happens on the way, no byte on the disk and no line of the log names a person")
    func nothingInTheClear() async throws {
        try await PlatformStage.run { stage in
            let person = try await stage.host.patient()
            try await everything(stage, person)
            try await stage.server.caughtUp()
            let spellings = [person.name, person.certNo, person.cardNo, person.tokenNo, person.psnNo, "收费员"]
                .flatMap { [$0, $0.percentEncoded, $0.escaped] }
            let files = try files(below: stage.server.directory)
            #expect(
                files.contains { $0.hasSuffix("hufu.db") } && files.contains { $0.contains("/tile/entries") })
            for file in files {
                let bytes = try Data(contentsOf: URL(filePath: file))
                for value in Set(spellings) where bytes.range(of: Data(value.utf8)) != nil {
                    Issue.record("\(value) stands in \(file)")
                }
            }
            for value in Set(spellings) { #expect(!stage.server.log.text.contains(value)) }
            // They did travel.
            #expect(try await stage.host.sandbox.ledgerSettlements().contains { $0.psnNo == person.psnNo })
        }
    }

    /// Success, refusals and every kind of accident, each with the person in it.
    private func everything(_ stage: PlatformStage, _ person: SandboxPerson) async throws {
        let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
        for path in [
            "/v3/insured/status?cardNo=\(person.cardNo)", "/v3/\(person.certNo)?psnNo=\(person.psnNo)",
        ] {
            _ = try await stage.server.call(stage.device, stage.device.message(path))
        }
        _ = try await stage.carry(query)
        let request = try await stage.visit(person)
        #expect(try await stage.send(stage.call(Settlement(request))).status == 200)
        #expect(try await stage.send(stage.call(Settlement(request))).header("x-hufu-outcome") == "refused")
        var malformed = stage.call(query)
        malformed.input = [
            "data": ["mdtrt_cert_no": .string(person.certNo), "psn_name": .string(person.name)]
        ]
        _ = try await stage.send(malformed)
        _ = try await stage.transact(
            "2207", ["msgid": .string(person.name), "input": Settlement(request).input])
        _ = try await stage.transact(
            "2207",
            ["msgid": .string(stage.msgid()), "opter_type": .string(person.name), "input": ["data": [:]]])
        let kinds: [Fault.Kind] = [.halfBody, .http5xx, .dropBeforeCommit, .dropAfterCommit, .outputString]
        for kind in kinds {
            try stage.host.sandbox.setFaults([
                Fault(kind, infno: "1101", count: 1), Fault(kind, infno: "2207", count: 1),
            ])
            _ = try await stage.send(stage.call(query))
            try stage.host.sandbox.setFaults([Fault(kind, infno: "2207", count: 1)])
            let visit = try await stage.visit(person)
            _ = try await stage.send(stage.call(Settlement(visit)))
        }
        try await stage.host.takeDown()
        _ = try await stage.send(stage.call(query))
        _ = try await stage.send(stage.call(Settlement(request)))
        _ = try await stage.server.request(
            "POST", "/v1/platform/reconciliations", as: .admin, body: ["date": .string(person.certNo)])
        try await stage.host.bringBack()
    }

    private func files(below directory: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory)
        return names.map { directory + "/" + $0 }.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }
    }
}

extension String {
    fileprivate var percentEncoded: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? self
    }

    /// As JSON may write it: every character beyond ASCII as `\u` and four digits.
    fileprivate var escaped: String {
        utf16.map { unit in
            let digits = String(unit, radix: 16)
            return unit < 128
                ? String(UnicodeScalar(UInt8(unit)))
                : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
