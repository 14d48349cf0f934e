import ActivationClient
import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("The server's own certificate", .timeLimit(.minutes(10)))
struct ServerCertificateTests {
    /// A server that looks at its files all the time, and a client that trusts every certificate of the test.
    private struct Scene: Sendable {
        let server: RunningServer
        let folder: TLSFolder
        let roots: String
        let client: APIConnection

        func connect() throws -> OpenSSLClient {
            try OpenSSLClient(port: server.port, roots: roots, in: folder)
        }

        /// Waits until new connections are shown a certificate.
        func shown(_ name: String) async throws {
            while try await connect().name() != name { try await Task.sleep(for: .milliseconds(50)) }
        }

        func state() async throws -> (isReady: Bool, certificate: String?) {
            let answer = try await client.send(.get, "/readyz")
            return (answer.status == 200, try answer.json()["checks"]?["certificate"]?.string)
        }

        /// Waits until /readyz tells this of the certificate.
        func told(_ state: String) async throws {
            while try await self.state().certificate != state {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await self.state().isReady)
        }

        /// What the log says of an end that is near.
        var warnings: [Substring] {
            server.log.text.split(separator: "\n").filter {
                $0.hasPrefix("warning ") && $0.contains("the server's TLS files end soon")
            }
        }

        func metric(_ name: String) async throws -> Int? {
            let text = try await client.send(.get, "/metrics").text
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return line.flatMap { Int($0.dropFirst(name.utf8.count + 1)) }
        }
    }

    /// - Parameter clock: is made once the certificates are: they hold from that second on.
    private static func run(
        _ names: [String], days: Int = 400, clock: @autoclosure () -> TestClock = TestClock(),
        prepare: (TLSFolder) throws -> Void, _ scenario: (Scene) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.use { directory in
            let folder = TLSFolder(path: directory.path)
            var all = Data()
            for name in names {
                try await folder.make(name, days: days)
                all += try Data(contentsOf: URL(filePath: folder.file(name + ".pem")))
            }
            let roots = folder.file("roots.pem")
            try all.write(to: URL(filePath: roots))
            try prepare(folder)
            try await RunningServer.run(clock: clock(), checksLog: false) {
                $0.tls = .init(
                    certificateFile: folder.file("live/tls.crt"), keyFile: folder.file("live/tls.key"))
                $0.certificateInterval = .milliseconds(50)
            } scenario: { server in
                let address = try ServerAddress("https://127.0.0.1:\(server.port)")
                let client = try APIConnection(address, trustedCAFile: roots)
                try await scenario(Scene(server: server, folder: folder, roots: roots, client: client))
            }
        }
    }

    @Test("New files are taken for new connections, those that stand go on, and a broken pair keeps the old")
    func replaced() async throws {
        try await Self.run(["first", "second", "third"]) {
            try $0.put(certificate: "first", key: "first", in: "live")
        } _: { scene in
            let standing = try scene.connect()
            #expect(try await standing.name() == "first")
            try await standing.get("/livez")
            #expect(try await scene.metric("hufu_server_certificate_days") == 399)
            #expect(try await scene.metric("hufu_server_certificate_generation") == 1)

            try scene.folder.put(certificate: "second", key: "second", in: "live")
            try await scene.shown("second")
            try await standing.get("/livez")
            #expect(try await standing.name() == "first")

            // A certificate whose key has not come yet, and then never comes.
            try scene.folder.put(certificate: "third", key: "second", in: "live")
            try await scene.told("key_mismatch")
            #expect(try await scene.metric("hufu_server_certificate_refused") == 1)
            #expect(try await scene.connect().name() == "second")
            try Data("no certificate".utf8).write(to: URL(filePath: scene.folder.file("live/tls.crt")))
            try await scene.told("no_certificate_in_file")
            try FileManager.default.removeItem(atPath: scene.folder.file("live/tls.crt"))
            try await scene.told("unreadable_file")
            #expect(try await scene.connect().name() == "second")
            try await standing.get("/livez")

            try scene.folder.put(certificate: "third", key: "third", in: "live")
            try await scene.shown("third")
            try await scene.told("ok")
            #expect(try await scene.metric("hufu_server_certificate_refused") == 0)
            #expect(scene.server.log.text.contains("key_mismatch"))
            try await standing.get("/livez")
        }
    }

    @Test("A mounted volume that is swapped by its symbolic link is followed")
    func swapped() async throws {
        try await Self.run(["first", "second"]) { folder in
            try folder.put(certificate: "first", key: "first", in: "live/..1")
            try folder.put(certificate: "second", key: "second", in: "live/..2")
            try folder.point("live/..data", to: "..1")
            for name in ["tls.crt", "tls.key"] { try folder.point("live/\(name)", to: "..data/\(name)") }
        } _: { scene in
            let standing = try scene.connect()
            #expect(try await standing.name() == "first")
            try scene.folder.point("live/..data", to: "..2")
            try await scene.shown("second")
            try FileManager.default.removeItem(atPath: scene.folder.file("live/..1"))
            try await standing.get("/livez")
            try await scene.told("ok")
        }
    }

    @Test("From 30 days before its end a certificate is warned of, once a day")
    func ending() async throws {
        try await Self.run(["first"], days: 31, clock: .frozen) {
            try $0.put(certificate: "first", key: "first", in: "live")
        } _: { scene in
            let days = "hufu_server_certificate_days"
            #expect(try await scene.metric(days) == 30)
            #expect(scene.warnings.isEmpty)
            for left in [29, 28] {
                scene.server.clock.advance(seconds: TestClock.day)
                #expect(try await scene.metric(days) == left)
                while scene.warnings.count < 30 - left { try await Task.sleep(for: .milliseconds(50)) }
                #expect(scene.warnings.last?.contains("certificate_days\": \(left)") == true)
            }
            #expect(scene.warnings.count == 2)
        }
    }

    @Test("A server doesn't start with a key of another certificate, and says so")
    func mismatch() async throws {
        await #expect {
            try await Self.run(["first", "second"]) {
                try $0.put(certificate: "first", key: "second", in: "live")
            } _: { _ in
            }
        } throws: { "\($0)".contains("tls-certificate") && "\($0)".contains("key_mismatch") }
    }
}
