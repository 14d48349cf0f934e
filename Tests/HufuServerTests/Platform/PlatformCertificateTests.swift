import AuditLog
import Foundation
import HufuServer
import InsurancePlatform
import PlatformSimulator
import Testing

@Suite("The client's certificate at the platform", .timeLimit(.minutes(10)))
struct PlatformCertificateTests {
    /// A server whose certificate, key and roots lie in `live`, and the sandbox that issues certificates.
    private struct Scene: Sendable {
        let stage: PlatformStage
        let folder: TLSFolder
        let query: PersonQuery

        /// Sends a call, and tells which certificate it came with.
        func name() async throws -> String? {
            let call = stage.call(query)
            let answer = try await stage.send(call)
            guard answer.status == 200 else { throw UnexpectedAnswer(request: call.infno, answer: answer) }
            return try name(msgid: call.msgid)
        }

        func name(msgid: String) throws -> String? {
            let record = try stage.host.sandbox.traffic().first { $0.msgid == msgid }
            let detail = record?.checks.first { $0.name == "tls" }?.detail
            return detail?.split(separator: "=").last.map(String.init)
        }

        /// Waits until the server's log has said something so many times.
        func logged(_ text: String, times: Int = 1) async throws {
            while stage.server.log.text.components(separatedBy: text).count <= times {
                try await Task.sleep(for: .milliseconds(50))
            }
        }

        func replaced(times: Int) async throws {
            try await logged("the platform's certificates were replaced", times: times)
        }

        func days() async throws -> Int? {
            let text = try await stage.server.expect(200, "GET", "/metrics").text
            return text.firstMatch(of: /hufu_platform_certificate_days{file="client"} (-?\d+)/).flatMap {
                Int($0.1)
            }
        }
    }

    /// - Parameters:
    ///   - days: for how long each certificate holds.
    ///   - prepare: puts the first files into `live`.
    private static func run(
        _ names: [String], days: Int = 400, prepare: (TLSFolder, _ authority: String) throws -> Void,
        _ scenario: (Scene) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.use { directory in
            let folder = TLSFolder(path: directory.path)
            try await PlatformStage.run { settings, host in
                let authority = host.addresses.files.authority
                for name in names {
                    try await folder.make(
                        client: name, days: days, authority: authority,
                        authorityKey: (authority as NSString).deletingLastPathComponent + "/ca.key.pem")
                }
                try prepare(folder, authority)
                settings["tls"] = [
                    "roots": [.string(folder.file("live/ca.crt"))],
                    "certificate": .string(folder.file("live/tls.crt")),
                    "key": .string(folder.file("live/tls.key")),
                ]
                settings["timeouts"] = ["connect_seconds": 30, "call_seconds": 60]
            } _: { stage in
                let person = try await stage.host.patient()
                let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
                try await scenario(Scene(stage: stage, folder: folder, query: query))
            }
        }
    }

    @Test("A volume that is swapped under a settlement: that ends well, and the next call has the new pair")
    func swapped() async throws {
        try await Self.run(["first", "second"]) { folder, authority in
            for (volume, name) in [("live/..1", "first"), ("live/..2", "second")] {
                try folder.put(certificate: name, key: name, in: volume)
                try folder.put(authority, as: volume + "/ca.crt")
            }
            try folder.point("live/..data", to: "..1")
            for name in ["tls.crt", "tls.key", "ca.crt"] {
                try folder.point("live/\(name)", to: "..data/\(name)")
            }
        } _: { scene in
            #expect(try await scene.name() == "first")
            let settlement = scene.stage.call(
                Settlement(try await scene.stage.visit(scene.stage.host.patient())))
            let sandbox = try scene.stage.host.sandbox
            try sandbox.setFaults([Fault(.delay, infno: "2207", count: 1, milliseconds: 10_000)])
            async let held = scene.stage.send(settlement)
            while sandbox.struckCount(of: .delay) == 0 { try await Task.sleep(for: .milliseconds(20)) }

            try scene.folder.point("live/..data", to: "..2")
            try await scene.replaced(times: 1)
            try FileManager.default.removeItem(atPath: scene.folder.file("live/..1"))
            #expect(try await scene.name() == "second")
            #expect(try scene.stage.host.arrivals(msgid: settlement.msgid) == 0, "it is held still")
            let answer = try await held
            #expect(answer.header("x-hufu-outcome") == "settled", "\(answer.text)")
            #expect(try scene.name(msgid: settlement.msgid) == "first")
        }
    }

    @Test("Files that are replaced one by one: a pair that doesn't match keeps the old; roots count too")
    func replaced() async throws {
        try await Self.run(["first", "second", "third"]) { folder, authority in
            try folder.put(certificate: "first", key: "first", in: "live")
            try folder.put(authority, as: "live/ca.crt")
        } _: { scene in
            #expect(try await scene.name() == "first")
            try scene.folder.put(certificate: "second", key: "third", in: "live")
            try await scene.logged("key_mismatch")
            #expect(try await scene.name() == "first")
            try scene.folder.put(certificate: "second", key: "second", in: "live")
            try await scene.replaced(times: 1)
            #expect(try await scene.name() == "second")

            // Roots that didn't issue what the platform shows: nothing is sent to it any more.
            try await scene.folder.make("stranger")
            try scene.folder.put(scene.folder.file("stranger.pem"), as: "live/ca.crt")
            try await scene.replaced(times: 2)
            let refused = try await scene.stage.send(scene.stage.call(scene.query))
            #expect(refused.status == 502 && refused.code == "tls_failed", "\(refused.text)")
            try scene.folder.put(scene.stage.host.addresses.files.authority, as: "live/ca.crt")
            try await scene.replaced(times: 3)
            #expect(try await scene.name() == "second")
        }
    }

    @Test("From 30 days before its end a certificate is warned of, and the metric tells the days")
    func ending() async throws {
        try await Self.run(["first"], days: 20) { folder, authority in
            try folder.put(certificate: "first", key: "first", in: "live")
            try folder.put(authority, as: "live/ca.crt")
        } _: { scene in
            #expect(try await scene.days() == 19)
            try await scene.logged("warning the platform's certificates end soon")
            #expect(scene.stage.server.log.text.contains("certificate_days\": 19"))
            let files = scene.stage.host.addresses.files
            try await scene.folder.make(
                client: "next", authority: files.authority,
                authorityKey: (files.authority as NSString).deletingLastPathComponent + "/ca.key.pem")
            try scene.folder.put(certificate: "next", key: "next", in: "live")
            try await scene.replaced(times: 1)
            #expect(try await scene.days() == 399)
            #expect(try await scene.name() == "next")
        }
    }
}
